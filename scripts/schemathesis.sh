#!/usr/bin/env bash
# schemathesis asks the running program everything that /openapi.json describes, and much that it forbids: no 5xx, no
# status, content type, header or body that the document does not have, nothing without a login. Its last line is
# `N passed, N failed`: the operations, and the sequences of them as one. Needs python3 with venv; SCHEMATHESIS_EXAMPLES: cases per operation (50).
set -euo pipefail
cd "$(dirname "$0")/.."
version=4.32.5
venv=${SCHEMATHESIS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/image-organizer/schemathesis-$version}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; [ -z "$server" ] || wait "$server" || true; rm -rf "$work"' EXIT

if [ ! -x "$venv/bin/schemathesis" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
fi

# A token that outlives the run, cheap passwords, an open registration; the program itself is as anybody starts it.
email=admin@example.com password=$(head -c 18 /dev/urandom | base64)
PORT=0 DATA_DIR=$work/data ADMIN_EMAIL=$email ADMIN_PASSWORD=$password REGISTRATION=open ACCESS_TOKEN_MINUTES=1440 \
  RATE_LIMIT_PER_MINUTE=0 RATE_LIMIT_PER_ADDRESS=0 BCRYPT_COST=4 node_modules/.bin/node standalone/src/main.ts > "$work/output" 2> "$work/log" &
server=$!
for _ in $(seq 300); do grep -q 'is ready at' "$work/output" && break; sleep 0.1; done
url=$(sed -n 's/.*is ready at \(http[^ ]*\) .*/\1/p' "$work/output")
[ -n "$url" ] || { cat "$work/output" "$work/log"; exit 1; }
curl -sS -X POST -u "$email:$password" "$url/login" > "$work/session"
token=$(sed -n 's/.*"accessToken":"\([^"]*\)".*/\1/p' "$work/session")
refresh_token=$(sed -n 's/.*"refreshToken":"\([^"]*\)".*/\1/p' "$work/session")
[ -n "$token" ] || { echo 'the login failed'; exit 1; }

# Something to find: half of the ids that are asked for are these.
curl -sS -H "Authorization: Bearer $token" -F 'file=@e2e/samples/receipt-diner.jpg' \
  -F 'file=@e2e/samples/photo-lake.jpg' -F 'file=@e2e/samples/bad/truncated.jpg' "$url/api/images" > "$work/upload"
made() { curl -sS -H "Authorization: Bearer $token" -H "Content-Type: $2" --data-binary "$3" "$url$1" >> "$work/upload"; }
made /api/imports text/csv $'Serial Number,Product Name,Input Image Urls\n1,Chair,http://127.0.0.1:9/a.jpg\n'
made /api/webhooks application/json '{"url":"http://127.0.0.1:9/hook"}'
made /api/tokens application/json '{"name":"robot","scopes":["read"]}'
ids=$(grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' "$work/upload" | sort -u | sed 's/.*/"&",/')
cat > "$work/schemathesis.toml" <<TOML
hooks = "$PWD/scripts/schemathesis/hooks.py"
[dictionaries]
ids.values = [$ids]
folders.values = ["Receipts", "Photos", "Shopping/Acme"]
emails.values = ["$email"]
passwords.values = ["$password"]
refresh-tokens.values = ["$refresh_token"]
[parameters]
"path.id" = { dictionary = "ids", probability = 0.5 }
"query.fid" = { dictionary = "ids", probability = 0.5 }
"query.path" = { dictionary = "folders", probability = 0.5 }
"body.folder" = { dictionary = "folders", probability = 0.5 }
"body.ids[*]" = { dictionary = "ids", probability = 0.5 }
"body.refreshToken" = { dictionary = "refresh-tokens", probability = 0.5 }
[[operations]]
include-name = "POST /login"
parameters = { "body.email" = { dictionary = "emails" }, "body.password" = { dictionary = "passwords", probability = 0.7 } }
TOML
for _ in $(seq 300); do # until they are organised
  curl -sS -H "Authorization: Bearer $token" "$url/api/stats" | grep -q '"queued":0,"processing":0' && break
  sleep 0.2
done

checks=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance
checks=$checks,response_schema_conformance,ignored_auth
code=0
# The stream of GET /api/events has no end.
(cd "$work" && "$venv/bin/schemathesis" run "$url/openapi.json" --exclude-operation-id watchEvents --header "Authorization: Bearer $token" --checks "$checks" \
  --max-examples "${SCHEMATHESIS_EXAMPLES:-50}" --continue-on-failure --no-color --generation-database none \
  --report junit --report-junit-path "$work/report.xml" "$@") || code=$?

# Its own log is the other witness: what was answered 500 is there.
faults=$(grep -c 'request failed' "$work/log" || true)
[ "$faults" -eq 0 ] || grep 'request failed' "$work/log" | head -5
python3 - "$work/report.xml" <<'PYTHON' || code=1
import sys, xml.etree.ElementTree as tree
cases = list(tree.parse(sys.argv[1]).iter('testcase'))
failed = sum(any(part.tag in ('failure', 'error') for part in case) for case in cases)
print(f'{len(cases) - failed} passed, {failed} failed')
sys.exit(1 if failed or not cases else 0)
PYTHON
[ "$faults" -eq 0 ] && exit "$code" || exit 1
