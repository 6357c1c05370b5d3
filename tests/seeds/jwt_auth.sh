#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The examples of the API7 hub page for jwt-auth.
# Lines that begin with `curl "http` or `openssl` and an example's JSON are the page's own, letter by
# letter; what had to be corrected is marked [D] with its row. T1 to T8 are the page's tokens by
# their number in order of appearance.
# shellcheck disable=SC2154,SC2016,SC2034
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# The page's RSA public key; its private key is not repeated, rows that need one make a pair.
PUB='MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnE0h4k/GWfEbYO/yE2MPjHtNKDLNz4mv1KNIPLxY2ccjPYOtjuug+iZ4MujLV59YfrHriTs0H8jweQfff3pRSMjyEK+4qWTY3TeKBXIEa3pVDeoedSJrgjLBVio6xH7et8ir+QScScfLaJHGB4/l3DDGyEhO782a9teY8brn5hsWX5uLmDJvxtTGAHYi847XOcx2UneW4tZ8wQ6JGBSiSg5qAHan4dFZ7CpixCNNqEcSK6EQ7lKOLeFGG8ys/dHBIEasU4oMlCuJH77+XQQ/shchy+vm9oZfP+grLZkV+nKAd8MQZsid7ZJ/fiB/BmnhGrjtIfh98jwxSx4DgdLhdwIDAQAB'
BEGIN_PUB='-----BEGIN PUBLIC KEY-----' END_PUB='-----END PUBLIC KEY-----'
CONF='failed to check the configuration of plugin jwt-auth err: '
REFUSED='401 {"message":"failed to verify jwt"}'

jwt_credential() { # the credential's plugin configuration -> the Admin API's answer
  putting consumers/jack/credentials "{\"id\":\"cred-jack-jwt-auth\",\"plugins\":{\"jwt-auth\":$1}}"
}
with() { # TOKEN [PATH] -> "STATUS BODY" of a refusal, "200" of a success
  curl -H "Authorization: $1" "$P${2:-/headers}"
  if [ "$status" = 200 ]; then echo 200; else echo "$status $body"; fi
}
clock() { "$POSTERN" clock "$@" >/dev/null || echo "# clock $* failed"; }
real_time() { clock set now --mode ticking --force; }

# ---------------------------------------------------------------- Use JWT for Consumer Authentication
example 'Use JWT for Consumer Authentication'

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"username": "jack"
}'

created=$(sed -n 's/.*"create_time":\([0-9]*\).*/\1/p' <<<"$body")
check J-16 "a new consumer" '201 {"key":"/apisix/consumers/jack","value":{"username":"jack","create_time":N,"update_time":N}}' \
  "$status $(sed -E 's/:[0-9]{10}\b/:N/g' <<<"$body")"
clock advance 5s
put consumers '{"username":"jack"}'
check J-16 "the second time, create_time kept" "200 $created" \
  "$status $(sed -n 's/.*"create_time":\([0-9]*\).*/\1/p' <<<"$body")"
check_lacks J-16 "and update_time moved" "\"update_time\":$created" "$body"
real_time
check J-17 "no key" '401 {"error_msg":"failed to check token","description":"missing apikey"}' \
  "$(answer "$A/routes")"
check J-17 "wrong key" '401 {"error_msg":"failed to check token","description":"wrong apikey"}' \
  "$(answer -H 'X-API-KEY: nonsense' "$A/routes")"
check J-17 "key as an argument" 200 "$(code "$A/routes?api_key=$ADMIN_API_KEY")"
check J-17 "key as a cookie" 200 "$(code --cookie "x_api_key=$ADMIN_API_KEY" "$A/routes")"

curl "http://127.0.0.1:9180/apisix/admin/consumers/jack/credentials" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "cred-jack-jwt-auth",
"plugins": {
"jwt-auth": {
"key": "jack-key",
"secret": "jack-hs256-secret"
}
}
}'

check J-18 "created" 201 "$status"
check_has J-18 "with its key" '"key":"/apisix/consumers/jack/credentials/cred-jack-jwt-auth"' "$body"
CRED='"plugins":{"jwt-auth":{"key":"jack-key","secret":"jack-hs256-secret"}}'
put consumers/jack/credentials/cred-jack-jwt-auth "{$CRED}"
check J-19 "id in the path" 200 "$status"
check J-19 "another id in the body" '400 {"error_msg":"wrong credential id"}' \
  "$(putting consumers/jack/credentials/cred-jack-jwt-auth "{\"id\":\"other\",$CRED}")"
check J-19 "no id" '400 {"error_msg":"missing credential id"}' \
  "$(putting consumers/jack/credentials "{$CRED}")"
check J-20 "unknown consumer" '404 {"error_msg":"consumer not found"}' \
  "$(putting consumers/nobody/credentials '{"id":"x","plugins":{"key-auth":{"key":"k"}}}')"
check J-21 "without key" \
  "400 {\"error_msg\":\"invalid plugins configuration: ${CONF}property \\\"key\\\" is required\"}" \
  "$(jwt_credential '{"secret":"s"}')"
for alg in '' HS256 HS384 HS512; do
  check J-22 "without secret, algorithm ${alg:-not given}" \
    "400 {\"error_msg\":\"invalid plugins configuration: ${CONF}property \\\"secret\\\" is required when using HS based algorithms\"}" \
    "$(jwt_credential "{\"key\":\"jack-key\"${alg:+,\"algorithm\":\"$alg\"}}")"
done

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "jwt-route",
"uri": "/headers",
"plugins": {
"jwt-auth": {}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

check J-25 "created" 201 "$status"
check_has J-25 "with its key" '"key":"/apisix/routes/jwt-route"' "$body"

# [D] J-34: the page prints T1 here, which was signed with a web page's sample secret.
jwt_token=$T8

curl -i "http://127.0.0.1:9080/headers" -H "Authorization: ${jwt_token}"

check J-04 "token in a request header" 200 "$status"
check J-07 "the raw token needs no scheme" 200 "$status"
check J-08 "the request reaches the upstream" 'headers ' "$(members)"
check J-10 "X-Consumer-Username" jack "$(echoed X-Consumer-Username)"
check J-11 "X-Credential-Identifier" cred-jack-jwt-auth "$(echoed X-Credential-Identifier)"
check_lacks J-11 "[D] the page's other spelling" Indentifier "$body"
check J-23 "HS256 is the algorithm that was not named" 200 "$status"
check J-27 "nodes as a map" 200 "$status"
check J-28 "httpbin.org:80 without a network" 200 "$status"
why=$(explained)
check_has J-28 "the trace says who answered" 'upstream   builtin' "$why"
check_has J-28 "and for whom" '(alias httpbin.org:80)' "$why"
check J-35 "what the upstream saw, sorted" \
  'Accept Authorization Host User-Agent X-Consumer-Username X-Credential-Identifier X-Forwarded-For X-Forwarded-Host X-Forwarded-Port X-Forwarded-Proto X-Real-Ip ' \
  "$(curl -H "Authorization: $T8" "$P/headers"; echoed_names)"
check J-36 "the token is passed on octet by octet" "$T8" "$(echoed Authorization)"
check J-37 "no X-Amzn-Trace-Id of a hosted service" '(absent)' "$(echoed X-Amzn-Trace-Id)"
# The page's sample shows both without the port, as up to 3.17; this is 3.18.
check J-38 "Host as sent, X-Forwarded-Host with the port" "$proxy_host $proxy_host" \
  "$(echoed Host) $(echoed X-Forwarded-Host)"
curl -H "Authorization: $T8" -H 'Host: example.com' "$P/headers"
check J-38 "another Host" 'example.com example.com' "$(echoed Host) $(echoed X-Forwarded-Host)"

# [D] J-40: "in 30 seconds, the token should expire" belongs to a token with exp.
clock advance 1d

curl -i "http://127.0.0.1:9080/headers" -H "Authorization: ${jwt_token}"

check J-40 "[D] a token without exp does not expire" 200 "$status"
real_time
verified=$("$POSTERN" token verify "$T8" --secret jack-hs256-secret 2>&1)
check_has J-40 "and token verify warns" 'no-exp' "$verified"
check_has J-40 "and token lint" 'no-exp' "$("$POSTERN" token lint "$T8" 2>&1)"
# The clock stands, so that the trace's "1 s ago" does not depend on how busy the machine is.
N=1900000000
clock set "$N" --mode frozen --force
minted=$("$POSTERN" token mint --clock "$N" --secret jack-hs256-secret --claim key=jack-key --ttl 30 2>/dev/null)
check J-39 "a token of 30 seconds" 200 "$(with "$minted")"
clock advance 31s

curl -i "http://127.0.0.1:9080/headers" -H "Authorization: ${minted}"

check J-39 "31 seconds later" "$REFUSED" "$status $body"
check_has J-39 "and the trace says how long ago" 'expired 1 s ago' "$(explained)"
real_time

curl "$P/headers"
check J-01 "{} guards the route" '401 {"message":"Missing JWT token in request"}' "$status $body"
check J-01 "and says what it wants" 'Bearer realm="jwt"' "$(reply_header WWW-Authenticate)"
check J-02 "[D] no endpoint makes tokens" 404 "$(code "$P/apisix/plugin/jwt/sign?key=jack-key")"
check J-03 "token in the query string" 200 "$(code "$P/headers?jwt=$T8")"
check J-05 "token in a cookie" 200 "$(code --cookie "jwt=$T8" "$P/headers")"
check J-06 "header before query" 401 "$(code -H 'Authorization: bad' "$P/headers?jwt=$T8")"
check J-06 "query before cookie" 401 "$(code --cookie "jwt=$T8" "$P/headers?jwt=bad")"
check J-06 "header before cookie" 401 "$(code -H 'Authorization: bad' --cookie "jwt=$T8" "$P/headers")"
check J-07 "Bearer" 200 "$(with "Bearer $T8")"
check J-07 "bearer" 200 "$(with "bearer $T8")"
check J-07 "BEARER" '401 {"message":"JWT token invalid"}' "$(with "BEARER $T8")"
check J-09 "garbage" '401 {"message":"JWT token invalid"}' "$(with garbage)"
check_has J-09 "never reaches the upstream" 'upstream not reached' "$(explained)"
curl -H "Authorization: $T8" -H 'X-Consumer-Username: root' -H 'X-Credential-Identifier: evil' "$P/headers"
check J-15 "a client's X-Consumer-Username" jack "$(echoed X-Consumer-Username)"
check J-15 "a client's X-Credential-Identifier" cred-jack-jwt-auth "$(echoed X-Credential-Identifier)"
route open /anything/open '{}'
check_has J-15 "lint warns of a route without login" 'routes/open: warning: nobody logs in here' \
  "$("$POSTERN" config lint 2>&1)"
delete routes/open

put consumers '{"username":"jill","plugins":{"jwt-auth":{"key":"jill-key","secret":"jill-secret"}}}'
jill=$(hs256 jill-secret '{"key":"jill-key"}')
curl -H "Authorization: $jill" -H 'X-Credential-Identifier: evil' "$P/headers"
check J-14 "another consumer on the same route" '200 jill' "$status $(echoed X-Consumer-Username)"
check J-13 "no credential, no identifier, not even the client's" '(absent)' \
  "$(echoed X-Credential-Identifier)"

get consumers/jack/credentials/cred-jack-jwt-auth
check_has J-24 "the secret in clear to the admin" '"secret":"jack-hs256-secret"' "$body"
# Row J-23 would have the default in the answer too; the product stores what it was sent.
check_lacks J-23 "defaults are not stored" '"algorithm"' "$body"

check J-26 "a longer path" '404 {"error_msg":"404 Route Not Found"}' \
  "$(answer -H "Authorization: $T8" "$P/headers/x")"
put routes '{"id":"array","uri":"/ip","upstream":{"type":"roundrobin","nodes":[{"host":"httpbin.org","port":80,"weight":1}]}}'
check J-27 "nodes as an array" '201 200' "$status $(code "$P/ip")"

check J-29 "no claim key" '401 {"message":"missing user key in JWT token"}' \
  "$(with "$(hs256 jack-hs256-secret '{"nbf":1729132271}')")"
check J-29 "a key of nobody" '401 {"message":"Invalid user key in JWT token"}' \
  "$(with "$(hs256 jack-hs256-secret '{"key":"nobody","nbf":1729132271}')")"
for claim in '"exp":"1999999999"' '"nbf":"1729132271"' '"exp":true' '"exp":null' '"exp":{}'; do
  check J-30 "$claim" "$REFUSED" "$(with "$(hs256 jack-hs256-secret "{\"key\":\"jack-key\",$claim}")")"
done
check_has J-30 "the trace names the claim" 'claim "exp" is not a number' "$(explained)"
check J-30 "numbers" 200 \
  "$(with "$(hs256 jack-hs256-secret '{"key":"jack-key","nbf":1729132271,"exp":4102444800}')")"
check J-31 "neither exp nor nbf (3.16 and later)" 200 \
  "$(with "$(hs256 jack-hs256-secret '{"key":"jack-key"}')")"

check J-34 "[D] T1, as printed" "$REFUSED" "$(with "$T1")"
why=$(explained)
check_has J-34 "names the sample secret" \
  'it matches the well-known sample secret "your-256-bit-secret"' "$why"
check_has J-34 "names the failed check" "does not match the credential's secret" "$why"
check_has J-34 "names the credential" 'jack / cred-jack-jwt-auth' "$why"
check_lacks J-34 "does not show the credential's secret" jack-hs256-secret "$why"
"$POSTERN" explain --last >/dev/null 2>&1
check J-34 "explain says no by its exit code" 1 $?
check J-34 "[D] T8, the token meant" 200 "$(with "$T8")"

# One message, many causes.
check J-41 "another secret" "$REFUSED" "$(with "$(hs256 nonsense '{"key":"jack-key"}')")"
check_has J-41 "another secret, explained" "does not match the credential's secret" "$(explained)"
check J-41 "another alg" "$REFUSED" \
  "$(with "$(hs256 jack-hs256-secret '{"key":"jack-key"}' '{"alg":"HS512","typ":"JWT"}')")"
check_has J-41 "another alg, explained" 'the token says alg "HS512"; the credential takes HS256' \
  "$(explained)"
check J-41 "expired" "$REFUSED" "$(with "$(hs256 jack-hs256-secret '{"key":"jack-key","exp":1700000000}')")"
check_has J-41 "expired, explained" 'expired ' "$(explained)"
check J-41 "not yet valid" "$REFUSED" \
  "$(with "$(hs256 jack-hs256-secret '{"key":"jack-key","nbf":4102444800}')")"
check_has J-41 "not yet valid, explained" '(nbf)' "$(explained)"

route jwt-route /headers '{"jwt-auth":{"claims_to_verify":["exp"]}}'
check J-32 "a listed claim is required (3.17 and later)" "$REFUSED" "$(with "$T8")"
check_has J-32 "explained" 'claim "exp" is missing; claims_to_verify asks for it' "$(explained)"
check J-32 "and checked" "$REFUSED" "$(with "$(hs256 jack-hs256-secret '{"key":"jack-key","exp":1}')")"
check J-32 "one that is not listed is not" 200 \
  "$(with "$(hs256 jack-hs256-secret '{"key":"jack-key","exp":4102444800,"nbf":4102444800}')")"
route jwt-route /headers '{"jwt-auth":{"claims_to_verify":[]}}'
check J-32 "an empty list is no list" 200 "$(with "$T8")"
check J-32 "an empty list checks what is there" "$REFUSED" \
  "$(with "$(hs256 jack-hs256-secret '{"key":"jack-key","exp":1}')")"
for list in '["iat"]' '["exp","exp"]' '"exp"'; do
  check J-33 "claims_to_verify $list" 400 "$(route x /x "{\"jwt-auth\":{\"claims_to_verify\":$list}}"; echo "$status")"
done
route x /x '{"jwt-auth":{"claims_to_verify":["iat"]}}'
check_has J-33 "says what is wrong" 'matches none of the enum values' "$body"

# The clock stands at N; exp > N - grace and nbf < N + grace.
edge() { with "$(hs256 jack-hs256-secret "{\"key\":\"jack-key\",\"$1\":$((N + $2))}")"; }
route jwt-route /headers '{"jwt-auth":{}}'
clock set "$N" --mode frozen --force
check J-42 "exp is now" "$REFUSED" "$(edge exp 0)"
check J-42 "exp is in a second" 200 "$(edge exp 1)"
check J-42 "nbf is now" "$REFUSED" "$(edge nbf 0)"
check J-42 "nbf was a second ago" 200 "$(edge nbf -1)"
check J-42 "ten seconds of grace" 200 "$(jwt_credential '{"key":"jack-key","secret":"jack-hs256-secret","lifetime_grace_period":10}' | cut -c1-3)"
check J-42 "grace: exp 10 s ago" "$REFUSED" "$(edge exp -10)"
check J-42 "grace: exp 9 s ago" 200 "$(edge exp -9)"
check J-42 "grace: nbf in 10 s" "$REFUSED" "$(edge nbf 10)"
check J-42 "grace: nbf in 9 s" 200 "$(edge nbf 9)"
real_time

# ---------------------------------------- (header, query string and cookie; the page lost the heading)
example 'Carry JWT in Request Header, Query String, or Cookie'

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"username": "jack"
}'

curl "http://127.0.0.1:9180/apisix/admin/consumers/jack/credentials" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "cred-jack-jwt-auth",
"plugins": {
"jwt-auth": {
"key": "jack-key",
"secret": "jack-hs256-secret"
}
}
}'

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "jwt-route",
"uri": "/get",
"plugins": {
"jwt-auth": {
"header": "jwt-auth-header",
"query": "jwt-query",
"cookie": "jwt-cookie"
}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

# [D] J-34: T8 where the page prints T1.
jwt_token=$T8

curl -i "http://127.0.0.1:9080/get" -H "jwt-auth-header: ${jwt_token}"

check J-43 "own header" "200 $T8" "$status $(echoed Jwt-Auth-Header)"
check J-54 "[D] echoed as sent, not the page's other token" "$T8" "$(echoed Jwt-Auth-Header)"
check J-49 "members of /get" 'args headers origin url ' "$(members)"

curl -i "http://127.0.0.1:9080/get?jwt-query=${jwt_token}"

check J-44 "own query argument" 200 "$status"
check J-49 "args" "$T8" "$(echoed jwt-query)"
check J-49 "url" "http://$proxy_host/get?jwt-query=$T8" "$(echoed url)"

curl -i "http://127.0.0.1:9080/get" --cookie jwt-cookie=${jwt_token}

check J-45 "own cookie" 200 "$status"
check J-51 "the cookie is passed on" "jwt-cookie=$T8" "$(echoed Cookie)"
missing='401 {"message":"Missing JWT token in request"}'
check J-46 "no longer Authorization" "$missing" "$(with "$T8" /get)"
check J-46 "no longer ?jwt=" "$missing" "$(answer "$P/get?jwt=$T8")"
check J-46 "no longer the cookie jwt" "$missing" "$(answer --cookie "jwt=$T8" "$P/get")"
curl -H "JWT-Auth-Header: $T8" "$P/get"
check J-47 "header names in any case" "200 $T8" "$status $(echoed Jwt-Auth-Header)"
check J-48 "argument names are case-sensitive" "$missing" "$(answer "$P/get?JWT-QUERY=$T8")"
check J-48 "cookie names too" "$missing" "$(answer --cookie "JWT-COOKIE=$T8" "$P/get")"
curl -H "jwt-auth-header: $T8" "$P/get"
check J-50 "origin" 127.0.0.1 "$(echoed origin)"
curl -H "jwt-auth-header: $T8" -H 'X-Forwarded-For: 1.2.3.4' "$P/get"
check J-50 "origin behind a proxy" '1.2.3.4, 127.0.0.1' "$(echoed origin)"

route jwt-route /get '{"jwt-auth":{"header":"jwt-auth-header","query":"jwt-query","cookie":"jwt-cookie","hide_credentials":true}}'
curl -H "jwt-auth-header: $T8" "$P/get?a=1"
check J-52 "the header is hidden" '200 (absent) 1' "$status $(echoed Jwt-Auth-Header) $(echoed a)"
curl "$P/get?a=1&jwt-query=$T8&b=2"
check J-52 "the argument is hidden" "200 (absent) http://$proxy_host/get?a=1&b=2" \
  "$status $(echoed jwt-query) $(echoed url)"
curl --cookie "a=1; jwt-cookie=$T8; b=2" "$P/get"
check J-52 "the cookie is hidden, others are kept" '200 a=1; b=2' "$status $(echoed Cookie)"
curl --cookie "jwt-cookie=$T8" "$P/get"
check J-52 "no empty Cookie is left" '200 (absent)' "$status $(echoed Cookie)"
curl -H "jwt-auth-header: $T8" "$P/get?jwt-query=$T8"
check J-52 "only where the token was found" "200 (absent) $T8" \
  "$status $(echoed Jwt-Auth-Header) $(echoed jwt-query)"
route jwt-route /get '{"jwt-auth":{"store_in_ctx":true}}'
check J-53 "store_in_ctx" '201 200' "$(route ctx /ip '{"jwt-auth":{"store_in_ctx":true}}'; echo "$status") $(with "$T8" /ip)"
check_has J-53 "the trace shows the claims" 'store_in_ctx, {"key":"jack-key","nbf":1729132271}' "$(explained)"

# ---------------------------------------------------------- Manage Secrets in Environment Variables
example 'Manage Secrets in Environment Variables'

# [D] J-57: here the variable stands in the gateway's environment (see `run`); assigned as on the
# page it would stay in this shell.
JACK_JWT_AUTH_KEY_LATE=jack-key

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"username": "jack"
}'

curl "http://127.0.0.1:9180/apisix/admin/consumers/jack/credentials" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "cred-jack-jwt-auth",
"plugins": {
"jwt-auth": {
"key": "$env://JACK_JWT_AUTH_KEY",
"secret": "jack-hs256-secret"
}
}
}'

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "jwt-route",
"uri": "/get",
"plugins": {
"jwt-auth": {}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

# [D] J-34: T8 where the page prints T1.
jwt_token=$T8

curl -i "http://127.0.0.1:9080/get" -H "Authorization: ${jwt_token}"

check J-55 "the key comes from the environment" "200 $T8" "$status $(echoed Authorization)"
check J-56 "a variable of the gateway's process" '200 jack' "$status $(echoed X-Consumer-Username)"
get consumers/jack/credentials/cred-jack-jwt-auth
check_has J-61 "the reference is what is stored" '"key":"$env://JACK_JWT_AUTH_KEY"' "$body"
check_lacks J-61 "not its value" '"jack-key"' "$body"
jwt_credential '{"key":"$ENV://JACK_JWT_AUTH_KEY","secret":"jack-hs256-secret"}' >/dev/null
check J-58 "\$ENV:// too" 200 "$(with "$T8" /get)"
jwt_credential '{"key":"$env://CREDS/k","secret":"jack-hs256-secret"}' >/dev/null
check J-59 "a field of a JSON value" 200 "$(with "$T8" /get)"
jwt_credential '{"key":"jack-key","secret":"$env://JACK_JWT_SECRET"}' >/dev/null
check J-62 "the secret as a reference" 200 "$(with "$T8" /get)"
check J-62 "the reference's own text is no secret" "$REFUSED" \
  "$(with "$(hs256 '$env://JACK_JWT_SECRET' '{"key":"jack-key"}')" /get)"
jwt_credential '{"key":"$env://JACK_JWT_AUTH_KEY_LATE","secret":"jack-hs256-secret"}' >/dev/null
check J-60 "a variable that is not set" '401 {"message":"Invalid user key in JWT token"}' "$(with "$T8" /get)"
check_has J-57 "[D] explained" \
  'environment variable JACK_JWT_AUTH_KEY_LATE is not set in the gateway process' "$(explained)"
check J-60 "the reference's own text is no key" '401 {"message":"Invalid user key in JWT token"}' \
  "$(with "$(hs256 jack-hs256-secret '{"key":"$env://JACK_JWT_AUTH_KEY_LATE"}')" /get)"
jwt_credential '{"key":"jack-key","secret":"$env://JACK_JWT_AUTH_KEY_LATE"}' >/dev/null
check J-60 "an unresolved secret" 401 "$(with "$T8" /get | cut -c1-3)"
check J-60 "an unresolved secret is not an empty one" 401 \
  "$(with "$(hs256 '' '{"key":"jack-key"}' 2>/dev/null)" /get | cut -c1-3)"

# ------------------------------------------------------------------ Manage Secrets in Secret Manager
example 'Manage Secrets in Secret Manager'

# The page's container is the development store beside the gateway (see `run`), and the client in it
# is `postern vault` under that name. What it said is in $said.
vault() {
  local word path='' version=1
  case "$1 $2" in
    'secrets enable')
      for word; do
        case $word in -path=*) path=${word#*=} ;; -version=*) version=${word#*=} ;; esac
      done
      "$POSTERN" vault enable "$path" --version "$version"
      ;;
    kv\ *) "$POSTERN" vault "${@:2}" ;;
  esac
}
docker() { # run ... | exec -i vault sh -c LINE
  said=''
  [ "$1" = run ] || said=$(eval "$(ported "${!#}")" 2>&1)
}
in_vault() { curl -H 'X-Vault-Token: root' "http://127.0.0.1:8200/v1/$1"; }

docker run -d \
--name vault \
-p 8200:8200 \
--cap-add IPC_LOCK \
-e VAULT_DEV_ROOT_TOKEN_ID=root \
-e VAULT_DEV_LISTEN_ADDRESS=0.0.0.0:8200 \
vault:1.9.0 \
vault server -dev

check J-67 "a development store" '200 true' \
  "$(code http://127.0.0.1:8200/v1/sys/health) $(curl http://127.0.0.1:8200/v1/sys/health; grep -o '"initialized":[a-z]*' <<<"$body" | cut -d: -f2)"
in_vault sys/mounts
check J-67 "its root token" 200 "$status"
check J-67 "and no other" '403 {"errors":["permission denied"]}' \
  "$(answer -H 'X-Vault-Token: other' http://127.0.0.1:8200/v1/sys/mounts)"

docker exec -i vault sh -c "VAULT_TOKEN='root' VAULT_ADDR='http://0.0.0.0:8200' vault secrets enable -path=kv -version=1 kv"

check J-68 "the page's answer" 'Success! Enabled the kv secrets engine at: kv/' "$said"

curl "http://127.0.0.1:9180/apisix/admin/secrets/vault/jwt" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"uri": "https://127.0.0.1:8200",
"prefix": "kv/apisix",
"token": "root"
}'

check J-63 "created" 201 "$status"
check_has J-63 "below its manager" '"key":"/apisix/secrets/vault/jwt"' "$body"
get secrets/vault/jwt
check_has J-63 "its id" '"id":"vault/jwt"' "$body"
check_has J-63 "what was sent" '"prefix":"kv/apisix","token":"root"' "$body"
check J-63 "all three are required" \
  '400 {"error_msg":"invalid configuration: property \"token\" is required"}' \
  "$(putting secrets/vault/none '{"uri":"http://127.0.0.1:8200","prefix":"kv"}')"

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"username": "jack"
}'

curl "http://127.0.0.1:9180/apisix/admin/consumers/jack/credentials" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "cred-jack-jwt-auth",
"plugins": {
"jwt-auth": {
"key": "$secret://vault/jwt/jack/jwt-key",
"secret": "vault-hs256-secret"
}
}
}'

check J-65 "the reference is taken" 201 "$status"

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "jwt-route",
"uri": "/get",
"plugins": {
"jwt-auth": {}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

# [D] J-70: the store speaks plain HTTP, the page configures https.
T5c=$(hs256 vault-hs256-secret '{"key":"jwt-vault-key","nbf":1729132271}')
check J-70 "[D] https as printed" '401 {"message":"Invalid user key in JWT token"}' "$(with "$T5c" /get)"
why=$(explained)
check_has J-70 "[D] explained" 'the server does not speak TLS there; is it an http:// URL?' "$why"
check_has J-70 "[D] of which credential" 'the secret of credential cred-jack-jwt-auth of jack' "$why"
put secrets/vault/jwt "{\"uri\":\"http://$vault_host\",\"prefix\":\"kv/apisix\",\"token\":\"root\"}"
check J-70 "[D] http" 200 "$status"

docker exec -i vault sh -c "VAULT_TOKEN='root' VAULT_ADDR='http://0.0.0.0:8200' vault kv put kv/apisix/jack jwt-key=jwt-vault-key"

check J-69 "the page's answer" 'Success! Data written to: kv/apisix/jack' "$said"

# [D] J-72: the page prints T5 here, which was signed with a web page's sample secret.
jwt_token=$T5c

curl -i "http://127.0.0.1:9080/get" -H "Authorization: ${jwt_token}"

# The very first request finds what was written last.
check J-71 "the token with the page's key and secret" "200 $T5c" "$status $(echoed Authorization)"
check J-65 "the reference's value is jack's key" jack "$(echoed X-Consumer-Username)"
in_vault kv/apisix/jack
check_has J-69 "the store has it" '"data":{"jwt-key":"jwt-vault-key"}' "$body"
check J-65 "its own text is no key" 401 \
  "$(with "$(hs256 vault-hs256-secret '{"key":"$secret://vault/jwt/jack/jwt-key"}')" /get | cut -c1-3)"
in_test J-65 gateway/tst_vault_secrets.cpp '5.3 prefix and path'
check J-72 "[D] the token as printed" "$REFUSED" "$(with "$T5" /get)"
check_has J-72 "[D] explained" 'it matches the well-known sample secret "your-256-bit-secret"' "$(explained)"
get consumers/jack/credentials/cred-jack-jwt-auth
check_has J-61 "a manager's reference is stored as such" '$secret://vault/jwt/jack/jwt-key' "$body"

get secrets
check J-64 "LIST" '200 1' "$status $(grep -o '"total":[0-9]*' <<<"$body" | cut -d: -f2)"
patch() { curl -X PATCH -H "$H" "$A/$1" -d "$2"; }
patch secrets/vault/jwt/token '"wrong"'
check J-64 "PATCH" 200 "$status"
check J-73 "a wrong token" 401 "$(with "$T5c" /get | cut -c1-3)"
check_has J-73 "explained" 'answered status 403: permission denied' "$(explained)"
put consumers '{"username":"jill","plugins":{"jwt-auth":{"key":"jill-key","secret":"jill-secret"}}}'
check J-73 "others log in" 200 "$(with "$(hs256 jill-secret '{"key":"jill-key"}')" /get)"
in_test J-73 gateway/tst_vault_secrets.cpp 'deadManagerIsAskedAgain'
# The gateway's environment has VAULT_TOKEN=root.
patch secrets/vault/jwt '{"token":"$env://VAULT_TOKEN"}'
check J-75 "the manager's token as a reference" 200 "$(with "$T5c" /get)"

"$POSTERN" vault put kv/apisix/jack jwt-key=changed --address "http://$vault_host" >/dev/null
check J-74 "a value is kept" 200 "$(with "$T5c" /get)"
clock advance 301s
changed=$(hs256 vault-hs256-secret '{"key":"changed"}')
for _ in $(seq 200); do # it is asked for in the background
  [ "$(with "$changed" /get)" != 200 ] || break
done
check J-74 "and read again within its time" '200 401' \
  "$(with "$changed" /get) $(with "$T5c" /get | cut -c1-3)"
real_time
"$POSTERN" vault put kv/apisix/jack jwt-key=reloaded --address "http://$vault_host" >/dev/null
check J-74 "reload-secrets asks at once" '1 asked for again' "$("$POSTERN" gateway reload-secrets 2>/dev/null)"
check J-74 "and the new value counts" '200 401' \
  "$(with "$(hs256 vault-hs256-secret '{"key":"reloaded"}')" /get) $(with "$changed" /get | cut -c1-3)"

jwt_credential '{"key":"$secret://vault/jwt/v2/jwt-key","secret":"vault-hs256-secret"}' >/dev/null
check J-66 "a member that is not there" 401 "$(with "$T5c" /get | cut -c1-3)"
check_has J-66 "explained" 'has nothing at kv/apisix/v2' "$(explained)"
in_test J-66 gateway/tst_vault_secrets.cpp 'J-66: an answer of KV version 2'

"$POSTERN" vault put kv/apisix/jack jwt-key=jwt-vault-key --address "http://$vault_host" >/dev/null
jwt_credential '{"key":"$secret://vault/jwt/jack/jwt-key","secret":"vault-hs256-secret"}' >/dev/null
check J-64 "before its end" 200 "$(with "$T5c" /get)"
delete secrets/vault/jwt
check J-64 "DELETE" '200 401' "$status $(with "$T5c" /get | cut -c1-3)"
check_has J-64 "explained" 'there is no object /secrets/vault/jwt' "$(explained)"

# ------------------------------------------------------------------------ Sign JWT with RS256 Algorithm
example 'Sign JWT with RS256 Algorithm'
cd "$work" || exit 2

openssl genrsa -out jwt-rsa256-private.pem 2048 2>/dev/null
openssl rsa -in jwt-rsa256-private.pem -pubout -out jwt-rsa256-public.pem 2>/dev/null

pem() { sed ':a;N;$!ba;s/\n/\\n/g' "$1"; } # a PEM file inside a JSON string

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"username": "jack"
}'

check J-76 "keys made by the page's openssl commands" 201 \
  "$(jwt_credential "{\"key\":\"jack-key\",\"algorithm\":\"RS256\",\"public_key\":\"$(pem jwt-rsa256-public.pem)\"}" | cut -c1-3)"

"$POSTERN" key new --alg RS256 --out ours >/dev/null 2>&1
check J-76 "key new makes the pair" '600 yes' "$(stat -c %a ours-private.pem) $(
  openssl pkey -in ours-private.pem -pubout 2>/dev/null | cmp -s - ours-public.pem && echo yes)"
# The page's credential without its private key (J-79 gives one).
curl "http://127.0.0.1:9180/apisix/admin/consumers/jack/credentials" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "cred-jack-jwt-auth",
"plugins": {
"jwt-auth": {
"key": "jack-key",
"algorithm": "RS256",
"public_key": "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnE0h4k/GWfEbYO/yE2MPjHtNKDLNz4mv1KNIPLxY2ccjPYOtjuug+iZ4MujLV59YfrHriTs0H8jweQfff3pRSMjyEK+4qWTY3TeKBXIEa3pVDeoedSJrgjLBVio6xH7et8ir+QScScfLaJHGB4/l3DDGyEhO782a9teY8brn5hsWX5uLmDJvxtTGAHYi847XOcx2UneW4tZ8wQ6JGBSiSg5qAHan4dFZ7CpixCNNqEcSK6EQ7lKOLeFGG8ys/dHBIEasU4oMlCuJH77+XQQ/shchy+vm9oZfP+grLZkV+nKAd8MQZsid7ZJ/fiB/BmnhGrjtIfh98jwxSx4DgdLhdwIDAQAB\n-----END PUBLIC KEY-----"
}
}
}'

check J-77 "algorithm RS256 and a public key" 200 "$status"
check J-78 "the body may be one long line" 200 "$status"

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "jwt-route",
"uri": "/headers",
"plugins": {
"jwt-auth": {}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

jwt_token=$T7
clock set 2024-12-14T00:00:00Z --force

curl -i "http://127.0.0.1:9080/headers" -H "Authorization: ${jwt_token}"

check J-80 "T7 while it was valid" 200 "$status"
check J-108 "the token is echoed unchanged" "$T7" "$(echoed Authorization)"
clock set 2024-12-15T02:39:59Z --mode frozen --force
check J-80 "in its last second" 200 "$(with "$T7")"
real_time

curl -i "http://127.0.0.1:9080/headers" -H "Authorization: ${jwt_token}"

check J-81 "[D] T7 today" "$REFUSED" "$status $body"
why=$(explained)
check_has J-81 "the signature fits" '✓ signature' "$why"
check_has J-81 "it expired" 'expired ' "$why"

broken_pem() { jwt_credential "{\"key\":\"jack-key\",\"algorithm\":\"RS256\",\"public_key\":\"$1\"}"; }
refusal=$(broken_pem "$BEGIN_PUB$PUB\\n$END_PUB")
check J-78 "no newline after the BEGIN line" 400 "${refusal%% *}"
check_has J-78 "the message says where" \
  'a line break is missing after \"-----BEGIN PUBLIC KEY-----\"' "$refusal"
refusal=$(broken_pem "$BEGIN_PUB\\n$PUB$END_PUB")
check J-78 "no newline before the END line" 400 "${refusal%% *}"
check_has J-78 "the message says where" \
  'a line break is missing before \"-----END PUBLIC KEY-----\"' "$refusal"
check J-78 "real line ends, CR LF" 200 \
  "$(broken_pem "$BEGIN_PUB\\r\\n$PUB\\r\\n$END_PUB\\r\\n" | cut -c1-3)"

check J-83 "HS256 keyed with the public key's text" "$REFUSED" \
  "$(broken_pem "$BEGIN_PUB\\n$PUB\\n$END_PUB" >/dev/null; with "$(hs256 "$BEGIN_PUB
$PUB
$END_PUB" '{"key":"jack-key"}')")"
check_has J-83 "explained" 'the token says alg "HS256"; the credential takes RS256' "$(explained)"
check J-83 "with a newline at the end" "$REFUSED" "$(with "$(hs256 "$BEGIN_PUB
$PUB
$END_PUB
" '{"key":"jack-key"}')")"
none=$(printf '{"alg":"none"}' | base64url).$(printf '{"key":"jack-key"}' | base64url)
check J-105 "alg none, no signature" '401 {"message":"JWT token invalid"}' "$(with "$none.")"
check J-105 "alg none with a signature" "$REFUSED" "$(with "$none.AAAA")"
for alg in NONE None nOnE; do
  check J-105 "alg $alg" "$REFUSED" "$(with "$(hs256 '' '{"key":"jack-key"}' "{\"alg\":\"$alg\"}")")"
done

rs256() { # PRIVATE-PEM PAYLOAD
  local input
  input=$(printf '{"alg":"RS256","typ":"JWT"}' | base64url).$(printf %s "$2" | base64url)
  printf '%s.%s' "$input" "$(printf %s "$input" | openssl dgst -sha256 -sign "$1" | base64url)"
}
own=$(rs256 jwt-rsa256-private.pem '{"key":"jack-key"}')
check J-82 "a token of another RSA key" "$REFUSED" "$(with "$own")"
check_has J-82 "explained" "does not match the credential's public key" "$(explained)"
refusal=$(jwt_credential "{\"key\":\"jack-key\",\"algorithm\":\"RS256\",\"public_key\":\"$(pem jwt-rsa256-public.pem)\",\"private_key\":\"$(pem jwt-rsa256-private.pem)\"}")
check J-79 "a private key may stand beside the public one" 200 "${refusal%% *}"
check J-79 "and verification does without" 200 "$(with "$own")"
check_has J-79 "lint says that it is not needed" \
  'consumers/jack/credentials/cred-jack-jwt-auth /plugins/jwt-auth/private_key: warning: ' \
  "$("$POSTERN" config lint 2>&1)"
for alg in RS256 ES256 PS512 EdDSA; do
  check J-106 "$alg without public_key" \
    "400 {\"error_msg\":\"invalid plugins configuration: ${CONF}failed to validate dependent schema for \\\"algorithm\\\": value should match only one schema, but matches none\"}" \
    "$(jwt_credential "{\"key\":\"jack-key\",\"algorithm\":\"$alg\"}")"
done

openssl genpkey -quiet -algorithm ED25519 -out ed25519.pem
openssl genpkey -quiet -algorithm ED448 -out ed448.pem
for curve in P-256 P-384 P-521; do
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:$curve -out $curve.pem
done
long=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
other_signature() { # TOKEN: the first octet of its signature changed
  local signature=${1##*.} first=A
  [ "${signature:0:1}" = A ] && first=B
  printf '%s.%s%s' "${1%.*}" "$first" "${signature:1}"
}
algorithm() { # ALG PRIVATE-PEM
  local public
  if [ -n "$2" ]; then
    public=$(openssl pkey -in "$2" -pubout) && public=${public//$'\n'/\\n}
    jwt_credential "{\"key\":\"jack-key\",\"algorithm\":\"$1\",\"public_key\":\"$public\"}" >/dev/null
    minted=$("$POSTERN" token mint --alg "$1" --key "$2" --claim key=jack-key --ttl 1m)
  else
    jwt_credential "{\"key\":\"jack-key\",\"algorithm\":\"$1\",\"secret\":\"$long\"}" >/dev/null
    minted=$("$POSTERN" token mint --alg "$1" --secret "$long" --claim key=jack-key --ttl 1m)
  fi
  check J-107 "$1" 200 "$(with "$minted")"
  check J-107 "$1 with another signature" "$REFUSED" "$(with "$(other_signature "$minted")")"
}
for alg in HS256 HS384 HS512; do algorithm $alg ''; done
for alg in RS256 RS384 RS512 PS256 PS384 PS512; do algorithm $alg jwt-rsa256-private.pem; done
algorithm ES256 P-256.pem
algorithm ES384 P-384.pem
algorithm ES512 P-521.pem
algorithm EdDSA ed25519.pem
algorithm EdDSA ed448.pem
refusal=$(jwt_credential '{"key":"jack-key","algorithm":"HS1","secret":"s"}')
check J-107 "no others" 400 "${refusal%% *}"

check J-109 "a secret in base64" 200 \
  "$(jwt_credential '{"key":"jack-key","secret":"amFjay1oczI1Ni1zZWNyZXQ=","base64_secret":true}' | cut -c1-3)"
check J-109 "verifies what the octets signed" 200 "$(with "$T8")"
check J-109 "not base64" \
  "400 {\"error_msg\":\"invalid plugins configuration: ${CONF}base64_secret required but the secret is not in base64 format\"}" \
  "$(jwt_credential '{"key":"jack-key","secret":"jack-hs256-secret!","base64_secret":true}')"

# ---------------------------------------------------------------------- Add Consumer Custom ID to Header
example 'Add Consumer Custom ID to Header'

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"username": "jack",
"labels": {
"custom_id": "495aec6a"
}
}'

curl "http://127.0.0.1:9180/apisix/admin/consumers/jack/credentials" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "cred-jack-jwt-auth",
"plugins": {
"jwt-auth": {
"key": "jack-key",
"secret": "jack-hs256-secret"
}
}
}'

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "jwt-auth-route",
"uri": "/anything",
"plugins": {
"jwt-auth": {}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

# [D] J-34: T8 where the page prints T1.
jwt_token=$T8

curl -i "http://127.0.0.1:9080/headers" -H "Authorization: ${jwt_token}"

check J-86 "[D] the page's request goes to another path" '404 {"error_msg":"404 Route Not Found"}' "$status $body"
check_has J-86 "the trace names the route that came closest" 'jwt-auth-route' "$(explained)"
curl -H "Authorization: $T8" "$P/anything"
check J-84 "X-Consumer-Custom-Id" '200 495aec6a' "$status $(echoed X-Consumer-Custom-Id)"
check J-84 "beside the others" 'jack cred-jack-jwt-auth' \
  "$(echoed X-Consumer-Username) $(echoed X-Credential-Identifier)"
check J-12 "headers if configured: the custom id" 495aec6a "$(echoed X-Consumer-Custom-Id)"
check J-87 "members of /anything" 'args data files form headers json method origin url ' "$(members)"
jack
curl -H "Authorization: $T8" -H 'X-Consumer-Custom-ID: evil' "$P/anything"
check J-85 "without the label, not even the client's" '200 (absent)' "$status $(echoed X-Consumer-Custom-Id)"

put consumers '{"username":"jack","labels":{"role":"admin"}}'
route jwt-auth-route /anything '{"jwt-auth":{},"attach-consumer-label":{"headers":{"X-Consumer-Role":"$role","X-Consumer-Team":"$team"}}}'
curl -H "Authorization: $T8" -H 'X-Consumer-Role: root' -H 'X-Consumer-Team: root' "$P/anything"
check J-88 "attach-consumer-label: the label's value" '200 admin' "$status $(echoed X-Consumer-Role)"
check J-89 "no such label: not even the client's" '(absent)' "$(echoed X-Consumer-Team)"
check J-88 "values start with a dollar sign" \
  '400 {"error_msg":"failed to check the configuration of plugin attach-consumer-label err: property \"headers\" validation failed: failed to validate additional property X-A: failed to match pattern \"^\\\\$.*\" with \"role\""}' \
  "$(putting routes/x '{"uri":"/x","plugins":{"attach-consumer-label":{"headers":{"X-A":"role"}}}}')"

# ------------------------------------------------------------------- Rate Limit with Anonymous Consumer
example 'Rate Limit with Anonymous Consumer'

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"username": "jack",
"plugins": {
"limit-count": {
"count": 3,
"time_window": 30,
"rejected_code": 429
}
}
}'

check J-90 "a consumer with a quota" 201 "$status"

curl "http://127.0.0.1:9180/apisix/admin/consumers/jack/credentials" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "cred-jack-jwt-auth",
"plugins": {
"jwt-auth": {
"key": "jack-key",
"secret": "jack-hs256-secret"
}
}
}'

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"username": "anonymous",
"plugins": {
"limit-count": {
"count": 1,
"time_window": 30,
"rejected_code": 429
}
}
}'

check J-93 "a consumer without credential and a smaller quota" 201 "$status"

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${ADMIN_API_KEY}" \
-d '{
"id": "jwt-auth-route",
"uri": "/anything",
"plugins": {
"jwt-auth": {
"anonymous_consumer": "anonymous"
}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

check J-94 "a route for both" 201 "$status"

# The page's loops, with the port of this run.
as_jack='resp=$(seq 5 | xargs -I{} curl "http://127.0.0.1:9080/anything" -H "Authorization: ${jwt_token}" -o /dev/null -s -w "%{http_code}\n") && \
count_200=$(echo "$resp" | grep "200" | wc -l) && \
count_429=$(echo "$resp" | grep "429" | wc -l) && \
echo "200": $count_200, "429": $count_429'
anonymously='resp=$(seq 5 | xargs -I{} curl "http://127.0.0.1:9080/anything" -o /dev/null -s -w "%{http_code}\n") && \
count_200=$(echo "$resp" | grep "200" | wc -l) && \
count_429=$(echo "$resp" | grep "429" | wc -l) && \
echo "200": $count_200, "429": $count_429'
loop() { eval "$(ported "$1")"; }

jwt_token=$T8
check J-95 "five calls as jack" '200: 3, 429: 2' "$(loop "$as_jack")"
check J-96 "five anonymous calls" '200: 1, 429: 4' "$(loop "$anonymously")"
check J-102 "the page's loops run as they are printed" 'seq xargs' \
  "$(grep -o 'seq\|xargs' <<<"$as_jack" | tr '\n' ' ' | sed 's/ $//')"
curl -H "Authorization: $T8" "$P/anything"
check J-92 "quota headers on a refusal" '429 3 0' \
  "$status $(reply_header X-RateLimit-Limit) $(reply_header X-RateLimit-Remaining)"
check_has J-103 "without rejected_msg the server's page" '<h1>429 Too Many Requests</h1>' "$body"
check_has J-90 "explained" 'has used up its 3 in 30 s' "$(explained)"
clock advance 30s
check J-97 "the other way round after the window: anonymous" '200: 1, 429: 4' "$(loop "$anonymously")"
check J-97 "and jack" '200: 3, 429: 2' "$(loop "$as_jack")"
clock advance 30s
curl -H "Authorization: $T8" "$P/anything"
check J-98 "the window resets" '200 3 2' \
  "$status $(reply_header X-RateLimit-Limit) $(reply_header X-RateLimit-Remaining)"
check J-92 "seconds to the end of the window" 30 "$(reply_header X-RateLimit-Reset)"
put consumers '{"username":"jack","plugins":{"limit-count":{"count":1,"time_window":30}}}'
curl -H "Authorization: $T8" "$P/anything"
check J-91 "rejected_code unset" '503' "$(code -H "Authorization: $T8" "$P/anything")"
put consumers '{"username":"jack","plugins":{"limit-count":{"count":1,"time_window":31,"rejected_code":429,"rejected_msg":"too many"}}}'
curl -H "Authorization: $T8" "$P/anything"
check J-103 "with rejected_msg" '429 {"error_msg":"too many"}' "$(answer -H "Authorization: $T8" "$P/anything")"
check J-104 "rejected_code out of range" \
  '400 {"error_msg":"invalid plugins configuration: failed to check the configuration of plugin limit-count err: property \"rejected_code\" validation failed: expected 600 to be at most 599"}' \
  "$(putting consumers '{"username":"jack","plugins":{"limit-count":{"count":1,"time_window":30,"rejected_code":600}}}')"
real_time

example 'Anonymous Consumer'
jack
check J-93 "a consumer without credential" 201 "$(putting consumers '{"username":"anonymous"}' | cut -c1-3)"
route jwt-auth-route /anything '{"jwt-auth":{"anonymous_consumer":"anonymous"}}'
curl -H 'X-Credential-Identifier: evil' "$P/anything"
check J-94 "without a token" '200 anonymous' "$status $(echoed X-Consumer-Username)"
check J-94 "no credential identifies it" '(absent)' "$(echoed X-Credential-Identifier)"
curl -H "Authorization: $T8" "$P/anything"
check J-94 "with one" '200 jack' "$status $(echoed X-Consumer-Username)"
curl -H "Authorization: $T1" "$P/anything"
check J-99 "a wrong token counts as none" '200 anonymous' "$status $(echoed X-Consumer-Username)"
why=$(explained)
check_has J-99 "the trace shows the refusal" "does not match the credential's secret" "$why"
check_has J-99 "and the fall-back" 'falls back to the anonymous consumer "anonymous"' "$why"
curl -H "Authorization: $(hs256 jack-hs256-secret '{"key":"jack-key","exp":1}')" "$P/anything"
check J-99 "so does an expired one" '200 anonymous' "$status $(echoed X-Consumer-Username)"
delete consumers/anonymous
curl "$P/anything"
check J-100 "the anonymous consumer is missing" '401 {"message":"Invalid user authorization"}' "$status $body"
check J-100 "with the challenge" 'Bearer realm="jwt"' "$(reply_header WWW-Authenticate)"
check_has J-100 "explained" 'create the consumer "anonymous"' "$(explained)"
check J-101 "[D] claims that no rule asks for are ignored" 200 \
  "$(code -H "Authorization: $(hs256 jack-hs256-secret '{"key":"jack-key","role":"user","permission":"read"}')" "$P/anything")"

# ----------------------------------------------------------------------------------- The store at rest
# A gateway of its own on a file, as `exec` keeps everything in memory.
printf '# The store at rest\n'
at_rest() {
  local gateway line A P store=$work/store/postern.db
  mkdir -p "$work/store"
  gateway_on_file() {
    exec 3< <(exec "$POSTERN" gateway run --store "sqlite:$store" --proxy 127.0.0.1:0 \
      --admin 127.0.0.1:0 --control "unix:$work/rest.sock" --admin-key "$ADMIN_API_KEY" \
      --port-file - 2>"$work/rest.log")
    gateway=$!
    read -r line <&3 || cat "$work/rest.log"
    P=$(sed 's/.*"proxy":"\([^"]*\)".*/\1/' <<<"$line")
    A=$(sed 's/.*"admin":"\([^"]*\)".*/\1/' <<<"$line")
  }
  gateway_on_file
  jack
  route jwt-route /headers '{"jwt-auth":{}}'
  check J-24 "a gateway on a file" 200 "$(with "$T8")"
  check J-24 "the file has the objects" 'yes' "$(grep -qa jwt-route "$work"/store/* && echo yes)"
  check J-24 "and not the secret, running" '' "$(grep -la jack-hs256-secret "$work"/store/*)"
  kill -TERM "$gateway" && cat <&3 >/dev/null
  check J-24 "nor stopped" '' "$(grep -la jack-hs256-secret "$work"/store/*)"
  gateway_on_file
  check J-24 "started again it verifies" 200 "$(with "$T8")"
  get consumers/jack/credentials/cred-jack-jwt-auth
  check_has J-24 "and shows the secret to the admin" '"secret":"jack-hs256-secret"' "$body"
  kill -TERM "$gateway" && cat <&3 >/dev/null
}
at_rest

# -------------------------------------------------------------------------------------------- The table
in_test J-02 gateway/tst_jwt_sign.cpp 'makesATokenThatVerifies'
in_test J-17 gateway/tst_admin_routes.cpp 'invalid method for role viewer'
in_test J-31 gateway/tst_profiles.cpp 'J-31: 3.15, neither exp nor nbf'
in_test J-32 gateway/tst_profiles.cpp 'J-32: API7, a listed claim that is missing'
in_test J-38 gateway/tst_profiles.cpp 'J-38: 3.17, without'
in_test J-50 gateway/tst_apisix_settings.cpp '2.8 untrusted: X-Forwarded-For is dropped first'
in_test J-53 gateway/tst_jwt_auth.cpp 'keepsThePayload'
in_test J-56 cli/tst_access_cli.cpp 'J-56: the reference of cred-jack-env'
summary J 01-99 100-109
