#!/usr/bin/env bash
# Renders k8s/base from the chart: a file for each folder of its templates. `render-k8s.sh FOLDER` renders to another place.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p "${1:-k8s/base}"
into=$(cd "${1:-k8s/base}" && pwd)
rendered=$(mktemp -d)
trap 'rm -rf "$rendered"' EXIT
helm template image-organizer helm/image-organizer --namespace image-organizer --kube-version 1.33.0 --skip-tests \
  --values k8s/chart-values.yaml --output-dir "$rendered" > /dev/null

rm -f "$into"/*.yaml
cd "$rendered/image-organizer/templates"
files=$(find . -type f -not -path "./tests/*" | LC_ALL=C sort | while read -r file; do
  part=$(dirname "$file"); part=${part#./}
  [ "$part" != . ] || part=common
  # Of kubectl's objects it is not Helm that takes care.
  sed -e '/helm\.sh\//d' -e '/app\.kubernetes\.io\/managed-by:/d' -e 's/[[:space:]]*$//' "$file" >> "$into/$part.yaml"
  echo "$part.yaml"
done | LC_ALL=C sort -u)
{
  echo '# Rendered by scripts/render-k8s.sh from helm/image-organizer and k8s/chart-values.yaml: change those.'
  echo '# It wants a Secret named image-organizer; overlays/minikube makes one.'
  printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: image-organizer\nresources:\n'
  for file in $files; do echo "  - $file"; done
} > "$into/kustomization.yaml"
