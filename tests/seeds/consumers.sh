#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# API7 Enterprise's page on consumers: no commands are printed on it; its statements are checked one
# by one, in the profile of APISIX 3.18.
# shellcheck disable=SC2154,SC2016,SC2034
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

bot() { curl -H 'apikey: bot-key' "$@"; echo "$status"; }
john() { curl -H 'apikey: john-key' "$@"; echo "$status"; }
refused() { curl "$@"; echo "$status $body"; }
FORBIDDEN='403 {"message":"The consumer_name is forbidden."}'

# The figure of the page.
petstore() { # the route's plugins besides key-auth
  put consumers '{"username":"FetchBot","plugins":{"key-auth":{"key":"bot-key"}}}'
  put consumers '{"username":"JohnDoe","plugins":{"key-auth":{"key":"john-key"}}}'
  route petstore /anything/petstore "{\"key-auth\":{}${1:+,$1}}"
}
PET=$P/anything/petstore

# -------------------------------------------------------------------------------------------- Overview
example 'Overview'
petstore
check E-01 "the consumers" 2 "$(get consumers; grep -o '"username":"[^"]*"' <<<"$body" | wc -l | tr -d ' ')"
check E-04 "the route" 201 "$status"
check E-02 "a consumer without credential" 201 "$(putting consumers '{"username":"nobody"}' | cut -c1-3)"
put consumers '{"username":"fallback"}'
put routes '{"id":"fallback","uri":"/fallback","plugins":{"key-auth":{"anonymous_consumer":"fallback"}},"upstream":{"nodes":{"httpbin.org:80":1}}}'
linted=$("$POSTERN" config lint 2>&1)
check_has E-02 "lint warns" 'consumers/nobody: warning: nobody has no credential' "$linted"
check_lacks E-02 "but not of the anonymous one" 'consumers/fallback' "$linted"
delete routes/fallback
delete consumers/fallback
check E-05 "no key" '401 {"message":"Missing API key in request"}' "$(refused "$PET")"
check E-06 "wrong key" '401 {"message":"Invalid API key in request"}' "$(refused -H 'apikey: x' "$PET")"
bot "$PET" >/dev/null
check E-07 "bot-key" '200 FetchBot' "$status $(echoed X-Consumer-Username)"
john "$PET" >/dev/null
check E-07 "john-key" '200 JohnDoe' "$status $(echoed X-Consumer-Username)"

# ------------------------------------------------------------------------------------ The figure's limit
example 'The consumer of the figure that may not call too often'
clock() { "$POSTERN" clock "$@" >/dev/null || echo "# clock $* failed"; }
limited_bot() { # members of limit-count besides its figures
  petstore
  put consumers "{\"username\":\"FetchBot\",\"plugins\":{\"key-auth\":{\"key\":\"bot-key\"},\"limit-count\":{\"count\":2,\"time_window\":5${1:-}}}}"
}
codes() { # COMMAND TIMES: the statuses of so many calls
  local all=''
  for _ in $(seq "$2"); do all+="$("$1" "$PET") "; done
  printf '%s' "$all"
}
stranger() { curl "$@"; echo "$status"; }
clock set 1900000000 --mode frozen --force
limited_bot
check E-11 "ten calls without a key" '401 401 401 401 401 401 401 401 401 401 ' "$(codes stranger 10)"
first=$(codes bot 2)
check E-09 "the first two calls" '200 200 ' "$first"
check E-11 "used nothing of the quota" '200 200 ' "$first"
bot "$PET" >/dev/null
check E-08 "the third within five seconds" 503 "$status"
check E-08 "nothing is left" 0 "$(reply_header X-RateLimit-Remaining)"
check_has E-08 "explained" 'limit-count' "$(explained)"
check E-10 "the other consumer, meanwhile" \
  '200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 ' "$(codes john 20)"
check E-10 "while the bot is limited" 503 "$(bot "$PET")"
clock advance 5s
check E-09 "five seconds later" '200 200 503 ' "$(codes bot 3)"
limited_bot ',"rejected_code":429,"rejected_msg":"slow down"'
check E-08 "with a code of its own" '200 200 429 ' "$(codes bot 3)"
check E-08 "and a message" '429 {"error_msg":"slow down"}' "$(bot "$PET" >/dev/null; echo "$status $body")"
clock set now --mode ticking --force

# ------------------------------------------------------------------------------- Information to the upstream
example 'Pass consumer information to upstream'
petstore
put consumers '{"username":"JohnDoe","labels":{"role":"admin"},"plugins":{"key-auth":{"key":"john-key"}}}'
john "$PET" >/dev/null
check_lacks E-12 "labels are not sent by default" admin "$body"
check E-12 "the name always is" JohnDoe "$(echoed X-Consumer-Username)"
petstore '"attach-consumer-label":{"headers":{"X-Consumer-Role":"$role"}}'
put consumers '{"username":"JohnDoe","labels":{"role":"admin"},"plugins":{"key-auth":{"key":"john-key"}}}'
john "$PET" >/dev/null
check E-13 "chosen labels are" admin "$(echoed X-Consumer-Role)"
curl -H 'apikey: bot-key' -H 'X-Consumer-Role: admin' "$PET"
check E-13 "nobody claims one" '200 (absent)' "$status $(echoed X-Consumer-Role)"

# -------------------------------------------------------------------------------- Consumer access restriction
example 'Consumer access restriction'
petstore '"consumer-restriction":{"whitelist":["JohnDoe"]}'
check E-15 "on the whitelist" 200 "$(john "$PET")"
check E-15 "not on it" "$FORBIDDEN" "$(bot "$PET" >/dev/null; echo "$status $body")"
check_has E-15 "explained" 'consumer_name "FetchBot" is not on the whitelist' "$(explained)"
petstore '"consumer-restriction":{"blacklist":["FetchBot"]}'
check E-16 "on the blacklist" "$FORBIDDEN" "$(bot "$PET" >/dev/null; echo "$status $body")"
check E-16 "not on it" 200 "$(john "$PET")"
petstore '"consumer-restriction":{"allowed_by_methods":[{"user":"JohnDoe","methods":["GET"]}]}'
check E-17 "a listed method" 200 "$(john "$PET")"
check E-17 "another" 403 "$(john -X POST "$PET")"
check E-17 "users not listed" 200 "$(bot -X POST "$PET")"
petstore
put consumers '{"username":"FetchBot","plugins":{"key-auth":{"key":"bot-key"},"consumer-restriction":{"type":"route_id","whitelist":["other"]}}}'
check E-18 "by route, on the consumer" '403 {"message":"The route_id is forbidden."}' \
  "$(bot "$PET" >/dev/null; echo "$status $body")"
put consumers '{"username":"FetchBot","plugins":{"key-auth":{"key":"bot-key"},"consumer-restriction":{"type":"service_id","whitelist":["s"]}}}'
check E-18 "by service: the route has none" \
  '401 {"message":"The request is rejected, please check the service_id for this request"}' \
  "$(bot "$PET" >/dev/null; echo "$status $body")"
petstore '"consumer-restriction":{"type":"consumer_group_id","whitelist":["g"]}'
check E-18 "by group: the consumer has none" \
  '401 {"message":"The request is rejected, please check the consumer_group_id for this request"}' \
  "$(bot "$PET" >/dev/null; echo "$status $body")"
petstore '"consumer-restriction":{"blacklist":["FetchBot"],"rejected_code":418,"rejected_msg":"no"}'
check E-19 "code and message" '418 {"message":"no"}' "$(bot "$PET" >/dev/null; echo "$status $body")"
route petstore /anything/petstore '{"consumer-restriction":{"whitelist":["JohnDoe"]}}'
check E-20 "without authentication" \
  '401 {"message":"The request is rejected, please check the consumer_name for this request"}' "$(refused "$PET")"
check_has E-20 "explained" 'put an authentication plugin' "$(explained)"

# -------------------------------------------------------------------------------- Consumer authentication
example 'Several plugins: all must grant'
put consumers '{"username":"JohnDoe","plugins":{"key-auth":{"key":"john-key"},"basic-auth":{"username":"john","password":"p"}}}'
check E-23 "two on one consumer" 201 "$status"
route petstore /anything/petstore '{"key-auth":{},"basic-auth":{}}'
check E-22 "both" 200 "$(john -u john:p "$PET")"
check E-22 "the first alone" 401 "$(code -u john:p "$PET")"
check E-22 "the other alone" 401 "$(john "$PET")"
john -u john:wrong "$PET" >/dev/null
check E-24 "the second one fails" '401 {"message":"Invalid user authorization"}' "$status $body"
curl -u john:p -H 'apikey: wrong' "$PET"
check E-24 "or the last one, after a success" '401 {"message":"Invalid API key in request"}' "$status $body"
check_has E-24 "the upstream is not called" 'upstream not reached' "$(explained)"
route petstore /anything/petstore '{"multi-auth":{"auth_plugins":[{"basic-auth":{}},{"key-auth":{}}]}}'
check E-22 "multi-auth: one is enough" 200 "$(john "$PET")"
check_has E-22 "the trace shows what refused before" 'nothing found in header "authorization"' "$(explained)"
check E-22 "the other" 200 "$(code -u john:p "$PET")"
curl "$PET"
check E-22 "none" '401 {"message":"Authorization Failed"}' "$status $body"
check E-22 "with the last one's challenge" 'apikey realm="key"' "$(reply_header WWW-Authenticate)"
check_has E-22 "explained" 'none of basic-auth, key-auth accepted the request' "$(explained)"
check E-22 "only authentication plugins" \
  '400 {"error_msg":"failed to check the configuration of plugin multi-auth err: acl plugin is not supported"}' \
  "$(putting routes/x '{"uri":"/x","plugins":{"multi-auth":{"auth_plugins":[{"acl":{}},{"key-auth":{}}]}}}')"

# ------------------------------------------------------------------------- Logging; credentials and plugins
example 'Who it was, for logging and auditing'
petstore
put consumers/JohnDoe/credentials '{"id":"second","plugins":{"key-auth":{"key":"second-key"}}}'
check E-29 "a plugin on the consumer" 200 "$(john "$PET")"
check_has E-29 "lint suggests to move it" 'consumers/JohnDoe /plugins/key-auth: info: ' \
  "$("$POSTERN" config lint 2>&1)"
check E-29 "names no credential" '(absent)' "$(echoed X-Credential-Identifier)"
check E-29 "a credential" 200 "$(code -H 'apikey: second-key' "$PET")"
curl -H 'apikey: second-key' "$PET"
check E-29 "is named" 'JohnDoe second' "$(echoed X-Consumer-Username) $(echoed X-Credential-Identifier)"
traced=$("$POSTERN" trace show last -o json 2>&1)
check_has E-14 "a trace names the consumer" '"JohnDoe"' "$traced"
check_has E-14 "and the credential" '"credential": "second"' "$traced"
check_has E-14 "so does a traffic log line" 'JohnDoe / second' "$("$POSTERN" trace list --limit 1)"
check_has E-14 "and the export" '"credential": "second"' "$("$POSTERN" trace list -o json --limit 1)"

in_test E-25 seeds/credentials.sh 'check C-17'
in_test E-26 seeds/credentials.sh 'check C-12'
in_test E-33 seeds/consumers.sh 'check E-16'
in_test E-27 core/tst_seal.cpp 'apisix 1.14: basic-auth'
later E-03 'openid-connect and authz-keycloak come later'
later E-21 'openid-connect comes later'

example 'Credentials, regularly updated'
petstore
put consumers/JohnDoe/credentials '{"id":"app","plugins":{"key-auth":{"key":"app-key"}}}'
rotated=$("$POSTERN" consumer rotate JohnDoe/app --overlap 1h --reveal)
new_key=$(sed -n 's/^key: //p' <<<"$rotated")
check_has E-28 "rotate adds a new one and says until when the old one goes on" \
  'added app-2 of JohnDoe; app goes on until ' "$rotated"
check E-28 "both are good" '200 200' "$(code -H 'apikey: app-key' "$PET") $(code -H "apikey: $new_key" "$PET")"
get consumers/JohnDoe/credentials
check_has E-28 "two credentials" '"total":2' "$body"
"$POSTERN" clock advance 61m >/dev/null
for _ in $(seq 200); do # leases are looked after in the background
  [ "$(code -H 'apikey: app-key' "$PET")" != 401 ] || break
done
check E-28 "then the old one is removed" '401 200' "$(code -H 'apikey: app-key' "$PET") $(code -H "apikey: $new_key" "$PET")"
"$POSTERN" clock set now --mode ticking --force >/dev/null
in_test E-28 gui/tst_consumers_model.cpp 'E-28: last use'
in_test E-28 gui/tst_scenarios_consumers.cpp 'E-28: how old it is'
in_test E-28 cli/tst_access_cli.cpp 'E-28 jwt-auth'
summary E 01-29 33-33
