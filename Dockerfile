# syntax=docker/dockerfile:1
# The server, as the suite runs it: from its TypeScript source, on the same Node as the workspace.
FROM node:24.21.0-trixie-slim AS node

FROM node AS dependencies
WORKDIR /kronicle
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY openapi/package.json openapi/
COPY client/package.json client/
COPY server/package.json server/
RUN --mount=type=cache,target=/root/.cache \
    --mount=type=cache,target=/root/.local/share/pnpm \
    npx --yes pnpm@12.21.0 install --frozen-lockfile --prod --filter "@kronicle/server..."

# Swagger UI is a development dependency, of which two files are copied: here as in the package that is published.
FROM dependencies AS pages
RUN --mount=type=cache,target=/root/.cache \
    --mount=type=cache,target=/root/.local/share/pnpm \
    npx --yes pnpm@12.21.0 install --frozen-lockfile --ignore-scripts --filter "@kronicle/server"

FROM node
LABEL org.opencontainers.image.title="Kronicle" \
      org.opencontainers.image.description="Time-series measurements in TimescaleDB, behind a contract." \
      org.opencontainers.image.licenses="Apache-2.0"
# What the base image brings to install more with.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/docker-entrypoint.sh \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-v*
WORKDIR /kronicle
COPY LICENSE ./
COPY --from=dependencies /kronicle ./
COPY openapi/openapi.yaml openapi/
COPY client/src client/src
COPY migrations migrations
COPY server/src server/src
COPY --from=pages /kronicle/server/node_modules/swagger-ui-dist/swagger-ui-bundle.js server/src/service/docs/assets/swagger-ui.js
COPY --from=pages /kronicle/server/node_modules/swagger-ui-dist/swagger-ui.css server/src/service/docs/assets/

# A number, so that Kubernetes can see that it is not root. Everything belongs to root and stays read-only to this user.
USER 65532:65532
ENV NODE_ENV=production KRONICLE_HOST=0.0.0.0
EXPOSE 8000
# The base image's entry point is a shell script. Node itself is process 1, and gets the signals.
ENTRYPOINT ["node", "/kronicle/server/src/cli.ts"]
CMD ["start"]
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.KRONICLE_PORT || 8000}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
