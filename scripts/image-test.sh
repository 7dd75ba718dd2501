#!/usr/bin/env bash
# Builds the images and checks each by running it, locked down as the chart does. Ends with "N passed, N failed".
#
#   scripts/image-test.sh [SERVICE…]   of these, or of every folder with a src/main.ts
#
# DOCKER            the command (docker; without one, the engine of ../shared/cluster/cluster.sh where it is)
# RABBITMQ_URL, MONGO_URL, MYSQL_URL
#                   where set, all services together organise an image on these servers: on this machine, empty (the
#                   first account is made), and used by nobody else (their queues are worked on)
# IMAGE_TEST_PORT   the first of their ports there (18100)
set -uo pipefail
cd "$(dirname "$0")/.."

cluster=$PWD/../shared/cluster/cluster.sh
build=(build --quiet)
if [ -z "${DOCKER:-}" ] && [ -x "$cluster" ]; then
  "$cluster" engine base || exit 1
  DOCKER="$cluster engine docker" build+=(--network host) # that engine has no bridge
fi
engine() { ${DOCKER:-docker} "$@"; }

mapfile -t all < <(printf '%s\n' */src/main.ts | cut -d/ -f1)
images=("${@:-${all[@]}}")
version=$(node -p 'require("./package.json").version')
work=$(mktemp -d) volume=image-test-$$ containers=() passed=0 failed=0
cleanup() {
  [ ${#containers[@]} -eq 0 ] || engine rm -f "${containers[@]}" > /dev/null
  engine volume rm -f "$volume" > /dev/null
  rm -rf "$work"
}
trap cleanup EXIT

# check WHAT COMMAND…: one line, and what the command printed where it fails.
check() {
  local what=$1 output; shift
  if output=$("$@" 2>&1); then passed=$((passed + 1)); echo "ok    $what"; else failed=$((failed + 1)); printf 'FAIL  %s\n%s\n' "$what" "$output"; fi
}

# --- Running an image ---------------------------------------------------------------------------------------------------

secret() { head -c 24 /dev/urandom | base64 | tr '+/' 'ab'; }
password=$(secret) link_secret=$(secret)
settings=(-e ADMIN_EMAIL=images@test.local -e "ADMIN_PASSWORD=$password")
service_settings=("${settings[@]}" -e "LINK_SECRET=$link_secret" -e DATA_DIR=/tmp) # notification's mails are files here
nowhere=(-e RABBITMQ_URL=amqp://rabbitmq -e MONGO_URL=mongodb://mongo/images -e MYSQL_URL=mysql://mysql/auth -e AUTH_URL=http://auth)

# start SERVICE OPTION…: locked down; the container is then $container. No --user: the image itself is to be non-root.
start() {
  local service=$1; shift
  container=$(engine run -d --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
    "$@" "image-organizer/$service:$version") && containers+=("$container")
}
state() { engine inspect -f "$1" "$container"; }
healthy() {
  for _ in $(seq 300); do
    case $(state '{{.State.Status}} {{.State.Health.Status}}') in *' healthy') return ;; exited*) break ;; esac
    sleep 0.2
  done
  engine logs --tail 20 "$container"; return 1
}
in_container() { engine exec -i "$container" "$@"; }
# readyz STATUS [WORD]: its answer has this status and this word, within 60 s.
readyz() {
  local answer
  for _ in $(seq 120); do
    answer=$(in_container node -e 'fetch(`http://127.0.0.1:${process.env.PORT ?? 8080}/readyz`).then(async (r) => console.log(r.status, await r.text()))')
    [[ $answer == "$1 "*"${2:-}"* ]] && return
    sleep 0.5
  done
  echo "$answer"; return 1
}
measures() {
  in_container node -e '
    const metrics = (port) => fetch(`http://127.0.0.1:${port}/metrics`).then(async (r) => `${r.status} ${await r.text()}`);
    (async () => {
      const [own, http] = [await metrics(9090), await metrics(8080)];
      if (!own.startsWith("200") || !own.includes(`service="${process.argv[1]}"`) || !http.startsWith("404")) throw new Error(`${own}\n${http}`);
    })()' "$1"
}
stops() {
  engine stop -t 40 "$container" > /dev/null
  [ "$(state '{{.State.ExitCode}}')" = 0 ] || { engine logs --tail 20 "$container"; state '{{.State.ExitCode}}'; return 1; }
}
locked() {
  in_container sh -euc '
    [ "$(id -u)" = 1000 ] || { id; exit 1; }
    grep -q "^CapEff:[[:space:]]*0*$" /proc/1/status || { grep Cap /proc/1/status; exit 1; }
    ! touch /app/written 2> /dev/null || { echo "/app can be written"; exit 1; }
    [ "$(cat /proc/1/comm)" = tini ] || { cat /proc/1/comm; exit 1; }
    grep -q jemalloc "/proc/$(cat /proc/1/task/1/children | tr -d " ")/maps" || { echo "no jemalloc"; exit 1; }'
}

# --- What is in an image ------------------------------------------------------------------------------------------------

# Of the lock file: what is installed for development only.
node -e 'const { packages } = require("./package-lock.json");
  for (const path in packages) if (packages[path].dev) console.log(path)' > "$work/development"
no_surplus() {
  local found other
  in_container test -f "/app/$1/src/main.ts" || return 1
  found=$(in_container sh -c 'cd /app; while read -r path; do [ ! -e "$path" ] || echo "$path"; done' < "$work/development")
  found+=$(in_container find /app -name node_modules -prune -o '(' -name '*.test.ts' -o -name test -o -name fixtures -o -name '.git*' ')' -print)
  found+=$(in_container sh -c 'ls -d /app/lib/testing 2> /dev/null')
  for other in "${all[@]}"; do
    [ "$1" = standalone ] || [ "$1" = "$other" ] || found+=$(in_container sh -c "ls -d /app/$other 2> /dev/null")
  done
  [ -z "$found" ] || { echo "$found"; return 1; }
}

# --- An image organised -------------------------------------------------------------------------------------------------

# Sends stdin, if there is any, and prints each image's folder once all are settled.
client='
const url = `http://127.0.0.1:${process.env.PORT ?? 8080}`;
const basic = btoa(`${process.env.ADMIN_EMAIL}:${process.env.ADMIN_PASSWORD}`);
const login = await fetch(`${url}/login`, { method: "POST", headers: { authorization: `Basic ${basic}` } });
if (!login.ok) throw new Error(`login: ${login.status} ${await login.text()}`);
const headers = { authorization: `Bearer ${(await login.json()).accessToken}` };
const bytes = await new Response(process.stdin).bytes();
if (bytes.length) {
  const body = new FormData();
  body.append("file", new Blob([bytes]), "receipt.jpg");
  const upload = await fetch(`${url}/upload`, { method: "POST", headers, body });
  if (upload.status !== 202) throw new Error(`upload: ${upload.status} ${await upload.text()}`);
}
for (;;) {
  const { items } = await (await fetch(`${url}/api/images`, { headers })).json();
  if (items.every(({ status }) => status === "organized" || status === "failed")) {
    console.log(items.map(({ status, placement }) => `${status} ${placement?.folder}`).join("\n"));
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
}'
# organises FILE: a receipt, whose folder is found by its text; with /dev/null, what was sent before.
organises() {
  local answer
  answer=$(timeout 120 ${DOCKER:-docker} exec -i "$container" node --input-type=module -e "$client" < "$1" 2>&1)
  [ "$answer" = 'organized Receipts' ] || { echo "$answer"; engine logs --tail 20 "$container"; return 1; }
}
receipt=e2e/samples/receipt-diner.jpg

# --- The checks ---------------------------------------------------------------------------------------------------------

for service in "${images[@]}"; do
  file=docker/service.Dockerfile; [ "$service" != standalone ] || file=docker/standalone.Dockerfile
  check "$service: is built" engine "${build[@]}" -f "$file" --build-arg SERVICE="$service" --build-arg VERSION="$version" \
    -t "image-organizer/$service:$version" .
  if [ "$service" = standalone ]; then
    start standalone --network none --health-interval 2s -v "$volume:/data" "${settings[@]}" -e METRICS_PORT=9090
    check 'standalone: starts' healthy
    check 'standalone: organises an image without any network' organises "$receipt"
  else
    start "$service" --network none --health-interval 2s "${service_settings[@]}" "${nowhere[@]}" -e METRICS_PORT=9090
    check "$service: starts without its servers" healthy
    [ "$service" = auth ] && server=MySQL || server=RabbitMQ
    check "$service: is not ready, and names $server" readyz 503 "$server"
  fi
  check "$service: has its metrics on METRICS_PORT alone" measures "$service"
  check "$service: user 1000, read-only, no capabilities, tini, jemalloc" locked
  check "$service: has no development dependencies, tests or other services" no_surplus "$service"
  check "$service: ends with 0 on SIGTERM" stops
  if [ "$service" = standalone ]; then
    start standalone --network none --health-interval 2s -v "$volume:/data" "${settings[@]}"
    check 'standalone: starts again on its volume' healthy
    check 'standalone: has kept the image' organises /dev/null
    check 'standalone: ends with 0 on SIGTERM again' stops
  fi
  echo "      $service: $(($(engine image inspect -f '{{.Size}}' "image-organizer/$service:$version") / 1000000)) MB"
done

if [ $# -eq 0 ] && [ -n "${RABBITMQ_URL:-}" ] && [ -n "${MONGO_URL:-}" ] && [ -n "${MYSQL_URL:-}" ]; then
  port=${IMAGE_TEST_PORT:-18100} gateway='' together=()
  auth_port=$port
  check 'auth: migrates its database' engine run --rm --network host -e MYSQL_URL "image-organizer/auth:$version" node /app/auth/src/migrate.ts
  for service in auth $(printf '%s\n' "${all[@]}" | grep -vx -e auth -e standalone); do
    start "$service" --network host --no-healthcheck "${service_settings[@]}" -e "PORT=$port" -e "AUTH_URL=http://127.0.0.1:$auth_port" \
      -e RABBITMQ_URL -e MONGO_URL -e MYSQL_URL
    check "$service: is ready with its servers" readyz 200
    [ "$service" != gateway ] || gateway=$container
    together+=("$container"); port=$((port + 1))
  done
  container=$gateway
  check 'all services together: organise an image' organises "$receipt"
  for container in "${together[@]}"; do check "$(state '{{.Config.Image}}'): ends with 0 on SIGTERM after work" stops; done
else
  echo '      not run: all services together (RABBITMQ_URL, MONGO_URL and MYSQL_URL are not all set)'
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
