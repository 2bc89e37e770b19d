#!/usr/bin/env bash
# Runs the Python SDK of the original Kronicle, as it is on PyPI, against servers of its own: the version that ours was made for, and the
# newest. Needs Python 3.11 or later.
set -euo pipefail
cd "$(dirname "$0")/../.."

cache="${KRONICLE_PYTHON_SDK_CACHE:-/var/cache/kronicle/kronicle-sdk}"

for version in 0.2.11 0.7.6; do
  python="$cache/$version/bin/python"
  if ! "$python" -c "import kronicle_sdk" 2>/dev/null; then
    python3 -m venv --clear "$cache/$version"
    "$cache/$version/bin/pip" install --quiet --disable-pip-version-check "kronicle-sdk==$version"
  fi
  minor=${version%.*}
  "$python" "test/python-sdk/test_sdk_${minor/./_}.py" --buffer "$@"
done
