# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Helpers of the seed scripts: the manuals' `curl` lines as they are printed, requests of our own,
# one result per numbered row, and the table at the end. Sourced by the scripts beside it, which
# run inside `postern exec`; see tests/README.md.
set -uo pipefail
export LC_ALL=C.UTF-8

: "${POSTERN_PROXY_URL:?run me with tests/seeds/run, or under postern exec --compat-env}"
: "${POSTERN_ADMIN_URL:?run me under postern exec}" "${ADMIN_API_KEY:?run me with --compat-env}"
POSTERN=${POSTERN:-postern}
A=$POSTERN_ADMIN_URL
P=$POSTERN_PROXY_URL
H="X-API-KEY: $ADMIN_API_KEY"
proxy_host=${P#http://}
admin_host=${A#http://} admin_host=${admin_host%%/*}
vault_host=${VAULT_ADDR:-http://127.0.0.1:8200} vault_host=${vault_host#http://}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The manuals' fixed ports become those of this run; with --fixed-ports they are the same.
ported() {
  local word=${1//127.0.0.1:9080/$proxy_host}
  word=${word//127.0.0.1:9180/$admin_host}
  word=${word//127.0.0.1:8200/$vault_host}
  printf '%s' "${word//0.0.0.0:8200/$vault_host}"
}

# What stands in for curl in the manuals' lines: same arguments, the answer in $status, $head and
# $body. (-i only repeats the head in the output.)
curl() {
  local word arguments=()
  for word; do
    [ "$word" = -i ] || arguments+=("$(ported "$word")")
  done
  : >"$work/body"
  status=$(command curl -sS --max-time 20 -D "$work/head" -o "$work/body" -w '%{http_code}' \
    "${arguments[@]}" 2>"$work/error") || status="curl: $(cat "$work/error")"
  head=$(tr -d '\r' <"$work/head" 2>/dev/null)
  body=$(cat "$work/body")
}

code() { curl "$@"; printf '%s' "$status"; }
answer() { curl "$@"; printf '%s %s' "$status" "$body"; }
put() { curl -X PUT -H "$H" "$A/$1" -d "$2"; }
get() { curl -H "$H" "$A/$1"; }
delete() { curl -X DELETE -H "$H" "$A/$1"; }
# "STATUS BODY" of a PUT, for checks.
putting() { put "$@"; printf '%s %s' "$status" "$body"; }

# Of the last answer: a header of it; a header, argument or other text member that the built-in
# upstream echoed. "(absent)" if there is none.
reply_header() { sed -n "s/^$1: //Ip" <<<"$head" | grep . || echo '(absent)'; }
echoed() { sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" <<<"$body" | grep . || echo '(absent)'; }
members() { sed -n 's/^  "\([^"]*\)": .*/\1/p' <<<"$body" | tr '\n' ' '; }
echoed_names() { sed -n 's/^    "\([^"]*\)": .*/\1/p' <<<"$body" | tr '\n' ' '; }

# Why the last request was refused or allowed.
explained() { "$POSTERN" explain --last 2>&1; }

UP='"upstream":{"type":"roundrobin","nodes":{"httpbin.org:80":1}}'
route() { put routes "{\"id\":\"$1\",\"uri\":\"$2\",\"plugins\":$3,$UP}"; }
jack() {
  put consumers '{"username":"jack"}'
  put consumers/jack/credentials '{"id":"cred-jack-jwt-auth","plugins":{"jwt-auth":{"key":"jack-key","secret":"jack-hs256-secret"}}}'
}
ids() { get "$1"; grep -o "\"key\":\"/apisix/$1/[^\"]*\"" <<<"$body" | sed "s|.*/$1/||; s/\"\$//"; }
# Every example of a manual begins with nothing.
clean() {
  local id
  for id in $(ids routes); do delete "routes/$id"; done
  for id in $(ids consumers); do delete "consumers/$id"; done
}
example() { printf '# %s\n' "$*"; clean; }

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
# hs256 SECRET PAYLOAD [HEADER]: a token made by OpenSSL, not by the product under test.
hs256() {
  local header=${3:-'{"alg":"HS256","typ":"JWT"}'} input key
  input=$(printf %s "$header" | base64url).$(printf %s "$2" | base64url)
  key=$(printf %s "$1" | od -An -v -tx1 | tr -d ' \n')
  key=${key:-00} # HMAC fills keys up with zeros
  printf '%s.%s' "$input" \
    "$(printf %s "$input" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64url)"
}

# signed KEY-ID SECRET METHOD TARGET [CURL-ARGUMENT...]: a request with hmac-auth's signature over
# target and date, made by OpenSSL. $signed_date and $signed_target are signed where they are set.
signed() {
  local id=$1 secret=$2 method=$3 target=$4 date line signature
  shift 4
  date=$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')
  printf -v line '%s\n%s %s\ndate: %s\n' "$id" "$method" "${signed_target:-$target}" "${signed_date:-$date}"
  signature=$(printf %s "$line" | openssl dgst -sha256 -mac HMAC -macopt "key:$secret" -binary | openssl base64 -A)
  curl -X "$method" -H "Date: $date" \
    -H "Authorization: Signature keyId=\"$id\",algorithm=\"hmac-sha256\",headers=\"@request-target date\",signature=\"$signature\"" \
    "$@" "$P$target"
}

declare -A results=() reasons=() tested_by=()
count=0 failures=0

# check ROW TEXT EXPECTED ACTUAL
check() {
  count=$((count + 1))
  if [ "$3" = "$4" ]; then
    printf 'ok %d - %s %s\n' "$count" "$1" "$2"
    : "${results[$1]:=ok}"
  else
    printf 'not ok %d - %s %s\n' "$count" "$1" "$2"
    printf '%s\n' "$3" | sed 's/^/#   expected  /'
    printf '%s\n' "$4" | sed 's/^/#   got       /'
    results[$1]='NOT OK'
    failures=$((failures + 1))
  fi
}
# check_has ROW TEXT WANTED TEXT-TO-LOOK-IN; check_lacks is its opposite
check_has() {
  case $4 in *"$3"*) check "$1" "$2" "$3" "$3" ;; *) check "$1" "$2" "...$3..." "$4" ;; esac
}
check_lacks() {
  case $4 in *"$3"*) check "$1" "$2" "nothing like $3" "$4" ;; *) check "$1" "$2" '' '' ;; esac
}

# A row, or a part of one, that no check of the script proves: why, or which test does.
later() { reasons[$1]=$2; }
# in_test ROW FILE ROW-NAME: proved by a data row of that name in a test program. A name that is
# gone fails here.
in_test() {
  local file=$tests/$2
  if grep -qF -- "$3" "$file"; then
    tested_by[$1]+="${tested_by[$1]:+, }$2 \"$3\""
  else
    check "$1" "$2 has a row \"$3\"" "a row" "none"
  fi
}

# summary LETTER FIRST-LAST...: the table; every row of the ranges must be in it.
summary() {
  local letter=$1 range number row state
  shift
  printf '# row   result\n'
  for range; do
    for number in $(seq -w "${range%-*}" "${range#*-}"); do
      row=$letter-$number
      state=${results[$row]:-}
      [ -n "${tested_by[$row]:-}" ] && state=${state:+$state; also }${tested_by[$row]}
      [ -n "${reasons[$row]:-}" ] && state=${state:+$state; }"not covered: ${reasons[$row]}"
      [ -n "$state" ] || check "$row" "has a check or a reason" "one" "none"
      printf '# %-6s %s\n' "$row" "${state:-MISSING}"
    done
  done
  printf '1..%d\n# %d failed\n' "$count" "$failures"
  [ "$failures" = 0 ]
}

tests=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# The tokens printed in the manuals, by their number in order of appearance.
# shellcheck disable=SC2034
{
  T1=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqYWNrLWtleSIsIm5iZiI6MTcyOTEzMjI3MX0.0VDKUzNkSaa_H5g_rGNbNtDcKJ9fBGgcGC56AsVsV-I
  T5=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqd3QtdmF1bHQta2V5IiwibmJmIjoxNzI5MTMyMjcxfQ.faiN93LNP1lGSXqAb4empNJKMRWop8-KgnU58VQn1EE
  T7=eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqYWNrLWtleSIsImV4cCI6MTczNDIzMDQwMH0.XjqM0oszmCggwZs-8PUIlJv8wPJON1la2ET5v70E6TCE32Yq5ibrl-1azaK7IreAer3HtnVHeEfII2rR02v8xfR1TPIjU_oHov4qC-A4tLTbgqGVXI7fCy2WFm3PFh6MEKuRe6M3dCQtCAdkRRQrBr1gWFQZhV3TNeMmmtyIfuJpB7cp4DW5pYFsCcoE1Nw6Tz7dt8k0tPBTPI2Mv9AYfMJ30LHDscOaPNtz8YIk_TOkV9b9mhQudUJ7J_suCZMRxD3iL655jTp2gKsstGKdZa0_W9Reu4-HY3LSc5DS1XtfjuftpuUqgg9FvPU0mK_b0wT_Rq3lbYhcHb9GZ72qiQ
  T8=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqYWNrLWtleSIsIm5iZiI6MTcyOTEzMjI3MX0.hjtSsEILpko14zb8-ibyxrB2tA5biYY9JrFm3do69vs
}
