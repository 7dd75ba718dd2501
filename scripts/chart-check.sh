#!/usr/bin/env bash
# Checks helm/image-organizer and k8s/ without a cluster: a line for each check, and "N passed, N failed".
# chart-check.sh --write makes what is made from the chart: its README.md, its files/network.txt, k8s/base.
set -uo pipefail
cd "$(dirname "$0")/.."
chart=helm/image-organizer
cluster_tools=${CLUSTER_ROOT:-/opt/test-cluster} # what cluster.sh builds
schemas=${KUBECONFORM_SCHEMAS:-$cluster_tools/schemas}
export PATH=$PWD/node_modules/.bin:$PATH:$cluster_tools/bin:$cluster_tools/bin/components
kube=1.33.0
crds=ServiceMonitor,PrometheusRule,ScaledObject,TriggerAuthentication
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

missing=
need() { command -v "$1" > /dev/null || { missing=1; echo "$1 is missing: $2" >&2; }; }
need helm '3.18 or later, https://helm.sh/docs/intro/install'
need kubectl 'https://kubernetes.io/docs/tasks/tools'
need kubeconform 'go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0'
need helm-docs 'go install github.com/norwoodj/helm-docs/cmd/helm-docs@v1.14.2'
need helm-unittest 'go build ./cmd/helm-unittest in a clone of https://github.com/helm-unittest/helm-unittest'
[ -z "$missing" ] || exit 2
location=default
[ ! -d "$schemas" ] || location="$schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json"

passed=0 failed=0
# check NAME COMMAND…: what it says is shown where it fails.
check() {
  local name=$1; shift
  if "$@" > "$work/said" 2>&1; then passed=$((passed + 1)); echo "ok    $name"
  else failed=$((failed + 1)); echo "FAIL  $name"; sed 's/^/      /' "$work/said" | tail -n 40; fi
}
# refused WORDS SETTING…: the chart says the words, and renders nothing.
refused() {
  local words=$1; shift
  ! helm template io $chart --kube-version $kube "$@" > "$work/rendered" 2> "$work/refusal" || { echo 'it was taken'; return 1; }
  cat "$work/refusal"
  [ ! -s "$work/rendered" ] && grep -qF -- "$words" "$work/refusal"
}
render() { helm template io $chart --namespace images --kube-version $kube --values "$chart/ci/$1-values.yaml"; }
conform() { kubeconform -strict -summary -skip $crds -schema-location "$location" "$@"; }
network() { # The tables of all values that have policies.
  local values
  for values in minikube autoscaled external; do
    echo "# ci/$values-values.yaml"
    render $values | kubectl annotate --local -f - -o json rendered=1 | node scripts/chart/network-table.ts || return
    echo
  done
}
docs() { helm-docs --chart-search-root $chart --sort-values-order file --dry-run --log-level error; }
documented() { # A value without a comment has a row that ends empty.
  docs | awk '/^\| / { rows++ } /\|  \|$/ { print; bare++ } END { exit !(rows > 100 && bare == 0) }'
}
kustomized() { # With secrets that are made for it.
  cp -r k8s "$work/k8s" && rm -f "$work/k8s/overlays/minikube/secrets.env"
  scripts/make-k8s-secrets.sh "$work/k8s/overlays/minikube" && kubectl kustomize "$work/k8s/overlays/minikube" > "$work/overlay.yaml" && conform "$work/overlay.yaml"
}
base_drift() { scripts/render-k8s.sh "$work/base" && diff -r k8s/base "$work/base"; }
same() { "$2" > "$work/now" && [ -s "$work/now" ] && diff "$1" "$work/now"; } # FILE COMMAND

if [ "${1:-}" = --write ]; then
  set -e
  network > "$work/made" && cp "$work/made" $chart/files/network.txt
  docs > "$work/made" && cp "$work/made" $chart/README.md
  scripts/render-k8s.sh
  exit
fi

for values in minikube external autoscaled minimal; do
  check "lint, ci/$values-values.yaml" helm lint $chart --strict --quiet --kube-version $kube --values $chart/ci/$values-values.yaml
  check "template, ci/$values-values.yaml" bash -c "$(declare -f render); chart=$chart kube=$kube; render $values > $work/$values.yaml"
  check "kubeconform, ci/$values-values.yaml" conform "$work/$values.yaml"
done

check 'refuses text for a number' refused "at '/ocr/replicas': got string, want integer" --set-string ocr.replicas=two
check 'refuses a number for text' refused "at '/config/adminEmail': got number, want string" --set config.adminEmail=1
check 'refuses an unknown key' refused "additional properties 'replica' not allowed" --set gateway.replica=2
check 'refuses an unknown section' refused "additional properties 'gatway' not allowed" --set gatway.replicas=2
check 'refuses 0 replicas' refused "at '/organizer/replicas': minimum: got 0, want 1" --set organizer.replicas=0
check 'refuses an organizer scaled to 0' refused "at '/organizer/autoscaling/minReplicas': minimum: got 0, want 1" --set organizer.autoscaling.minReplicas=0
check 'refuses ocr scaled to 0 without KEDA' refused 'ocr.autoscaling.minReplicas=0 needs keda.enabled=true' --set ocr.autoscaling.enabled=true,ocr.autoscaling.minReplicas=0
check 'refuses fewer pods at most than at least' refused 'gateway.autoscaling.minReplicas is more than its maxReplicas' --set gateway.autoscaling.maxReplicas=1
check 'refuses an unknown log level' refused "at '/config/logLevel': value must be one of" --set config.logLevel=loud
check 'refuses a short link secret' refused "at '/secrets/linkSecret/value'" --set secrets.linkSecret.value=short
check 'refuses a URL of the wrong kind' refused "at '/external/mongo/url'" --set external.mongo.url=mysql://db
check 'refuses a port out of range' refused "at '/mail/port': maximum: got 99,999, want 65,535" --set mail.port=99999
for server in rabbitmq:amqp mongo:mongodb mysql:mysql; do
  name=${server%:*}
  check "refuses $name both bundled and external" refused "set bundled.$name.enabled=false to use the external one" --set "external.$name.url=${server#*:}://server"
  check "refuses $name neither bundled nor external" refused "there is no $name: set bundled.$name.enabled=true, or external.$name.url" --set bundled.$name.enabled=false
done
check 'refuses KEDA without a management API' refused 'keda.enabled needs external.rabbitmq.managementUrl' --set keda.enabled=true,bundled.rabbitmq.enabled=false,external.rabbitmq.url=amqp://server
check 'refuses an API without a model' refused 'llm.baseUrl needs llm.model' --set llm.baseUrl=https://api.example.com/v1

check 'unit tests of the templates' helm-unittest $chart
check 'every value has its comment' documented
check 'README.md is what helm-docs makes' same $chart/README.md docs
check 'files/network.txt is who may talk to whom' same $chart/files/network.txt network
check 'no end of a connection is forgotten' bash -c "! grep -n '(not let' $chart/files/network.txt"
check 'k8s/base is what the chart renders' base_drift
check 'k8s/base holds no Secret' bash -c "! grep -rn 'kind: Secret\$' k8s/base"
check 'k8s/overlays/minikube, by kustomize and kubeconform' kustomized
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
