#!/usr/bin/env bash
# Generates clients from the contract as a server serves it, with five tools that people use, compiles what they made, and calls the server with
# two of them. Needs Python 3.11 or later, and Java with Maven. Nothing generated is kept.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly OPENAPI_GENERATOR_VERSION=7.25.0
readonly OPENAPI_GENERATOR_SHA256=41ce4f6b07f196676439d710759fa1ced7a08066d06ff1bf314681470289efae
cache="${KRONICLE_GENERATORS_CACHE:-/var/cache/kronicle/generators}"
room="$PWD/test/generators"
work=$(mktemp -d)
server_pid=""

finish() {
  code=$?
  if [ -n "$server_pid" ]; then
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
export PATH="$cache/python/bin:$room/node_modules/.bin:$PWD/node_modules/.bin:$PATH"

# What a tool says, when it fails.
quietly() {
  local name="$1"
  shift
  echo "- $name"
  "$@" >"$work/log" 2>&1 || { cat "$work/log"; echo "$name failed"; return 1; }
}

mkdir -p "$cache"
if ! cmp -s "$room/requirements.txt" "$cache/python/requirements.txt"; then
  python3 -m venv --clear "$cache/python"
  pip install --quiet --disable-pip-version-check --requirement "$room/requirements.txt"
  cp "$room/requirements.txt" "$cache/python/"
fi
npx -y pnpm@12.21.0 --dir "$room" install --frozen-lockfile --reporter=silent
jar="$cache/openapi-generator-cli-$OPENAPI_GENERATOR_VERSION.jar"
if ! sha256sum --check --status <<<"$OPENAPI_GENERATOR_SHA256  $jar" 2>/dev/null; then
  maven=https://repo1.maven.org/maven2/org/openapitools/openapi-generator-cli
  curl -fsS --retry 3 -o "$jar" "$maven/$OPENAPI_GENERATOR_VERSION/openapi-generator-cli-$OPENAPI_GENERATOR_VERSION.jar"
  sha256sum --check --quiet <<<"$OPENAPI_GENERATOR_SHA256  $jar"
fi

KRONICLE_ADMIN_KEY=$(node -p 'require("node:crypto").randomBytes(24).toString("hex")')
export KRONICLE_ADMIN_KEY
env -u DATABASE_URL -u KRONICLE_GENERATORS_CACHE KRONICLE_PORT=0 KRONICLE_DATA_DIR=:memory: KRONICLE_VALIDATE_RESPONSES=true \
  node server/src/main.ts >"$work/server.log" 2>&1 &
server_pid=$!
for _ in $(seq 1 120); do
  KRONICLE_URL=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$work/server.log" | head -n 1)
  [ -z "$KRONICLE_URL" ] || break
  kill -0 "$server_pid" 2>/dev/null || break
  sleep 0.5
done
[ -n "$KRONICLE_URL" ] || { cat "$work/server.log"; exit 1; }
export KRONICLE_URL
contract="$work/openapi.yaml"
curl -fsS -o "$contract" "$KRONICLE_URL/openapi.yaml"

quietly "Spectral, without a warning" spectral lint --fail-severity warn --ruleset "$room/spectral.yaml" "$contract"

quietly "openapi-python-client" openapi-python-client generate --path "$contract" --output-path "$work/python"
quietly "its client calls the server" env PYTHONPATH="$work/python" python "$room/call_python.py"

cp -r "$room/go" "$work/go"
cd "$work/go"
mkdir kronicle
quietly "oapi-codegen" go tool oapi-codegen -generate types,client -package kronicle -o kronicle/kronicle.go "$contract"
quietly "its client calls the server" go run .
cd "$room"

quietly "hey-api" openapi-ts --input "$contract" --output "$work/hey-api"
quietly "orval" orval --input "$contract" --output "$work/orval/kronicle.ts" --client fetch
cp "$room/tsconfig.json" "$work/"
quietly "what both made is right by its types" tsc --project "$work"

quietly "OpenAPI Generator" java -jar "$jar" generate --input-spec "$contract" --generator-name java --output "$work/java"
quietly "its Java compiles" mvn --quiet --batch-mode --file "$work/java/pom.xml" -Dmaven.test.skip=true compile
