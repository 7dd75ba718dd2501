#!/usr/bin/env bash
# The definitions that the chart's optional objects need, out of their projects' Go modules: scripts/fetch-crds.sh FOLDER
set -euo pipefail
folder=$(mkdir -p "$1" && realpath "$1")
fetch() { # MODULE@VERSION FILE…
  cd "$(cd / && go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')"
  install -m 644 "${@:2}" "$folder"
}
fetch github.com/kedacore/keda/v2@v2.17.2 config/crd/bases/keda.sh_{scaledobjects,triggerauthentications}.yaml
fetch github.com/prometheus-operator/prometheus-operator@v0.83.0 \
  example/prometheus-operator-crd/monitoring.coreos.com_{servicemonitors,prometheusrules}.yaml
