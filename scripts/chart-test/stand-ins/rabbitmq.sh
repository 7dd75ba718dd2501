#!/bin/sh
# RABBITMQ_DEFAULT_USER and RABBITMQ_DEFAULT_PASS are read by the server itself.
home=$(echo /usr/lib/rabbitmq/lib/rabbitmq_server-*)
export PATH="$home/sbin:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/var/lib/rabbitmq LC_ALL=C.UTF-8 RABBITMQ_LOGS=- RABBITMQ_CONFIG_FILE=${RABBITMQ_CONFIG_FILE:-/etc/rabbitmq/rabbitmq.conf} \
  RABBITMQ_MNESIA_BASE=/var/lib/rabbitmq/mnesia RABBITMQ_LOG_BASE=/tmp RABBITMQ_ENABLED_PLUGINS_FILE=${RABBITMQ_ENABLED_PLUGINS_FILE:-/etc/rabbitmq/enabled_plugins}
[ $# -gt 0 ] || set -- rabbitmq-server
exec "$@"
