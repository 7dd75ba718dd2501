#!/usr/bin/env bash
# Uploads every image of a folder; --help says how. Written for bash 3.2 (macOS) and newer; needs curl, awk, sed, find.
set -uo pipefail

files_per_request=20
bytes_per_request=100000000

usage() {
  cat <<'HELP'
Usage: scripts/upload-folder.sh FOLDER

Uploads every image below FOLDER (jpg jpeg png webp gif tif tiff bmp, in any case) to Image Organizer, up to 20 in one
request, so that one email comes for each 20 images. Stop it at any time: run it again and it goes on where it was.
What the server has is known by its content (SHA-256): a file that was renamed, moved or copied is not sent again, a
file that was changed is.

Settings (environment):
  IO_URL       the server (http://localhost:8080)
  IO_EMAIL     your account; asked for on a terminal
  IO_PASSWORD  asked for on a terminal
  IO_TOKEN     an API token in place of the password; set IO_EMAIL too, so that a newer token of the same account
               does not start from the beginning
  IO_RETRIES   how often a request is repeated while the server is away or busy (8)
  IO_BACKOFF   seconds before the first repetition; doubled each time up to 60 (1)

What was uploaded is noted in ${XDG_STATE_HOME:-~/.local/state}/image-organizer/.

Exit code: 0 all is uploaded, 1 some files were refused (listed with the reason), 2 it could not finish, 130 stopped.
HELP
}

# --- What the person sees ---------------------------------------------------------------------------------------------

clear_bar() { if [ "$on_terminal" = yes ]; then printf '\r\033[K'; fi; }

die() {
  clear_bar
  printf 'upload-folder: %s\n' "$*" >&2
  exit 2
}

notice() {
  clear_bar
  printf '%s\n' "$*"
}

# $1: what is going on now
draw_bar() {
  [ "$on_terminal" = yes ] || return 0
  local filled=$((settled * 24 / total)) bar='' text
  while [ ${#bar} -lt 24 ]; do
    if [ ${#bar} -lt $filled ]; then bar="$bar#"; else bar="$bar."; fi
  done
  text="[$bar] $settled/$total $((settled * 100 / total))% ${1//[[:cntrl:]]/?}"
  printf '\r%s\033[K' "${text:0:$((width - 1))}"
}

measure_terminal() { width=$(tput cols 2>/dev/null || echo 80); }

# One more file is done: a line for it where there is no terminal to draw a bar on. $1: what became of it  $2: its path
settle() {
  local name=${2#"$folder/"}
  settled=$((settled + 1))
  draw_bar "$name"
  [ "$on_terminal" = yes ] || printf '[%s/%s %s%%] %s %s\n' "$settled" "$total" $((settled * 100 / total)) "$1" "${name//[[:cntrl:]]/?}"
}

# $1: path  $2: why
refuse() {
  local name=${1#"$folder/"}
  refusals[${#refusals[@]}]="${name//[[:cntrl:]]/?}: $2"
  settle 'refused ' "$1"
}

report() {
  clear_bar
  echo "Uploaded $uploaded, already there $known, refused ${#refusals[@]}."
  [ ${#refusals[@]} -gt 0 ] || return 0
  printf '  %s\n' "${refusals[@]}"
  return 1
}

# --- Helpers ----------------------------------------------------------------------------------------------------------

if command -v sha256sum >/dev/null; then
  sha256() { sha256sum | cut -d' ' -f1; }
elif command -v shasum >/dev/null; then
  sha256() { shasum -a 256 | cut -d' ' -f1; }
else
  sha256() { openssl dgst -sha256 -r | cut -d' ' -f1; }
fi

# JSON on stdin -> one line "path.to.value<TAB>value" for each value. Escapes that name a control character become
# blanks, \uXXXX stays as it is: what is compared afterwards, ids and names of files, has neither.
flatten_json() {
  LC_ALL=C awk '
    function unescape(s,   out, at, letter) {
      while ((at = index(s, "\\")) > 0) {
        letter = substr(s, at + 1, 1)
        out = out substr(s, 1, at - 1) (letter ~ /[bfnrt]/ ? " " : letter == "u" ? "\\u" : letter)
        s = substr(s, at + 2)
      }
      return out s
    }
    function path(   level, joined) {
      for (level = 1; level <= depth; level++) joined = joined (level > 1 ? "." : "") name[level]
      return joined
    }
    { text = text $0 "\n" }
    END {
      while (match(text, /^[ \t\r\n]*("([^"\\]|\\.)*"|[][{}:,]|[^][{}:," \t\r\n]+)/)) {
        token = substr(text, 1, RLENGTH)
        text = substr(text, RLENGTH + 1)
        sub(/^[ \t\r\n]+/, "", token)
        if (token == "{" || token == "[") { kind[++depth] = token; name[depth] = token == "[" ? 0 : "" }
        else if (token == "}" || token == "]") depth--
        else if (token == ",") { if (kind[depth] == "[") name[depth]++; else name[depth] = "" }
        else if (token != ":") {
          value = substr(token, 1, 1) == "\"" ? unescape(substr(token, 2, length(token) - 2)) : token
          if (kind[depth] == "{" && name[depth] == "") name[depth] = value
          else print path() "\t" value
        }
      }
    }'
}

# $1: a path in the flattened answer, as a regular expression -> its values, one a line
answer() { LC_ALL=C sed -n "s/^$1$tab//p" "$work/answer"; }

# The last answer that explains itself, in words.
explanation() {
  local detail
  detail=$(answer detail)
  [ -n "$detail" ] || detail=$(answer title)
  printf '%s' "${detail:-the server answered $http_code}"
}

# A line of curl's configuration, which goes to it by stdin: what stands there is in no process list. $1: option  $2: value
config_line() { printf '%s = "%s"' "$1" "$(printf '%s' "$2" | LC_ALL=C sed 's/[\\"]/\\&/g')"; }

# --- HTTP -------------------------------------------------------------------------------------------------------------

# Seconds to wait: what the server asked for, or $1.
pause_before_retry() {
  local asked
  asked=$(LC_ALL=C awk 'tolower($1) == "retry-after:" { print $2 + 0 }' "$work/headers" 2>/dev/null | tail -n 1)
  if [ "${asked:-0}" -gt 0 ] 2>/dev/null; then echo "$asked"; else echo "$1"; fi
}

# One request, repeated while the server is away (no answer), busy (429, 408) or ill (5xx).
# $1: line of curl's configuration  $2...: its arguments. Sets http_code; the answer is in $work/answer, flattened.
# Returns 1 when curl could not read a file.
call() {
  local config=$1 attempt=0 pause=$backoff seconds code
  shift
  while :; do
    : >"$work/body" >"$work/headers"
    http_code=$(printf '%s\n' "$config" | curl --config - --silent --show-error --connect-timeout 15 --speed-limit 1 \
      --speed-time 300 --output "$work/body" --dump-header "$work/headers" --write-out '%{http_code}' "$@" 2>"$work/error")
    code=$?
    [ $code -ne 26 ] || return 1
    # An answer that was cut is none; but a refusal counts although the server did not wait for the whole request.
    case $code-$http_code in 0-* | *-4?? | *-5??) ;; *) http_code=000 ;; esac
    case $http_code in 000 | 408 | 429 | 5??) ;; *) break ;; esac
    attempt=$((attempt + 1))
    [ $attempt -le "$retries" ] || die "gave up: $(why). Run it again to go on."
    seconds=$(pause_before_retry "$pause")
    notice "$(why); trying again in $seconds s"
    sleep "$seconds"
    pause=$((pause * 2 > 60 ? 60 : pause * 2))
  done
  flatten_json <"$work/body" >"$work/answer"
}

why() {
  if [ "$http_code" = 000 ]; then echo "no answer from $url ($(head -n 1 "$work/error"))"; else echo "$url answered $http_code"; fi
}

log_in() {
  call "$(config_line user "$email:$password")" --request POST "$url/login"
  token=$(answer accessToken)
  case $http_code in
    2??) [ -n "$token" ] || die "$url answered the login without a token: is it Image Organizer?" ;;
    401) die "wrong email or password" ;;
    *) die "login failed: $(explanation)" ;;
  esac
}

# As call, with the token; a token that expired is replaced once.
call_with_token() {
  [ -n "$token" ] || log_in
  call "$(config_line header "Authorization: Bearer $token")" "$@" || return 1
  [ "$http_code" = 401 ] || return 0
  [ -n "$password" ] || die "the token in IO_TOKEN is not valid (any more): $(explanation)"
  log_in
  call "$(config_line header "Authorization: Bearer $token")" "$@" || return 1
  [ "$http_code" != 401 ] || die "$url refuses a new token: $(explanation)"
}

# --- What is known of earlier runs ------------------------------------------------------------------------------------

was_uploaded() { grep -q "^$1" "$uploaded_list"; }

# $1: first file of the batch, $2: behind the last one. What is being sent is written down before it is: after a crash
# the very same request is repeated, with the same key, and the server answers as it did or would have.
write_journal() {
  local index
  for ((index = $1; index < $2; index++)); do
    printf '%s%s\0' "${batch_hashes[index]}" "${batch_paths[index]}"
  done >"$journal.new" && mv "$journal.new" "$journal" || die "cannot write $journal"
}

# The request that was under way when the last run ended, if its files are still what they were.
resume_journal() {
  local record
  [ -f "$journal" ] || return 0
  while IFS= read -r -d '' record; do
    [ "$(sha256 2>/dev/null <"${record:64}")" = "${record:0:64}" ] || { empty_batch && return 0; }
    add_to_batch "${record:64}" "${record:0:64}" 0
    resumed[${#resumed[@]}]=${record:64}
  done <"$journal"
  send_batch
}

is_resumed() {
  local index
  for ((index = 0; index < ${#resumed[@]}; index++)); do
    [ "${resumed[index]}" != "$1" ] || return 0
  done
  return 1
}

# --- Batches ----------------------------------------------------------------------------------------------------------

empty_batch() {
  batch_paths=() batch_hashes=() batch_names=() batch_bytes=0 resumed=()
}

# The name sent to the server: the last part of the path, without what the header of a multipart part cannot carry.
wire_name() {
  local name=${1##*/} quote='"' backslash='\' apostrophe="'"
  name=${name//"$quote"/$apostrophe}
  name=${name//"$backslash"/_}
  printf '%s' "${name//[[:cntrl:]]/ }"
}

# $1: path  $2: hash  $3: bytes
add_to_batch() {
  local next=${#batch_paths[@]}
  batch_paths[next]=$1
  batch_hashes[next]=$2
  batch_names[next]=$(wire_name "$1")
  batch_bytes=$((batch_bytes + $3))
}

batch_has_hash() {
  local index
  for ((index = 0; index < ${#batch_hashes[@]}; index++)); do
    [ "${batch_hashes[index]}" != "$1" ] || return 0
  done
  return 1
}

# Whether the file $1 of $2 bytes must wait for the next request. Two files of one name would make the answer ambiguous.
is_full_for() {
  local index name
  [ ${#batch_paths[@]} -gt 0 ] || return 1
  [ ${#batch_paths[@]} -lt $files_per_request ] && [ $((batch_bytes + $2)) -le $bytes_per_request ] || return 0
  name=$(wire_name "$1")
  for ((index = 0; index < ${#batch_names[@]}; index++)); do
    [ "${batch_names[index]}" != "$name" ] || return 0
  done
  return 1
}

send_batch() {
  [ ${#batch_paths[@]} -eq 0 ] && return 0
  send_range 0 ${#batch_paths[@]}
  rm -f "$journal"
  batch_paths=() batch_hashes=() batch_names=() batch_bytes=0
}

# Sends the files $1 up to, not including, $2 of the batch in one request and settles them.
send_range() {
  local from=$1 to=$2 index form=() key
  write_journal "$from" "$to"
  key=$(sha256 <"$journal") # of the contents and where they are: the same batch has the same key
  for ((index = from; index < to; index++)); do
    # Links with plain names, because curl's way to quote a path differs between versions.
    ln -sf "${batch_paths[index]}" "$work/file$index"
    form[${#form[@]}]=--form
    form[${#form[@]}]="file=@$work/file$index;filename=\"${batch_names[index]}\""
  done
  draw_bar "sending $((to - from)) files, ${batch_names[from]} …"
  if ! call_with_token --header "Idempotency-Key: $key" "${form[@]}" "$url/upload"; then
    for ((index = from; index < to; index++)); do refuse "${batch_paths[index]}" 'could not be read while it was sent'; done
    return
  fi
  case $http_code in
    2??) settle_range "$from" "$to" ;;
    413) if [ $((to - from)) -gt 1 ]; then split_range "$from" "$to"; else refuse_range "$from" "$to"; fi ;;
    415 | 422) refuse_range "$from" "$to" ;;
    *) die "$url/upload answered $http_code: $(explanation)" ;;
  esac
}

# Together they are too large for this server.
split_range() {
  local middle=$((($1 + $2) / 2))
  send_range "$1" $middle
  send_range $middle "$2"
}

# Nothing was accepted: one reason for each file where the server gives as many, else one for all.
refuse_range() {
  local from=$1 to=$2 index reasons=() reason
  while IFS= read -r reason; do reasons[${#reasons[@]}]=$reason; done < <(answer 'errors\.[0-9]*\.detail')
  reason=$(explanation)
  for ((index = from; index < to; index++)); do
    if [ ${#reasons[@]} -eq $((to - from)) ]; then reason=${reasons[index - from]}; fi
    refuse "${batch_paths[index]}" "$reason"
  done
}

accept() {
  printf '%s %s\n' "${batch_hashes[$1]}" "${batch_names[$1]}" >>"$uploaded_list" || die "cannot write $uploaded_list"
  uploaded=$((uploaded + 1))
  settle uploaded "${batch_paths[$1]}"
}

# Which of the files were accepted and which refused is told by their names. Where the server changed names (Unicode
# forms, very long ones) the rest is clear as long as all of it had the same fate; else each is sent alone.
settle_range() {
  local from=$1 to=$2 index name accepted=() refused=() reasons=() unclear=() position
  while IFS= read -r name; do accepted[${#accepted[@]}]=$name; done < <(answer 'images\.[0-9]*\.filename')
  while IFS= read -r name; do refused[${#refused[@]}]=$name; done < <(answer 'refused\.[0-9]*\.filename')
  while IFS= read -r name; do reasons[${#reasons[@]}]=$name; done < <(answer 'refused\.[0-9]*\.detail')
  local accepted_left=${#accepted[@]} refused_left=${#refused[@]}
  for ((index = from; index < to; index++)); do
    name=${batch_names[index]}
    if position=$(position_of "$name" ${accepted[@]+"${accepted[@]}"}); then
      accept $index
      accepted_left=$((accepted_left - 1))
    elif position=$(position_of "$name" ${refused[@]+"${refused[@]}"}); then
      refuse "${batch_paths[index]}" "${reasons[position]-refused}"
      refused_left=$((refused_left - 1))
      unset "reasons[position]"
    else
      unclear[${#unclear[@]}]=$index
    fi
  done
  [ ${#unclear[@]} -gt 0 ] || return 0
  reasons=(${reasons[@]+"${reasons[@]}"})
  for ((position = 0; position < ${#unclear[@]}; position++)); do
    index=${unclear[position]}
    if [ ${#unclear[@]} -ne $((accepted_left + refused_left)) ]; then
      refuse "${batch_paths[index]}" 'the server did not say what became of it'
    elif [ $refused_left -eq 0 ]; then
      accept "$index"
    elif [ $accepted_left -eq 0 ]; then
      refuse "${batch_paths[index]}" "${reasons[position]-refused}"
    else
      send_range "$index" $((index + 1))
    fi
  done
}

# $1: a name  $2...: names -> the position of the first that equals it, from 0; returns 1 when there is none
position_of() {
  local name=$1 position=0
  shift
  while [ $# -gt 0 ]; do
    if [ "$1" = "$name" ]; then echo $position && return 0; fi
    position=$((position + 1))
    shift
  done
  return 1
}

# --- The run ----------------------------------------------------------------------------------------------------------

find_images() {
  find -H "$folder" -type f ! -name '._*' \( -iname '*.jpg' -o -iname '*.jpeg' -o -iname '*.png' -o -iname '*.webp' \
    -o -iname '*.gif' -o -iname '*.tif' -o -iname '*.tiff' -o -iname '*.bmp' \) -print0
}

take_file() {
  local path=$1 hash bytes
  draw_bar "${path#"$folder/"}"
  if ! hash=$(sha256 2>/dev/null <"$path") || ! bytes=$(wc -c <"$path"); then
    refuse "$path" 'cannot be read'
    return
  fi
  if was_uploaded "$hash" || batch_has_hash "$hash"; then
    known=$((known + 1))
    settle 'already there' "$path"
    return
  fi
  if is_full_for "$path" "$bytes"; then send_batch; fi
  add_to_batch "$path" "$hash" "$bytes"
}

# Asks on a terminal for what the environment does not say.
ask_credentials() {
  if [ -n "$token" ]; then return 0; fi
  [ -t 0 ] || { [ -n "$email" ] && [ -n "$password" ]; } || die 'set IO_EMAIL and IO_PASSWORD, or IO_TOKEN'
  if [ -z "$email" ]; then read -r -p 'Email: ' email; fi
  if [ -z "$password" ]; then
    read -r -s -p "Password of $email: " password
    echo >&2
  fi
}

open_state() {
  local directory=${XDG_STATE_HOME:-$HOME/.local/state}/image-organizer account=$email
  [ -n "$account" ] || account="token $(printf '%s' "$token" | sha256)"
  (umask 077 && mkdir -p "$directory") || die "cannot make $directory"
  uploaded_list=$directory/$(printf '%s\n%s' "$url" "$account" | sha256).uploaded
  journal=$directory/$(printf '%s\n%s\n%s' "$url" "$account" "$folder" | sha256).sending
  touch "$uploaded_list" || die "cannot write $uploaded_list"
}

stop() {
  notice 'Stopped. Run it again to go on.'
  exit 130
}

main() {
  local path files=()
  while IFS= read -r -d '' path; do files[${#files[@]}]=$path; done < <(find_images)
  total=${#files[@]}
  if [ "$total" -eq 0 ]; then notice "No images below $folder." && return 0; fi
  ask_credentials
  open_state
  resume_journal
  for path in "${files[@]}"; do
    is_resumed "$path" || take_file "$path"
  done
  send_batch
  report
}

case ${1:-} in -h | --help) usage && exit 0 ;; esac
on_terminal=no
if [ -t 1 ]; then on_terminal=yes; fi
measure_terminal
[ $# -eq 1 ] || { usage >&2 && exit 2; }
unset CDPATH
folder=$(cd -- "$1" 2>/dev/null && pwd) || die "there is no folder $1"
command -v curl >/dev/null || die 'curl is not installed'

url=${IO_URL:-http://localhost:8080} email=${IO_EMAIL:-} password=${IO_PASSWORD:-} token=${IO_TOKEN:-}
url=${url%/}
retries=${IO_RETRIES:-8} backoff=${IO_BACKOFF:-1}
unset IO_PASSWORD IO_TOKEN # curl and the others need not inherit them
if [ -n "$token" ]; then password=''; fi
tab=$(printf '\t')
settled=0 uploaded=0 known=0 total=0 refusals=()
empty_batch
work=$(mktemp -d "${TMPDIR:-/tmp}/upload-folder.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap stop INT TERM HUP
trap measure_terminal WINCH
main
