#!/usr/bin/env bash
# Holds each package, packed as it would be published, against what has to be true of one: its entry points and its types are found, nothing
# is missing from its manifest, npm would take it as it is, and packing it again gives the same bytes. Needs `npm run build` before.
set -euo pipefail
cd "$(dirname "$0")/../.."

pnpm="pnpm@$(node -p 'require("./package.json").engines.pnpm')"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pack() {
  mkdir -p "$work/$2"
  (cd "$1" && npx -y "$pnpm" pack --config.ignore-scripts=true --pack-destination "$work/$2" >/dev/null)
}

failed=0
check() {
  printf '%s: %s\n' "$package" "$1"
  shift
  "$@" >"$work/output" 2>&1 || { cat "$work/output" && failed=1; }
}
# What npm only warns of is a fault here; that nobody is logged in is none.
publish() {
  npm publish --dry-run --loglevel warn "$1" 2>&1 | tee "$work/said"
  ! grep -v "requires you to be logged in" "$work/said" | grep -iq "warn\|error"
}

for package in openapi client server; do
  pack "$package" once
  pack "$package" twice
  tarball=$(basename "$work/once/kronicle-$package"-*.tgz)
  # Types are asked for of what programs import: not of a document, nor of a command. The client is found by CommonJS as well, which every
  # Node that it names loads ES modules from.
  case "$package" in client) found_by=(--ignore-rules cjs-resolves-to-esm) ;; *) found_by=(--profile esm-only) ;; esac
  check "entry points and types" attw "$work/once/$tarball" "${found_by[@]}" --exclude-entrypoints openapi.yaml cli
  check "manifest" publint --strict "$work/once/$tarball"
  check "npm publish" publish "$work/once/$tarball"
  check "the same bytes" cmp "$work/once/$tarball" "$work/twice/$tarball"
done
exit "$failed"
