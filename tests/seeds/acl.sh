#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The APISIX 3.17 manual's page for acl, whole. Lines that begin with `curl "http` and an example's
# JSON are the page's own, letter by letter.
# shellcheck disable=SC2154,SC2016,SC2034
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

CONF='failed to check the configuration of plugin acl err: '
FORBIDDEN='403 {"message":"The consumer is forbidden."}'

as() { # NAME [PATH] -> "STATUS BODY" of a refusal, "200" of a success
  curl -H "apikey: $1-key" "$P${2:-/get}"
  if [ "$status" = 200 ]; then echo 200; else echo "$status $body"; fi
}
consumer() { # NAME LABELS
  put consumers "{\"username\":\"$1\",\"plugins\":{\"key-auth\":{\"key\":\"$1-key\"}},\"labels\":$2}"
}
acl() { route acl-route /get "{\"key-auth\":{},\"acl\":$1}"; } # the configuration
refusal() { acl "$1"; printf '%s %s' "$status" "$body"; }
# What the Admin API says of a configuration that it refuses.
invalid() { printf '400 {"error_msg":"%s%s"}' "$CONF" "$1"; }

# The page reads the key of its config.yaml with yq; here `exec --compat-env` has set it.
: "${admin_key:?}"

# The same two ways with Postern's own: the variables of the running gateway, and a config.yaml.
check_has A-26 "gateway env prints the key" "admin_key='$ADMIN_API_KEY'" "$("$POSTERN" gateway env)"
(cd "$work" && "$POSTERN" gateway env --conf conf/config.yaml -q)
# [D] yq is no part of the test environment; where it is there, the page's own line is used.
if command -v yq >/dev/null; then
  read_key=$(cd "$work" && yq '.deployment.admin.admin_key[0].key' conf/config.yaml | sed 's/"//g')
else
  read_key=$(sed -n "/admin_key:/,\$ s/^ *key: '\(.*\)'\$/\1/p" "$work/conf/config.yaml")
fi
check A-26 "and a config.yaml has it where yq looks" "$ADMIN_API_KEY" "$read_key"
in_test A-26 cli/tst_access_cli.cpp '.deployment.admin.admin_key[0].key'

# ------------------------------------------------------------------------------ Allow Consumers by Label
example 'Allow Consumers by Label'

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${admin_key}" \
-d '{
"username": "alice",
"plugins": {
"key-auth": {
"key": "alice-key"
}
},
"labels": {
"team": "platform"
}
}'

check A-26 "the page's admin_key opens the Admin API" 201 "$status"
check A-27 "alice" '201 "key":"/apisix/consumers/alice"' "$status $(grep -o '"key":"/[^"]*"' <<<"$body")"

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${admin_key}" \
-d '{
"username": "bob",
"plugins": {
"key-auth": {
"key": "bob-key"
}
},
"labels": {
"team": "sales"
}
}'

check A-28 "bob" '201 "key":"/apisix/consumers/bob"' "$status $(grep -o '"key":"/[^"]*"' <<<"$body")"

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${admin_key}" \
-d '{
"id": "acl-allow-route",
"uri": "/get",
"plugins": {
"key-auth": {},
"acl": {
"allow_labels": {
"team": ["platform"]
}
}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

check A-29 "the route" '201 "key":"/apisix/routes/acl-allow-route"' \
  "$status $(grep -o '"key":"/[^"]*"' <<<"$body")"

curl "http://127.0.0.1:9080/get" \
-H "apikey: alice-key"

check A-30 "alice has the label" '200 alice' "$status $(echoed X-Consumer-Username)"
check A-30 "her key is no credential object" '(absent)' "$(echoed X-Credential-Identifier)"
check A-01 "access to a route by labels" 200 "$status"

curl "http://127.0.0.1:9080/get" \
-H "apikey: bob-key"

check A-31 "bob has not" "$FORBIDDEN" "$status $body"
check A-14 "the default body" '{"message":"The consumer is forbidden."}' "$body"
check A-01 "and without" 403 "$status"
why=$(explained)
check_has A-31 "the trace names the consumer" bob "$why"
check_has A-31 "and the list" 'allow_labels.team' "$why"
check A-02 "the labels are the consumer's: bob moves to the team" 200 \
  "$(consumer bob '{"team":"platform"}'; as bob)"
consumer bob '{"team":"sales"}'
check A-36 "a consumer without labels" "$FORBIDDEN" "$(put consumers '{"username":"dave","plugins":{"key-auth":{"key":"dave-key"}}}'; as dave)"
check A-25 "no key: key-auth answers first" '401 {"message":"Missing API key in request"}' "$(answer "$P/get")"
matrix=$("$POSTERN" acl matrix)
check_has A-40 "consumers and routes" 'acl-allow-route' "$matrix"
check A-40 "alice may" 'alice ✓' "$(sed -n 's/^\(alice\)  *\(✓\)$/\1 \2/p' <<<"$matrix")"
check A-40 "bob may not" 'bob ✗ 403 label' "$(sed -n 's/^\(bob\)  *\(✗ 403 label\)$/\1 \2/p' <<<"$matrix")"
check_has A-40 "the deciding rule" 'bob × acl-allow-route: acl: ' "$matrix"
check_has A-40 "by its name" 'allow_labels.team' "$(grep '^bob ×' <<<"$matrix")"
check A-40 "as CSV" 'bob,✗ 403 label' "$("$POSTERN" acl matrix --csv --consumer bob | tr -d '\r' | tail -1)"
check A-40 "nothing was counted or sent" "$("$POSTERN" trace show last -o json | grep '"id"')" \
  "$("$POSTERN" acl matrix >/dev/null; "$POSTERN" trace show last -o json | grep '"id"')"
route open /ip '{"acl":{"allow_labels":{"team":["platform"]}}}'
check A-25 "no authentication plugin" '401 {"message":"Missing authentication."}' "$(answer "$P/ip")"
route open /ip '{"acl":{"deny_labels":{"team":["platform"]},"rejected_code":418}}'
check A-25 "nor with a deny list only" '401 {"message":"Missing authentication."}' "$(answer "$P/ip")"

# ------------------------------------------------------------------------------- Deny Consumers by Label
# [D] A-33: the page goes on with the route of before on the same path, which would be found first.
# Here every example begins with nothing; what happens with both is checked below.
example 'Deny Consumers by Label'
consumer alice '{"team":"platform"}'
put consumers '{"username":"dave","plugins":{"key-auth":{"key":"dave-key"}}}'

curl "http://127.0.0.1:9180/apisix/admin/consumers" -X PUT \
-H "X-API-KEY: ${admin_key}" \
-d '{
"username": "carol",
"plugins": {
"key-auth": {
"key": "carol-key"
}
},
"labels": {
"role": "guest"
}
}'

check A-32 "carol" '201 "key":"/apisix/consumers/carol"' "$status $(grep -o '"key":"/[^"]*"' <<<"$body")"

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${admin_key}" \
-d '{
"id": "acl-deny-route",
"uri": "/get",
"plugins": {
"key-auth": {},
"acl": {
"deny_labels": {
"role": ["guest"]
}
}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

check A-33 "the route" 201 "$status"

curl "http://127.0.0.1:9080/get" \
-H "apikey: carol-key"

check A-33 "carol is a guest" "$FORBIDDEN" "$status $body"
check_has A-33 "explained" 'deny_labels.role matched "guest"' "$(explained)"
check A-34 "alice is not" 200 "$(as alice)"
check A-34 "nor is somebody without labels" 200 "$(as dave)"

# [D] A-33: both routes of the page at once; the one created first is taken.
clean
consumer alice '{"team":"platform"}'
consumer carol '{"role":"guest"}'
route acl-allow-route /get '{"key-auth":{},"acl":{"allow_labels":{"team":["platform"]}}}'
route acl-deny-route /get '{"key-auth":{},"acl":{"deny_labels":{"role":["guest"]}}}'
check A-33 "[D] two routes on one path: carol" 403 "$(as carol | cut -c1-3)"
check_has A-33 "[D] the first one decides" 'allow_labels.team' "$(explained)"
put routes "{\"id\":\"acl-deny-route\",\"uri\":\"/get\",\"priority\":1,\"plugins\":{\"key-auth\":{},\"acl\":{\"deny_labels\":{\"role\":[\"guest\"]}}},$UP}"
check A-33 "[D] unless the other has priority" 403 "$(as carol | cut -c1-3)"
check_has A-33 "[D] which then decides" 'deny_labels.role' "$(explained)"

# ----------------------------------------------------------------------- Custom Rejection Code and Message
example 'Custom Rejection Code and Message'
consumer alice '{"team":"platform"}'
consumer bob '{"team":"sales"}'

curl "http://127.0.0.1:9180/apisix/admin/routes" -X PUT \
-H "X-API-KEY: ${admin_key}" \
-d '{
"id": "acl-custom-reject-route",
"uri": "/get",
"plugins": {
"key-auth": {},
"acl": {
"allow_labels": {
"team": ["platform"]
},
"rejected_code": 401,
"rejected_msg": "Access denied: insufficient label permissions."
}
},
"upstream": {
"type": "roundrobin",
"nodes": {
"httpbin.org:80": 1
}
}
}'

check A-35 "the route" 201 "$status"
check A-35 "bob" '401 {"message":"Access denied: insufficient label permissions."}' "$(as bob)"
as bob >/dev/null
check A-13 "the message is wrapped" '{"message":"Access denied: insufficient label permissions."}' "$body"
check A-35 "no WWW-Authenticate" '(absent)' "$(reply_header WWW-Authenticate)"
check A-35 "alice" 200 "$(as alice)"

# ----------------------------------------------------------------------- The table of attributes, row by row
example 'Attributes'
consumer alice '{"team":"platform"}'
check A-04 "a consumer's labels decide, whatever the external user's field says" 200 \
  "$(acl '{"allow_labels":{"team":["platform"]},"external_user_label_field":"nothing"}'; as alice)"

consumer json '{"groups":"[\"admin\",\"user\"]"}'
consumer text '{"groups":"admin,user"}'
consumer broken '{"groups":"[\"admin\""}'
for value in admin user; do
  acl "{\"allow_labels\":{\"groups\":[\"$value\"]}}"
  check A-06 "a JSON array matches $value" 200 "$(as json)"
  check A-07 "a comma list matches $value" 200 "$(as text)"
done
acl '{"allow_labels":{"groups":["admin,user","[\"admin\",\"user\"]","min"]}}'
check A-06 "not as a whole" "$FORBIDDEN" "$(as json)"
check A-07 "not as a whole" "$FORBIDDEN" "$(as text)"
acl '{"allow_labels":{"groups":["admin"]}}'
check A-06 "broken JSON has no values" "$FORBIDDEN" "$(as broken)"

check A-08 "neither list" "$(invalid 'object matches none of the required: [\"allow_labels\"] or [\"deny_labels\"]')" \
  "$(refusal '{}')"
acl '{"allow_labels":{"team":["platform"]},"deny_labels":{"team":["platform"]}}'
check A-09 "deny is looked at first" "$FORBIDDEN" "$(as alice)"
check_has A-09 "explained" 'deny_labels.team matched "platform"' "$(explained)"
row=A-10
for list in allow_labels deny_labels; do
  property="property \\\"$list\\\" validation failed: "
  check $row "$list: a string for an array" \
    "$(invalid "${property}failed to validate team (matching \\\".*\\\"): wrong type: expected array, got string")" \
    "$(refusal "{\"$list\":{\"team\":\"platform\"}}")"
  check $row "$list: no labels" "$(invalid "${property}expect object to have at least 1 properties")" \
    "$(refusal "{\"$list\":{}}")"
  check $row "$list: no values" \
    "$(invalid "${property}failed to validate team (matching \\\".*\\\"): expect array to have at least 1 items")" \
    "$(refusal "{\"$list\":{\"team\":[]}}")"
  check $row "$list: a number as a value" 400 "$(refusal "{\"$list\":{\"team\":[1]}}" | cut -c1-3)"
  row=A-11
done
deny='"deny_labels":{"a":["b"]}'
check A-12 "rejected_code 199" "$(invalid 'property \"rejected_code\" validation failed: expected 199 to be at least 200')" \
  "$(refusal "{$deny,\"rejected_code\":199}")"
for rejected in 200 599; do
  acl "{\"deny_labels\":{\"team\":[\"platform\"]},\"rejected_code\":$rejected}"
  check A-12 "rejected_code $rejected" "$rejected" "$(code -H 'apikey: alice-key' "$P/get")"
done
check A-13 "rejected_msg is a string" 400 "$(refusal "{$deny,\"rejected_msg\":1}" | cut -c1-3)"
check A-15 "at least one character" "$(invalid 'property \"external_user_label_field\" validation failed: string too short, expected at least 1, got 0')" \
  "$(refusal "{$deny,\"external_user_label_field\":\"\"}")"
check A-16 "a JSONPath" 200 "$(refusal "{$deny,\"external_user_label_field\":\"\$..groups\"}" | cut -c1-3)"
refused=$(refusal "{$deny,\"external_user_label_field\":\"\$..[\"}")
check A-16 "no JSONPath" 400 "${refused%% *}"
check_has A-16 "says so" 'invalid external_user_label_field: ' "$refused"
check_has A-18 "lint warns that the label is called as the expression" \
  '/plugins/acl/external_user_label_field: warning: without external_user_label_field_key the label is called "$..groups"' \
  "$(refusal "{$deny,\"external_user_label_field\":\"\$..groups\"}" >/dev/null; "$POSTERN" config lint 2>&1)"
check A-17 "a plain name" 200 "$(refusal "{$deny,\"external_user_label_field\":\"groups\"}" | cut -c1-3)"
for parser in json table; do
  check A-19 "parser $parser" 200 "$(refusal "{$deny,\"external_user_label_field_parser\":\"$parser\"}" | cut -c1-3)"
done
check A-19 "another" "$(invalid 'property \"external_user_label_field_parser\" validation failed: matches none of the enum values')" \
  "$(refusal "{$deny,\"external_user_label_field_parser\":\"xml\"}")"
check A-22 "segmented_text without a separator" "$(invalid 'allOf 1 failed: then clause did not match')" \
  "$(refusal "{$deny,\"external_user_label_field_parser\":\"segmented_text\"}")"
check A-22 "and with one" 200 \
  "$(refusal "{$deny,\"external_user_label_field_parser\":\"segmented_text\",\"external_user_label_field_separator\":\"\\\\|\"}" | cut -c1-3)"

acl '{"allow_labels":{"team":["a","b"],"role":["x"]}}'
consumer one '{"team":"b"}'
consumer two '{"role":"x"}'
consumer both '{"team":"c","role":"x"}'
consumer none '{"team":"c","role":"y"}'
check A-37 "one label of two, the second value" 200 "$(as one)"
check A-37 "the other label" 200 "$(as two)"
check A-37 "one of both labels" 200 "$(as both)"
check A-37 "neither" "$FORBIDDEN" "$(as none)"
for team in Platform PLATFORM platform2 plat; do
  acl "{\"allow_labels\":{\"team\":[\"$team\"]}}"
  check A-38 "$team is not platform" "$FORBIDDEN" "$(as alice)"
done
acl '{"allow_labels":{"Team":["platform"]}}'
check A-38 "nor is Team team" "$FORBIDDEN" "$(as alice)"

# -------------------------------------------------------------------------- With another way to authenticate
example 'With jwt-auth, in a credential'
consumer alice '{"team":"platform"}'
consumer bob '{"team":"sales"}'
for name in alice bob; do
  put "consumers/$name/credentials" "{\"id\":\"jwt-$name\",\"plugins\":{\"jwt-auth\":{\"key\":\"$name-jwt\",\"secret\":\"$name-secret\"}}}"
done
route acl-route /get '{"jwt-auth":{},"acl":{"allow_labels":{"team":["platform"]}}}'
curl -H "Authorization: $(hs256 alice-secret '{"key":"alice-jwt"}')" "$P/get"
check A-39 "jwt-auth: alice" '200 alice' "$status $(echoed X-Consumer-Username)"
check A-39 "jwt-auth: bob" "$FORBIDDEN" \
  "$(answer -H "Authorization: $(hs256 bob-secret '{"key":"bob-jwt"}')" "$P/get")"
check A-39 "jwt-auth: a refused token never comes so far" '401 {"message":"failed to verify jwt"}' \
  "$(answer -H "Authorization: $(hs256 bob-secret '{"key":"alice-jwt"}')" "$P/get")"
route acl-route /get '{"key-auth":{},"acl":{"allow_labels":{"team":["platform"]}}}'
check A-39 "key-auth: alice" 200 "$(as alice)"
check A-39 "key-auth: bob" "$FORBIDDEN" "$(as bob)"
put consumers '{"username":"alice","labels":{"team":"platform"},"plugins":{"basic-auth":{"username":"alice","password":"a-pass"},"hmac-auth":{"key_id":"alice-id","secret_key":"a-secret"}}}'
put consumers '{"username":"bob","labels":{"team":"sales"},"plugins":{"basic-auth":{"username":"bob","password":"b-pass"},"hmac-auth":{"key_id":"bob-id","secret_key":"b-secret"}}}'
route acl-route /get '{"basic-auth":{},"acl":{"allow_labels":{"team":["platform"]}}}'
check A-39 "basic-auth: alice" 200 "$(code -u alice:a-pass "$P/get")"
check A-39 "basic-auth: bob" "$FORBIDDEN" "$(answer -u bob:b-pass "$P/get")"
check A-39 "basic-auth: a wrong password never comes so far" '401 {"message":"Invalid user authorization"}' \
  "$(answer -u alice:b-pass "$P/get")"
route acl-route /get '{"hmac-auth":{},"acl":{"allow_labels":{"team":["platform"]}}}'
check A-39 "hmac-auth: alice" 200 "$(signed alice-id a-secret GET /get; echo "$status")"
check A-39 "hmac-auth: bob" "$FORBIDDEN" "$(signed bob-id b-secret GET /get; echo "$status $body")"

# -------------------------------------------------------------------------------------------- The table
# External users come with the plugins that set them; the decision itself is tested without one.
in_test A-03 core/tst_acl.cpp 'A-03: a claim decides'
in_test A-04 core/tst_acl.cpp 'prefersTheConsumer'
in_test A-05 core/tst_acl.cpp 'A-04: array'
in_test A-15 core/tst_acl.cpp 'A-15: the field is groups by default'
in_test A-16 core/tst_acl.cpp 'A-16: JSONPath'
in_test A-17 core/tst_acl.cpp 'A-17: plain name'
in_test A-18 core/tst_acl.cpp 'A-18: the key defaults to the expression'
in_test A-20 core/tst_acl.cpp 'A-20: string with comma'
in_test A-21 core/tst_acl.cpp 'A-21: separator is a pattern, blanks are dropped'
in_test A-23 core/tst_acl.cpp 'A-23: table parser on a string'
in_test A-24 core/tst_acl.cpp 'A-24: several matches are merged'
later A-03 'over HTTP once a plugin sets an external user'
summary A 01-40
