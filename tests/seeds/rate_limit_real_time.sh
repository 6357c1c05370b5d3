#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The rate limits of the API7 hub page for jwt-auth in real time: its loops, as printed, before and
# after a real window of 30 seconds. jwt_auth.sh has the same with the gateway's clock.
# shellcheck disable=SC2154,SC2016,SC2034
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

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
# The window that began last tells how long to wait.
curl "$P/anything"
left=$(reply_header X-RateLimit-Reset)
check J-92 "the rest of the window" yes "$(awk -v left="$left" 'BEGIN { print (left > 0 && left <= 30) ? "yes" : left }')"
sleep "$left" && sleep 0.1
check J-98 "after the window five calls as jack" '200: 3, 429: 2' "$(loop "$as_jack")"
check J-98 "and five anonymous calls" '200: 1, 429: 4' "$(loop "$anonymously")"
check J-102 "the page's loops run as they are printed" 'seq xargs' \
  "$(grep -o 'seq\|xargs' <<<"$as_jack" | tr '\n' ' ' | sed 's/ $//')"
summary J 95-96 98-98
