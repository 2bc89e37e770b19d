#!/usr/bin/env bash
# Prints what the migrations make of an empty database, as pg_dump sees it. Usage: dump-schema.sh DIR, where DIR holds a native
# TimescaleDB (see test/support/timescaledb.sh). The random key of \restrict and the versions are left out, so that equal schemas give equal text.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/.." && pwd)
timescaledb=$checkout/test/support/timescaledb.sh
dir=$1
url=$("$timescaledb" start "$dir")
name=kronicle_schema_$$

"$timescaledb" run "$dir" psql "$url" -qc "create database $name" >&2
trap '"$timescaledb" run "$dir" psql "$url" -qc "drop database $name with (force)" >&2' EXIT

DATABASE_URL="${url%/*}/$name" KRONICLE_ROLE_PREFIX=kronicle node "$checkout/server/src/cli.ts" migrate >&2
echo "-- Made by \`pnpm schema:dump\` from the files beside it; do not edit."
"$timescaledb" run "$dir" pg_dump --schema-only --no-owner --schema=kronicle --schema=series "${url%/*}/$name" |
  grep -vE '^(\\(un)?restrict|-- Dumped)' | cat -s
