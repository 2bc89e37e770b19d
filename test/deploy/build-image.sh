#!/usr/bin/env bash
# Builds the Dockerfile without a container engine (Debian, as root) and lays out in DIR what came of it: `root`, the file system, and
# `config.json`, how it is to be run. Usage: build-image.sh DIR. No registry of images is asked: where the base image is wanted, a plain
# Debian 13 stands in, with the Node of this workspace and the npm of this machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=$1
cache="${KRONICLE_NATIVE_CACHE:-/var/cache/kronicle}/image"

for tool in buildah debootstrap; do
  command -v "$tool" >/dev/null || { apt-get update -qq && apt-get install -y -qq "$tool" >/dev/null; } >&2
done
# A store of its own: what else this machine holds is not touched.
builder() { buildah --root "$cache/images" --runroot "$cache/run" "$@"; }
# All steps run in a chroot, which needs no more rights than root has in a container.
build() { builder bud --quiet --format docker --isolation chroot --network host --pull-never "$@" >&2; }

base=$(sed -n 's/^FROM \(.*\) AS node$/\1/p' Dockerfile)
if ! [ -d "$cache/debian" ]; then
  rm -rf "$cache/debian.partial"
  mkdir -p "$cache"
  debootstrap --variant=minbase trixie "$cache/debian.partial" >&2
  mv -T "$cache/debian.partial" "$cache/debian"
fi
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -a "$cache/debian/." "$stage"
mkdir -p "$stage/usr/local/lib/node_modules" "$stage/etc/ssl/certs"
cp -L node_modules/node/bin/node "$stage/usr/local/bin/node"
cp -r "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$stage/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$stage/usr/local/bin/npx"
# Packages come over the same connections as on this machine.
cp -L /etc/ssl/certs/ca-certificates.crt "$stage/etc/ssl/certs/"
build --tag "$base" --file - "$stage" <<'BASE'
FROM scratch
COPY . /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
BASE

build --tag kronicle .
container=$(builder from --pull-never kronicle)
rm -rf "$dir/root"
mkdir -p "$dir/root"
cp -a "$(builder mount "$container")/." "$dir/root"
builder inspect --type image kronicle |
  node -p 'JSON.stringify(JSON.parse(require("node:fs").readFileSync(0, "utf8")).Docker.config)' >"$dir/config.json"
builder rm "$container" >/dev/null
builder rmi --all --force >/dev/null
