#!/usr/bin/env bash
# Publishes the three packages, each after those that it depends on. Only the release workflow can: the provenance names it. A version that
# is there already is passed over, so that a run that broke off can be repeated.
set -euo pipefail
cd "$(dirname "$0")/../.."

pnpm="pnpm@$(node -p 'require("./package.json").engines.pnpm')"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(node -p 'require("./client/package.json").version')
# What is no plain number is for those who ask for it.
tag=$(case "$version" in *-*) echo next ;; *) echo latest ;; esac)
for package in openapi client server; do
  if [ -n "$(npm view "@kronicle/$package@$version" version 2>/dev/null)" ]; then
    echo "@kronicle/$package@$version is published already."
    continue
  fi
  (cd "$package" && npx -y "$pnpm" pack --config.ignore-scripts=true --pack-destination "$work" >/dev/null)
  # npm, and a version that knows trusted publishing: the one that comes with the pinned Node may be older.
  npx -y npm@11.19.1 publish --provenance --access public --tag "$tag" "$work/kronicle-$package-$version.tgz"
done
