#!/usr/bin/env bash
# Installs the chart on the cluster that kubectl points at (minikube, kind, or the small cluster of
# ../shared/cluster/cluster.sh) and uses it: helm test, then an upgrade that replaces every pod and the deletion of every
# pod one by one, under a steady upload, after which nothing may be lost. The images have to be in the cluster.
#
#   minikube:           eval "$(minikube docker-env)"; scripts/image-test.sh; scripts/chart-test.sh
#   the small cluster:  scripts/chart-test/on-small-cluster.sh
#
# NAMESPACE (chart-test) is made, and deleted at the end unless KEEP is set. Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."
namespace=${NAMESPACE:-chart-test} release=io
port=${CHART_TEST_PORT:-18080} mongo_port=${CHART_TEST_MONGO_PORT:-18017}
work=$(mktemp -d)
node=$PWD/node_modules/.bin/node
passed=0 failed=0
jobs_to_stop=()

k() { kubectl -n "$namespace" "$@"; }
check() { # NAME COMMAND…
  local name=$1 began=$SECONDS; shift
  if "$@" > "$work/out" 2>&1; then passed=$((passed + 1)); echo "ok      $name, $((SECONDS - began)) s"
  else failed=$((failed + 1)); echo "FAILED  $name, $((SECONDS - began)) s"; tail -n 30 "$work/out"; fi
}
# Goes on when the pod behind it goes.
forward() { # SERVICE LOCAL-PORT PORT
  while :; do kubectl -n "$namespace" port-forward "svc/$1" "$2:$3" > /dev/null 2>&1; sleep 0.3; done
}
cleanup() {
  for job in "${jobs_to_stop[@]}"; do pkill -P "$job"; kill "$job"; done 2> /dev/null
  if [ -z "${KEEP:-}" ]; then
    helm uninstall -n "$namespace" "$release" > /dev/null 2>&1
    kubectl delete namespace "$namespace" --wait=false > /dev/null 2>&1
  fi
  rm -rf "$work"
}
trap cleanup EXIT

secret() { k get secret "$release-image-organizer-secrets" -o "jsonpath={.data.$1}" | base64 -d; }
chart() { helm "$@" helm/image-organizer -n "$namespace" -f helm/image-organizer/ci/minikube-values.yaml -f "$work/values.yaml" --wait --timeout 10m; }
# Those that run and are not on their way out.
pods() {
  k get pods -l "app.kubernetes.io/instance=$release" --field-selector=status.phase=Running \
    -o go-template='{{range .items}}{{if not .metadata.deletionTimestamp}}pod/{{.metadata.name}}{{"\n"}}{{end}}{{end}}'
}

# Seconds instead of an hour: the oracle counts the blobs of lost attempts.
cat > "$work/values.yaml" << 'VALUES'
config: { uploadGraceSeconds: 30, leaseSeconds: 5 }
gateway: { replicas: 2 }
ocr: { replicas: 2 }
VALUES

kubectl create namespace "$namespace" > /dev/null
kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted > /dev/null
check 'helm install: every pod is ready under restricted pod security' chart install "$release"
[ "$failed" -eq 0 ] || { k get pods -o wide; k get events --sort-by=.lastTimestamp | tail -n 20; }
check 'helm test: logs in, uploads an image, it is organised' helm test -n "$namespace" "$release" --timeout 5m

forward "$release-image-organizer-gateway" "$port" 8080 & jobs_to_stop+=($!)
forward "$release-image-organizer-mongo" "$mongo_port" 27017 & jobs_to_stop+=($!)
export URL=http://127.0.0.1:$port EMAIL=admin@example.com PASSWORD MONGO_URL
PASSWORD=$(secret ADMIN_PASSWORD)
MONGO_URL="mongodb://image-organizer:$(secret MONGO_PASSWORD)@127.0.0.1:$mongo_port/images?authSource=admin&directConnection=true"
"$node" scripts/chart-test/steady-upload.ts > "$work/upload.json" 2> "$work/upload.log" & upload=$!

check 'helm upgrade replaces every pod of ours' chart upgrade "$release" --set-string "pods.annotations.rolled=$(date +%s)"
delete_each_pod() {
  local pod owner
  for pod in $(pods); do
    k delete "$pod" --wait=true --timeout=180s || return 1
    # Whatever owned it has made another one, and all of them are ready again.
    for owner in $(k get deployments,statefulsets -l "app.kubernetes.io/instance=$release" -o name); do
      k rollout status "$owner" --timeout=300s || return 1
    done
  done
}
check 'every pod, servers included, is deleted and comes back' delete_each_pod

kill -TERM "$upload"
check 'under a steady upload nothing was lost and nothing done twice' wait "$upload"
cat "$work/upload.json" "$work/upload.log"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
