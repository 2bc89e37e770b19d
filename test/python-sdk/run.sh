#!/usr/bin/env bash
# Runs the Python SDK of the original Kronicle, as it is on PyPI, against a server of its own. Needs Python 3.10 or later.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly SDK_VERSION=0.2.11
cache="${KRONICLE_PYTHON_SDK_CACHE:-/var/cache/kronicle/kronicle-sdk}"

python="$cache/$SDK_VERSION/bin/python"
if ! "$python" -c "import kronicle_sdk" 2>/dev/null; then
  python3 -m venv --clear "$cache/$SDK_VERSION"
  "$cache/$SDK_VERSION/bin/pip" install --quiet --disable-pip-version-check "kronicle-sdk==$SDK_VERSION"
fi
exec "$python" test/python-sdk/test_sdk.py --buffer "$@"
