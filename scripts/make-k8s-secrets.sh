#!/usr/bin/env bash
# Makes the secrets of k8s/overlays/minikube once; a second run changes nothing, for the volumes' passwords are in there.
set -euo pipefail
folder=${1:-$(dirname "$0")/../k8s/overlays/minikube}
[ ! -e "$folder/secrets.env" ] || { echo "$folder/secrets.env is there already"; exit 0; }
made() { LC_ALL=C tr -dc 'A-Za-z0-9' < /dev/urandom | head -c 32 || true; }
rabbitmq=$(made) mongo=$(made) mysql=$(made)
umask 077
cat > "$folder/secrets.env" <<ENV
LINK_SECRET=$(made)
ADMIN_PASSWORD=$(made)
RABBITMQ_PASSWORD=$rabbitmq
RABBITMQ_URL=amqp://image-organizer:$rabbitmq@image-organizer-rabbitmq:5672
MONGO_PASSWORD=$mongo
MONGO_URL=mongodb://image-organizer:$mongo@image-organizer-mongo:27017/images?authSource=admin
MYSQL_PASSWORD=$mysql
MYSQL_ROOT_PASSWORD=$(made)
MYSQL_URL=mysql://auth:$mysql@image-organizer-mysql:3306/auth
ENV
echo "made $folder/secrets.env"
