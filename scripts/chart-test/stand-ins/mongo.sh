#!/bin/sh
# FerretDB on PostgreSQL; MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD as the official image: with them a
# client has to log in.
set -eu
export PATH=/usr/lib/postgresql/18/bin:/usr/sbin:/usr/bin LC_ALL=C.UTF-8 HOME=/tmp
data=/data/db/postgres user=${MONGO_INITDB_ROOT_USERNAME:-postgres}
if [ ! -f "$data/PG_VERSION" ]; then
  printf '%s' "${MONGO_INITDB_ROOT_PASSWORD:-unused}" > /tmp/password
  # Trusted within this container, where DocumentDB connects back to its own server; clients are asked by FerretDB.
  initdb -D "$data" -U "$user" --pwfile=/tmp/password --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-instructions -c dynamic_shared_memory_type=mmap > /dev/null
  printf "%s\n" "shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'" "cron.database_name = 'postgres'" "cron.host = '/tmp'" "listen_addresses = '127.0.0.1'" \
    "unix_socket_directories = '/tmp'" "max_connections = 300" "jit = off" >> "$data/postgresql.conf"
fi
rm -f "$data/postmaster.pid"
postgres -D "$data" -p 9712 &
postgres=$!
until pg_isready -q -h 127.0.0.1 -p 9712; do sleep 0.2; done
psql -q -h 127.0.0.1 -p 9712 -U "$user" -d postgres -v ON_ERROR_STOP=1 -c 'set client_min_messages = error; create extension if not exists documentdb cascade'
auth=; [ -n "${MONGO_INITDB_ROOT_USERNAME:-}" ] || auth=--no-auth
ferretdb --listen-addr=0.0.0.0:27017 --postgresql-url="postgres://$user@127.0.0.1:9712/postgres?pool_max_conns=50" \
  $auth --telemetry=disable --debug-addr=- --state-dir=/tmp --log-level=error &
ferretdb=$!
trap 'kill $ferretdb; pg_ctl -D "$data" -m fast -w stop > /dev/null; exit 0' TERM INT
wait $ferretdb
