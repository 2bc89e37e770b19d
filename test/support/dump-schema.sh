#!/usr/bin/env bash
# Prints what the migrations make of an empty database, as pg_dump sees it. Usage: dump-schema.sh DIR, where DIR holds a native
# TimescaleDB (see timescaledb.sh). The random key of \restrict and the versions are left out, so that equal schemas give equal text.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$1
url=$("$here/timescaledb.sh" start "$dir")
name=kronicle_schema_$$

"$here/timescaledb.sh" run "$dir" psql "$url" -qc "create database $name" >&2
trap '"$here/timescaledb.sh" run "$dir" psql "$url" -qc "drop database $name with (force)" >&2' EXIT

DATABASE_URL="${url%/*}/$name" KRONICLE_ROLE_PREFIX=kronicle node "$here/migrate.ts" >&2
echo "-- Made by \`pnpm schema:dump\` from the files beside it; do not edit."
"$here/timescaledb.sh" run "$dir" pg_dump --schema-only --no-owner --schema=kronicle --schema=series "${url%/*}/$name" |
  grep -vE '^(\\(un)?restrict|-- Dumped)' | cat -s
