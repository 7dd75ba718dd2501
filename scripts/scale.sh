#!/usr/bin/env bash
# How many processes of one service `npm run start:services` keeps: scripts/scale.sh ocr 3
set -euo pipefail
directory=${DATA_DIR:-$(dirname "$0")/../data}/replicas
if [ $# -ne 2 ] || ! [[ $2 =~ ^[0-9]+$ ]]; then
  echo "usage: $0 SERVICE COUNT" >&2
  exit 2
fi
if [ ! -f "$directory/$1" ]; then
  echo "there is no service $1 here: is 'npm run start:services' running? ($directory)" >&2
  exit 1
fi
echo "$2" > "$directory/$1"
