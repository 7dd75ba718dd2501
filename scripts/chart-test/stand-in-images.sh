#!/usr/bin/env bash
# Stand-ins for the images of the bundled servers, for a machine that can pull none: the servers that the tests run on
# (../shared/servers/servers.sh), under the official names and with the official environment variables, ports, users
# and data directories.
#
#   stand-in-images.sh [rabbitmq|mongo|mysql…]      DOCKER="cluster.sh engine docker" SERVERS_ROOT=/opt/test-servers
set -euo pipefail
docker=(${DOCKER:-docker})
root=${SERVERS_ROOT:-/opt/test-servers}
entries=$(dirname "$0")/stand-ins
declare -A names=([rabbitmq]=rabbitmq:4-management [mongo]=mongo:8 [mysql]=mysql:8.4)
declare -A data=([rabbitmq]=/var/lib/rabbitmq [mongo]=/data/db [mysql]=/var/lib/mysql)

import() { # SERVER
  local server=$1 work
  work=$(mktemp -d)
  tar -C "$root/$server" --exclude=./proc --exclude=./dev --exclude=./data --exclude=./tmp --exclude=./etc/rabbitmq \
    --exclude=./.unpacked -cf - . | tar -C "$work" -xf -
  mkdir -p "$work"{/proc,/dev,/tmp,/run,"${data[$server]}"}
  install -m 755 "$entries/$server.sh" "$work/entry"
  printf 'root:x:0:0::/root:/bin/sh\nserver:x:999:999::%s:/bin/sh\n' "${data[$server]}" > "$work/etc/passwd"
  printf 'root:x:0:\nserver:x:999:\n' > "$work/etc/group"
  [ "$server" != rabbitmq ] || { mkdir -p "$work/etc/rabbitmq"; echo '[rabbitmq_management,rabbitmq_prometheus].' > "$work/etc/rabbitmq/enabled_plugins"; }
  [ "$server" != mongo ] || install -D "$root/ferretdb" "$work/usr/bin/ferretdb"
  chown -R 999:999 "$work${data[$server]}"; chmod 1777 "$work/tmp"
  tar -C "$work" --numeric-owner -cf - . |
    "${docker[@]}" import -c 'ENTRYPOINT ["/entry"]' -c 'USER 999' -c "WORKDIR ${data[$server]}" - "${names[$server]}" > /dev/null
  rm -rf "$work"
  echo "${names[$server]}"
}
[ $# -gt 0 ] || set -- rabbitmq mongo mysql
for server in "$@"; do import "$server"; done
