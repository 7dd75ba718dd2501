#!/usr/bin/env bash
# scripts/chart-test.sh on the small cluster of ../shared/cluster/cluster.sh: builds the images of our services, makes
# stand-ins for those of the servers, starts the cluster with them, tests, and throws the cluster away. About 15 minutes
# where the tools are not built yet, else 6.
set -euo pipefail
cd "$(dirname "$0")/../.."
cluster=$PWD/../shared/cluster/cluster.sh servers=$PWD/../shared/servers/servers.sh
version=$(node -p 'require("./package.json").version')
docker=("$cluster" engine docker)

"$cluster" build all
"$servers" install rabbitmq mongo mysql
"$cluster" engine base
images=(rabbitmq:4-management mongo:8 mysql:8.4)
DOCKER="${docker[*]}" scripts/chart-test/stand-in-images.sh
for service in $(printf '%s\n' */src/main.ts | cut -d/ -f1 | grep -vx standalone); do
  images+=("image-organizer/$service:$version")
  "${docker[@]}" build --quiet --network host -f docker/service.Dockerfile --build-arg SERVICE="$service" -t "${images[-1]}" .
done
trap '"$cluster" down wipe > /dev/null; "$cluster" engine stop' EXIT
"$cluster" up "${images[@]}"
"$cluster" run scripts/chart-test.sh
