#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job end to end, with the real gateway, on free ports and in a temporary folder:
# demo.sh PATH_OF_POSTERN. Exits 0 only if every answer is the expected one.
set -uo pipefail

postern=$(readlink -f "${1:?usage: demo.sh PATH_OF_POSTERN}")
work=$(mktemp -d)
export POSTERN_HOME=$work/home
unset POSTERN_SOCKET POSTERN_ADMIN_URL POSTERN_ADMIN_KEY POSTERN_CONFIG POSTERN_CLOCK POSTERN_OUTPUT
mkdir -p "$POSTERN_HOME"
cd "$work" || exit 1
pid=
clean() {
  [ -z "$pid" ] || { kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; }
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' bad=$'\e[31m' good=$'\e[32m' off=$'\e[0m'
else bold='' dim='' bad='' good='' off=''; fi

title() { printf '\n%s%s%s\n' "$bold" "$1" "$off"; }
die() { printf '\n%sdemo failed: %s%s\n' "$bad" "$1" "$off" >&2; [ -z "${answer:-}" ] || printf '%s\n' "$answer" >&2
        [ ! -s gateway.log ] || sed 's/^/gateway: /' gateway.log >&2; exit 1; }
# Shows a command as one would type it, runs it, keeps and prints its output.
show() { printf '%s$ %s%s\n' "$dim" "$1" "$off"; answer=$(eval "$1" 2>&1); result=$?; printf '%s\n' "$answer" | sed 's/^/  /'; }
expect() { case $answer in *"$1"*) ;; *) die "$step: expected \"$1\"" ;; esac; }
status() { case $answer in *"HTTP $1"*) ;; *) die "$step: expected status $1" ;; esac; }

postern() { command "$postern" "$@"; }
# curl's header line needs the key itself; the printed command names the variable.
admin() {
  printf '%s$ curl -X PUT "$ADMIN/%s" -H "X-API-KEY: $KEY" -d '"'%s'"'%s\n' "$dim" "$1" "$2" "$off"
  answer=$(curl -s -w '\nHTTP %{http_code}' -X PUT "$ADMIN/$1" -H "X-API-KEY: $KEY" -d "$2")
  printf '%s\n' "$answer" | grep -v '^$' | cut -c1-160 | sed 's/^/  /'
}
get() {
  local path=$1; shift
  printf '%s$ curl "$PROXY%s"%s%s\n' "$dim" "$path" "${1:+ -H \"${1%%:*}: ...\"}" "$off"
  answer=$(curl -s -w '\nHTTP %{http_code}' "$PROXY$path" ${1:+-H "$1"})
  printf '%s\n' "$answer" | grep -v '^$' | sed 's/^/  /'
}

title "1. A gateway"
step="start"
printf '%s$ postern gateway run --store memory: --proxy 127.0.0.1:0 --admin 127.0.0.1:0%s\n' "$dim" "$off"
"$postern" gateway run --store memory: --proxy 127.0.0.1:0 --admin 127.0.0.1:0 --port-file ports.json 2>gateway.log &
pid=$!
for _ in $(seq 200); do [ -s ports.json ] && break; kill -0 "$pid" 2>/dev/null || die "the gateway ended"; sleep 0.05; done
[ -s ports.json ] || die "the gateway did not become ready"
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" ports.json; }
PROXY=$(field proxy) ADMIN=$(field admin) KEY=$(field admin_key)
sed 's/^/  /' gateway.log

title "2. A consumer with a JWT credential, and a route that wants one"
step="consumer"; admin consumers '{"username":"jack"}'; status 201
step="credential"
admin consumers/jack/credentials '{"id":"cred-jack-jwt-auth","plugins":{"jwt-auth":{"key":"jack-key","secret":"jack-hs256-secret"}}}'; status 201
step="route"
admin routes '{"id":"jwt-route","uri":"/headers","plugins":{"jwt-auth":{}},"upstream":{"type":"roundrobin","nodes":{"httpbin.org:80":1}}}'; status 201

title "3. A token for jack, and a call"
step="mint"; show "postern token mint --consumer jack --ttl 30s -q"
[ "$result" = 0 ] || die "$step"
token=$answer
step="call with a good token"; get /headers "Authorization: $token"; status 200; expect '"X-Consumer-Username": "jack"'

title "4. The same token 31 seconds later"
step="advance the clock"; show "postern clock advance 31s"; [ "$result" = 0 ] || die "$step"
step="call with an expired token"; get /headers "Authorization: $token"; status 401; expect 'failed to verify jwt'
step="explain the expired token"; show "postern explain --last"; expect 'expired'; expect ' ago'

title "5. Access by label"
step="alice"; admin consumers '{"username":"alice","labels":{"team":"platform"}}'; status 201
step="bob"; admin consumers '{"username":"bob","labels":{"team":"sales"}}'; status 201
step="alice's key"; admin consumers/alice/credentials '{"id":"cred-alice","plugins":{"key-auth":{"key":"alice-key"}}}'; status 201
step="bob's key"; admin consumers/bob/credentials '{"id":"cred-bob","plugins":{"key-auth":{"key":"bob-key"}}}'; status 201
step="acl route"
admin routes '{"id":"acl-route","uri":"/get","plugins":{"key-auth":{},"acl":{"allow_labels":{"team":["platform"]}}},"upstream":{"type":"roundrobin","nodes":{"httpbin.org:80":1}}}'; status 201
step="alice may"; get /get "apikey: alice-key"; status 200
step="bob may not"; get /get "apikey: bob-key"; status 403
step="explain bob's refusal"; show "postern explain --last"; expect 'allow_labels.team'; expect 'sales'

title "6. Stop"
step="stop"
kill -TERM "$pid"; wait "$pid"; result=$?; pid=
[ "$result" = 0 ] || die "the gateway ended with $result"
printf '%sall answers as expected: 201, 201, 201, 200, 401 (expired), 200, 403 (label)%s\n' "$good" "$off"
