#!/usr/bin/env bash
# What a newcomer does: clone, the README's command, the three curl commands that the server prints. Nothing is taken
# from the checkout it runs in but its last commit.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -- -"$server" 2>/dev/null || true; rm -rf "$work"' EXIT
git clone --quiet . "$work/clone"
cd "$work/clone"

npm ci --no-audit --no-fund --silent
PORT=${FRESH_CLONE_PORT:-18080} DATA_DIR=$work/data setsid npm start > "$work/output" 2>&1 &
server=$!
for _ in $(seq 100); do grep -q 'Try it:' "$work/output" && break; sleep 0.1; done
grep -q 'Try it:' "$work/output" || { cat "$work/output"; exit 1; }

# The commands, as printed.
sed -n 's/^  \(TOKEN=.*\|curl .*\)$/\1/p' "$work/output" > "$work/commands.sh"
[ "$(wc -l < "$work/commands.sh")" -eq 3 ] || { echo 'expected three commands'; cat "$work/output"; exit 1; }
answer=$(bash -euo pipefail "$work/commands.sh")
echo "$answer" | grep -q '"batchId"' || { echo "the upload was not accepted: $answer"; exit 1; }

source "$work/commands.sh" > /dev/null
url=$(sed -n 's/.*is ready at \(http[^ ]*\) .*/\1/p' "$work/output")
for _ in $(seq 300); do
  list=$(curl -s -H "Authorization: Bearer $TOKEN" "$url/api/images")
  if ! echo "$list" | grep -q '"status":"\(queued\|processing\)"'; then break; fi
  sleep 0.2
done
echo "$list" | grep -q '"folder":"Receipts"' || { echo "the receipt is not organised: $list"; exit 1; }
ls "$work"/data/mail/*.eml > /dev/null
echo "fresh clone: cloned, installed, started, uploaded, organised, mailed"
