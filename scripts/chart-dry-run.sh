#!/usr/bin/env bash
# Asks the API server that kubectl points at whether it would take every object of the chart, for each ci/*-values.yaml,
# and of k8s/overlays/minikube, under restricted pod security. Changes nothing but a namespace of its own, gone at the end.
# CRDS: a folder with the definitions of KEDA and the Prometheus operator (scripts/fetch-crds.sh); they are left there.
set -uo pipefail
cd "$(dirname "$0")/.."
chart=helm/image-organizer namespace=chart-dry-run
work=$(mktemp -d)
passed=0 failed=0
trap 'kubectl delete namespace "$namespace" --wait=false > /dev/null 2>&1; rm -rf "$work"' EXIT

# accepted NAME FILE: without an error, and without a pod that the namespace would refuse.
accepted() {
  if kubectl apply -n "$namespace" --dry-run=server -f "$2" > "$work/said" 2>&1 && ! grep -q 'would violate PodSecurity' "$work/said"
  then passed=$((passed + 1)); echo "ok    $1: $(grep -c 'server dry run' "$work/said") objects"
  else failed=$((failed + 1)); echo "FAIL  $1"; grep -v 'server dry run' "$work/said"; fi
}

[ -z "${CRDS:-}" ] || kubectl apply --server-side --force-conflicts -f "$CRDS" > /dev/null || exit 1
kubectl create namespace "$namespace" > /dev/null
kubectl label namespace "$namespace" pod-security.kubernetes.io/{enforce,warn}=restricted > /dev/null
# Where only an API server runs, nobody makes them; a Pod is refused without.
for account in default io-image-organizer; do kubectl create -n "$namespace" serviceaccount "$account" > /dev/null 2>&1; done

for values in "$chart"/ci/*-values.yaml; do
  name=$(basename "$values" -values.yaml)
  helm template io "$chart" --namespace "$namespace" --kube-version 1.33.0 --values "$values" > "$work/$name.yaml"
  accepted "the chart with ci/$name-values.yaml" "$work/$name.yaml"
done
cp -r k8s "$work/k8s"; rm -f "$work/k8s/overlays/minikube/secrets.env"
scripts/make-k8s-secrets.sh "$work/k8s/overlays/minikube" > /dev/null
kubectl kustomize "$work/k8s/overlays/minikube" | sed "s/namespace: image-organizer$/namespace: $namespace/" > "$work/overlay.yaml"
accepted 'k8s/overlays/minikube' "$work/overlay.yaml"

# What the check is worth: a pod that wants too much is refused.
sed 's/runAsNonRoot: true/runAsNonRoot: false/' "$work/minimal.yaml" > "$work/root.yaml"
kubectl apply -n "$namespace" --dry-run=server -f "$work/root.yaml" > "$work/said" 2>&1
if grep -q 'violate.*PodSecurity' "$work/said"; then passed=$((passed + 1)); echo 'ok    pods that may run as root are refused'
else failed=$((failed + 1)); echo 'FAIL  pods that may run as root are taken'; fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
