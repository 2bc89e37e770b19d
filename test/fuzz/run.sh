#!/usr/bin/env bash
# Sends requests that are made up from the contract, right and wrong ones, to a server of its own, and fails on any answer that the
# contract does not allow. Arguments: about how many requests to send, and the seed that chooses them.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly SCHEMATHESIS_VERSION=4.32.5
budget="${1:-2000}"
seed="${2:-$RANDOM}"
cache="${KRONICLE_FUZZ_CACHE:-/var/cache/kronicle/schemathesis}"
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

tool="$cache/$SCHEMATHESIS_VERSION/bin/schemathesis"
if ! "$tool" --version >/dev/null 2>&1; then
  python3 -m venv --clear "$cache/$SCHEMATHESIS_VERSION"
  "$cache/$SCHEMATHESIS_VERSION/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$SCHEMATHESIS_VERSION"
fi

KRONICLE_ADMIN_KEY=$(node_modules/.bin/node -p 'require("node:crypto").randomBytes(24).toString("hex")')
export KRONICLE_ADMIN_KEY
# It turns nobody away because the machine is behind: that is no fault of an operation.
env -u DATABASE_URL -u KRONICLE_FUZZ_CACHE KRONICLE_PORT=0 KRONICLE_DATA_DIR=:memory: KRONICLE_VALIDATE_RESPONSES=true KRONICLE_MAX_DELAY_MS=0 \
  node_modules/.bin/node server/src/main.ts >"$work/server.log" 2>&1 &
server_pid=$!

url=""
for _ in $(seq 1 120); do
  url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$work/server.log" | head -n 1)
  [ -z "$url" ] || break
  kill -0 "$server_pid" 2>/dev/null || break
  sleep 0.5
done
[ -n "$url" ] || { cat "$work/server.log"; exit 1; }

# A channel that is there, so that not every request ends in a 404; hooks.py keeps it.
node_modules/.bin/node --input-type=module - "$url" <<'JS'
const headers = { authorization: `Bearer ${process.env.KRONICLE_ADMIN_KEY}`, "content-type": "application/json" };
const channel = {
  channel_id: "7d0c2f6e-51b3-4c0a-9a55-3c1f8e2b6a90",
  name: "kept",
  channel_schema: { temperature: "float", note: "optional[str]", labels: "optional[list]", author: "optional[dict]" },
  rows: Array.from({ length: 50 }, (_, minute) => ({
    time: new Date(Date.UTC(2024, 2, 1, 0, minute)).toISOString(),
    temperature: minute / 2,
    note: minute % 2 === 0 ? "window opened" : null,
    labels: ["calibrated", minute],
    author: { name: "Ann" },
  })),
};
const { status } = await fetch(`${process.argv[2]}/data/v1/channels`, { method: "POST", headers, body: JSON.stringify(channel) });
if (status !== 201) throw new Error(`the channel was not made: ${status}`);
JS

# Measured: the coverage phase makes 4,000 requests, and the others 35 for each example.
plan=$(awk -v budget="$budget" 'BEGIN { share = budget / 8000; if (share > 1) share = 1; print share, int((budget - share * 4000) / 35) + 1 }')
read -r FUZZ_COVERAGE_SHARE examples <<<"$plan"
export FUZZ_COVERAGE_SHARE FUZZ_SEED="$seed"

failed=0
cd test/fuzz
"$tool" --config-file schemathesis.toml run "$url/openapi.json" --seed "$seed" --max-examples "$examples" \
  --generation-database none --continue-on-failure || failed=1

requests=$(grep -c '"msg":"request"' "$work/server.log" || true)
faults=$(grep -cE '"status":5[0-9][0-9]' "$work/server.log" || true)
echo "$requests requests, $faults of them answered with a 5xx, seed $seed"
if [ "$faults" -gt 0 ]; then
  grep -E '"status":5[0-9][0-9]|"level":50' "$work/server.log"
  failed=1
fi
exit "$failed"
