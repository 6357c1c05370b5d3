#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# API7's page on consumers and credentials: no commands are printed on it; its statements are
# checked one by one, in the profile of APISIX 3.18.
# shellcheck disable=SC2154,SC2016,SC2034
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

CONF='invalid plugins configuration: failed to check the configuration of plugin'
BASIC='"plugins":{"basic-auth":{"username":"foo","password":"bar"}}'
HMAC='"plugins":{"hmac-auth":{"key_id":"my-access-key","secret_key":"my-secret-key"}}'

# ------------------------------------------------------------------------------------------- Consumers
example 'Consumer'
put consumers '{"username":"fetch-bot","desc":"a partner’s application","labels":{"kind":"application","team":"a"}}'
check C-01 "an identity, described" 201 "$status"
check_has C-08 "desc is kept as it is" '"desc":"a partner’s application"' "$body"
check_has C-09 "so are labels" '"labels":{"kind":"application","team":"a"}' "$body"
check C-09 "values are strings without white space" 400 \
  "$(putting consumers '{"username":"x","labels":{"a":"b c"}}' | cut -c1-3)"
check_has C-04 "username is required" 'property \"username\" is required' "$(putting consumers '{}')"
check C-05 "letters, digits, _ and -" 200 "$(putting consumers '{"username":"fetch-bot"}' | cut -c1-3)"
for name in 'fetch bot' a.b ''; do
  check C-05 "not '$name'" 400 "$(putting consumers "{\"username\":\"$name\"}" | cut -c1-3)"
done
long=$(printf 'a%.0s' $(seq 256))
check C-06 "256 characters" 201 "$(putting consumers "{\"username\":\"$long\"}" | cut -c1-3)"
check C-06 "and not one more" 400 "$(putting consumers "{\"username\":\"${long}a\"}" | cut -c1-3)"
clean
put consumers '{"username":"jack"}'
check C-07 "the same name again" 200 "$(putting consumers '{"username":"jack","labels":{"team":"a"}}' | cut -c1-3)"
put consumers '{"username":"jill","labels":{"role":"a"}}'
get consumers
check_has C-07 "makes no second one" '"total":2' "$body"
get 'consumers?label=team'
check C-10 "filtered by label" 'jack' "$(grep -o '"username":"[^"]*"' <<<"$body" | cut -d'"' -f4 | tr '\n' ' ' | sed 's/ $//')"
check C-11 "plugins of a consumer" 200 \
  "$(putting consumers '{"username":"jill","plugins":{"consumer-restriction":{"type":"route_id","blacklist":["closed"]}}}' | cut -c1-3)"
put consumers/jill/credentials/k '{"plugins":{"key-auth":{"key":"jill-key"}}}'
route closed /ip '{"key-auth":{}}'
route open /get '{"key-auth":{}}'
check C-11 "apply to this consumer" '403 {"message":"The route_id is forbidden."}' "$(answer -H 'apikey: jill-key' "$P/ip")"
check C-02 "a rule of an identity" 200 "$(code -H 'apikey: jill-key' "$P/get")"

# ------------------------------------------------------------------------------------------ Credentials
example 'Consumer Credential'
put consumers '{"username":"jack"}'
put consumers/jack/credentials/key '{"plugins":{"key-auth":{"key":"jack-key"}}}'
put consumers/jack/credentials/jwt '{"plugins":{"jwt-auth":{"key":"jack-jwt","secret":"jack-hs256-secret"}}}'
put consumers/jack/credentials/basic "{$BASIC}"
check C-12 "one of each kind" 201 "$status"
put consumers/jack/credentials/hmac "{$HMAC}"
check C-12 "one of each kind" 201 "$status"
for kind in key jwt basic hmac; do route "$kind" "/anything/$kind" "{\"$kind-auth\":{}}"; done
who() { echo "$status $(echoed X-Consumer-Username) $(echoed X-Credential-Identifier)"; }
curl -H 'apikey: jack-key' "$P/anything/key"
check C-12 "key-auth" '200 jack key' "$(who)"
curl -H "Authorization: $(hs256 jack-hs256-secret '{"key":"jack-jwt"}')" "$P/anything/jwt"
check C-12 "jwt-auth" '200 jack jwt' "$(who)"
curl -u foo:bar "$P/anything/basic"
check C-12 "basic-auth" '200 jack basic' "$(who)"
signed my-access-key my-secret-key GET /anything/hmac
check C-12 "hmac-auth" '200 jack hmac' "$(who)"
check C-13 "a name is optional" 201 "$(putting consumers/jack/credentials/named '{"name":"n","plugins":{}}' | cut -c1-3)"
check C-14 "so are plugins" 201 "$(putting consumers/jack/credentials/none '{}' | cut -c1-3)"
check_has C-15 "two of them are refused" 'expect object to have at most 1 properties' \
  "$(putting consumers/jack/credentials/two '{"plugins":{"key-auth":{"key":"a"},"basic-auth":{"username":"u","password":"p"}}}')"
check C-16 "another kind of plugin" '400 {"error_msg":"only supports auth type plugins in consumer credential"}' \
  "$(putting consumers/jack/credentials/acl '{"plugins":{"acl":{"allow_labels":{"a":["b"]}}}}')"

check C-17 "the key in a header" 200 "$(code -H 'apikey: jack-key' "$P/anything/key")"
check C-17 "or an argument" 200 "$(code "$P/anything/key?apikey=jack-key")"

check C-18 "user name and password" 200 "$(code -u foo:bar "$P/anything/basic")"
check C-18 "wrong password" '401 {"message":"Invalid user authorization"}' "$(answer -u foo:baz "$P/anything/basic")"
check C-18 "with a challenge" 'Basic realm="basic"' "$(curl -u foo:baz "$P/anything/basic"; reply_header WWW-Authenticate)"
check C-18 "wrong user" '401 {"message":"Invalid user authorization"}' "$(answer -u bar:bar "$P/anything/basic")"
curl "$P/anything/basic"
check C-18 "none" '401 {"message":"Missing authorization in request"}' "$status $body"
check_has C-18 "explained" 'curl -u user:password' "$(explained)"
check C-18 "something else" '401 {"message":"Invalid authorization in request"}' \
  "$(answer -H 'Authorization: Bearer x' "$P/anything/basic")"
check C-18 "password is required" "400 {\"error_msg\":\"$CONF basic-auth err: property \\\"password\\\" is required\"}" \
  "$(putting consumers/jack/credentials/x '{"plugins":{"basic-auth":{"username":"u"}}}')"
get consumers/jack/credentials/basic
check_has C-18 "the admin sees it" '"password":"bar"' "$body"

signed my-access-key my-secret-key GET '/anything/hmac?b=2&a=1'
check C-19 "a signed request" 200 "$status"
signed_date='Tue, 19 Jan 2016 11:33:20 GMT'
signed my-access-key my-secret-key GET /anything/hmac
check C-19 "another date than the signed one" "401 {\"message\":\"client request can't be validated\"}" "$status $body"
check C-19 "with a challenge" 'hmac realm="hmac"' "$(reply_header WWW-Authenticate)"
check_has C-19 "the trace shows what has to be signed" 'my-access-key⏎GET /anything/hmac⏎date: ' "$(explained)"
unset signed_date
signed_target=/anything/other
signed my-access-key my-secret-key GET /anything/hmac
check C-19 "another path" 401 "$status"
unset signed_target
signed my-access-key other-secret GET /anything/hmac
check C-19 "another secret" 401 "$status"
signed other-key my-secret-key GET /anything/hmac
check C-19 "another key id" 401 "$status"
check_has C-19 "explained" 'no consumer has an hmac-auth credential with key_id "other-key"' "$(explained)"
check C-19 "not signed" "401 {\"message\":\"client request can't be validated: missing Authorization header\"}" \
  "$(answer "$P/anything/hmac")"
route hmac-body /anything/body '{"hmac-auth":{"validate_request_body":true}}'
digest() { printf 'Digest: SHA-256=%s' "$(printf %s "$1" | openssl dgst -sha256 -binary | openssl base64 -A)"; }
signed my-access-key my-secret-key POST /anything/body -H 'Content-Type: application/json' -H "$(digest '{"a":1}')" -d '{"a":1}'
check C-19 "a body and its digest" '200 {\"a\":1}' "$status $(echoed data)"
signed my-access-key my-secret-key POST /anything/body -H 'Content-Type: application/json' -H "$(digest '{"a":1}')" -d '{"a":2}'
check C-19 "another body" 401 "$status"
check_has C-19 "explained" 'not SHA-256= and the digest of the body' "$(explained)"
hmac=(request --hmac my-access-key:my-secret-key)
sent() { "$POSTERN" "$@" 2>/dev/null | head -1; } # the answer's status line
check C-19 "postern request signs" '200 OK' "$(sent "${hmac[@]}" "$P/anything/hmac")"
check C-19 "target, date and body's digest" '200 OK' \
  "$(sent "${hmac[@]}" --sign digest POST "$P/anything/body" -d '{"a":1}')"
for part in date path body digest; do
  check C-19 "altered $part" '401 Unauthorized' \
    "$(sent "${hmac[@]}" --sign digest --alter $part POST "$P/anything/body" -d '{"a":1}')"
done
check_has C-19 "and says why" 'not SHA-256= and the digest of the body' \
  "$("$POSTERN" "${hmac[@]}" --sign digest --alter body --explain POST "$P/anything/body" -d x)"
check C-19 "as the consumer: the same by itself" '200 OK' "$(sent request --as jack POST /anything/body -d x)"
"$POSTERN" clock advance 301s >/dev/null
signed my-access-key my-secret-key GET /anything/hmac
check C-19 "301 s old" 401 "$status"
check_has C-19 "explained" "behind the gateway's clock" "$(explained)"
"$POSTERN" clock set now --mode ticking --force >/dev/null

# ------------------------------------------------------------------------------------------------- Flow
example 'Authentication flow'
put services/petstore "{$UP}"
put routes '{"id":"pets","uri":"/get","service_id":"petstore"}'
put services/petstore "{\"plugins\":{\"basic-auth\":{}},$UP}"
put consumers "{\"username\":\"jack\",\"plugins\":{\"basic-auth\":{\"username\":\"foo\",\"password\":\"bar\"},\"acl\":{\"deny_labels\":{\"a\":[\"b\"]}}}}"
check C-22 "a plugin of the service" 401 "$(code "$P/get")"
check C-22 "its credential" 200 "$(code -u foo:bar "$P/get")"
why=$(explained)
check_has C-21 "step 1: where it was found" 'header "authorization"' "$why"
check_has C-23 "step 3: whose it is" 'lookup     basic-auth           jack' "$why"
check_has C-23 "that it fits" 'signature  basic-auth           password fits' "$why"
check_has C-23 "and the consumer" 'consumer   basic-auth           jack' "$why"
check_has C-24 "step 4: the consumer's plugins" 'acl' "$(sed -n '/consumer   basic-auth/,$p' <<<"$why")"
check_has C-25 "step 5: the upstream" 'upstream' "$why"
put routes '{"id":"pets","uri":"/get","service_id":"petstore","plugins":{"proxy-rewrite":{"headers":{"set":{"X-From":"route"}}},"limit-count":{"count":100,"time_window":60}}}'
put consumers '{"username":"jack","plugins":{"basic-auth":{"username":"foo","password":"bar"},"limit-count":{"count":1,"time_window":60}}}'
check C-24 "refused ones do not count" '401 401 ' "$(code "$P/get"; echo -n ' '; code "$P/get"; echo -n ' ')"
curl -u foo:bar "$P/get"
check C-24 "the consumer's limit is the one that counts" '200 1' "$status $(reply_header X-RateLimit-Limit)"
check C-24 "merged with what the route does" route "$(echoed X-From)"
check C-24 "auth comes first" 401 "$(code -u foo:wrong "$P/get")"
check C-24 "then the limit" 503 "$(code -u foo:bar "$P/get")"
check_has C-24 "in this order" 'limit-count' "$(explained | sed -n '/consumer   basic-auth/,$p')"
delete routes/pets
delete services/petstore

# ----------------------------------------------------------------------------------------- Administration
example 'Credentials, administered'
put consumers '{"username":"jack"}'
put consumers/jack/credentials/a "{$BASIC}"
put consumers/jack/credentials/b "{$HMAC}"
get consumers/jack/credentials
check_has C-26 "listed" '"total":2' "$body"
get consumers
check_lacks C-26 "not among the consumers" 'credentials' "$body"
check C-26 "deleted" 200 "$(delete consumers/jack/credentials/b; echo "$status")"
check C-26 "gone" 404 "$(get consumers/jack/credentials/b; echo "$status")"
check C-28 "one user name, two consumers" \
  '400 {"error_msg":"duplicate username of plugin basic-auth found with credential: a of consumer: jack"}' \
  "$(putting consumers '{"username":"joe","plugins":{"basic-auth":{"username":"foo","password":"x"}}}')"
put consumers/jack/credentials/b "{$HMAC}"
check C-28 "one key id, two credentials" \
  '400 {"error_msg":"duplicate key_id of plugin hmac-auth found with credential: b of consumer: jack"}' \
  "$(putting consumers/jack/credentials/c "{$HMAC}")"
route basic /get '{"basic-auth":{}}'
delete consumers/jack
check C-27 "the credentials go with the consumer" 404 "$(get consumers/jack/credentials; echo "$status")"
check C-27 "and open nothing any more" 401 "$(code -u foo:bar "$P/get")"

# Lint says it of a file before a gateway refuses it, whatever the profile.
for profile in apisix-3.18 apisix-3.15 api7; do
  printf 'profile: %s\nconsumers:\n' "$profile" >"$work/shared.yaml"
  for name in alice bob; do
    printf -- '- username: %s\n  credentials:\n  - {id: %s, name: n, plugins: {key-auth: {key: one-key-for-two}}}\n' \
      "$name" "$name-key" >>"$work/shared.yaml"
  done
  linted=$("$POSTERN" config lint "$work/shared.yaml" 2>&1)
  check C-28 "lint with $profile: a wrong answer" 1 "$?"
  check_has C-28 "lint with $profile: the place and both owners" \
    "shared.yaml:5:56: error: duplicate key of plugin key-auth: credential alice-key of consumer alice has the same as credential bob-key of consumer bob" \
    "$linted"
  check_lacks C-28 "lint with $profile: not the key" 'one-key-for-two' "$linted"
done

in_test C-20 seeds/jwt_auth.sh 'check J-18 "created"'
in_test C-29 gateway/tst_admin_listing.cpp 'page_size'
in_test C-03 gateway/tst_shared_store.cpp 'consumersAreGlobal'
in_test C-03 gateway/tst_shared_store.cpp 'groupsFilterRoutesOnly'
in_test C-06 gateway/tst_profiles.cpp 'C-06: API7, 513'
in_test C-13 gateway/tst_profiles.cpp 'C-13: API7, no name'
in_test C-14 gateway/tst_profiles.cpp 'C-14: API7, no plugins'
in_test C-15 gateway/tst_profiles.cpp 'C-15: API7, none in them'
in_test C-19 cli/tst_access_cli.cpp 'C-19 altered %s'
later C-30 'openid-connect comes later'
summary C 01-30
