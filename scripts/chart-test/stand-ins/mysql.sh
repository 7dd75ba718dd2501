#!/bin/sh
# MYSQL_ROOT_PASSWORD or MYSQL_RANDOM_ROOT_PASSWORD, MYSQL_DATABASE, MYSQL_USER, MYSQL_PASSWORD, as the official image.
set -eu
data=/var/lib/mysql/data
export HOME=/tmp
[ -d "$data" ] || mysqld --no-defaults --initialize-insecure --datadir="$data"
{
  [ -z "${MYSQL_ROOT_PASSWORD:-}" ] || echo "alter user root@localhost identified by '$MYSQL_ROOT_PASSWORD';"
  [ -z "${MYSQL_DATABASE:-}" ] || echo "create database if not exists \`$MYSQL_DATABASE\`;"
  [ -z "${MYSQL_USER:-}" ] || {
    echo "create user if not exists '$MYSQL_USER'@'%' identified by '$MYSQL_PASSWORD';"
    echo "grant all on \`$MYSQL_DATABASE\`.* to '$MYSQL_USER'@'%';"
  }
} > /tmp/init.sql
exec mysqld --no-defaults --datadir="$data" --socket=/tmp/mysql.sock --pid-file=/tmp/mysqld.pid --init-file=/tmp/init.sql \
  --bind-address=0.0.0.0 --mysqlx=OFF --secure-file-priv=NULL
