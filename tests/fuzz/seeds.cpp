// SPDX-License-Identifier: Apache-2.0
#include "seeds.h"

#include "../support/vectors.h"
#include "core/bytes/encoding.h"

#include <initializer_list>

namespace postern::fuzz {

namespace {

void add(std::vector<Seed> &out, std::initializer_list<const char *> targets,
         const std::string &octets)
{
    for (const char *target : targets)
        out.push_back({target, octets});
}

void addOwn(std::vector<Seed> &out)
{
    add(out, {"base64"}, "Zm9vYmFy");
    add(out, {"base64"}, "Zm9v-_==");
    add(out, {"json", "json_reader"}, R"({"alg":"HS256","kid":"a\u00e9\n","exp":1.5e3,"x":[{}]})");
    add(out, {"http_head"},
        "POST /a?b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    add(out, {"http_head"},
        "GET http://x/ HTTP/1.1\r\nHost: x:80\r\nConnection: upgrade\r\nUpgrade: y\r\n\r\n");
    add(out, {"http_head"}, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
    add(out, {"uri"}, "/a/./b/%2e%2e//c?d=e#f");
    add(out, {"uri"}, "http://[::1]:8080/x");
    add(out, {"uri"}, "Example.ORG.:443");
    add(out, {"http_date"}, "Sun, 06 Nov 1994 08:49:37 GMT");
    add(out, {"http_date"}, "Sunday, 06-Nov-94 08:49:37 GMT");
    add(out, {"http_date"}, "Sun Nov  6 08:49:37 1994");
    add(out, {"hmac_parameters"},
        " keyId=\"a\",algorithm=\"hmac-sha256\",headers=\"@request-target date\",signature=\"b=\"");
    add(out, {"yaml"},
        "version: 1\nroutes:\n  - &a {id: r, uri: '/x', n: 0x10}\n  - <<: *a\n    t: |\n      x\n");
    add(out, {"yaml"}, "a: ${NAME:-b}\n\"q\": [1, 2.5, yes, ~, .inf]\n");
}

void addStandalone(std::vector<Seed> &out)
{
    for (const char *text :
         {"routes:\n- id: r1\n  uri: /a\n  upstream: {nodes: {\"127.0.0.1:1\": 1}}\n#END\n",
          "consumers:\n- username: jack\n  plugins:\n    key-auth:\n      key: ${{TEXT}}\n#END",
          "routes:\n- {id: ${{NUMBER}}, uri: '/${{NONE:=x}}'}\n#END \n\n",
          "plugins:\n- name: echo\n- {name: mqtt-proxy, stream: true}\n#END",
          "routes:\n- id: \"open\n#END\n", "- ${{MISSING}}\n#END\n",
          R"({"routes": [{"id": "${{NUMBER}}", "uri": "/a", "${{TEXT}}": "\u0024{{NUMBER}}"}]})",
          "{\"upstreams\": [{\"id\": 1, \"nodes\": []}]}\n# a comment\n#END\n",
          R"({"consumers": [{"id": "jack/credentials/c1", "plugins": {"key-auth": {}}}]})"})
        add(out, {"standalone", "yaml"}, text);
}

void addStrictness(std::vector<Seed> &out)
{
    const Json document = vectors::readJson("own/strictness.json");
    if (!document.isObject())
        return;
    for (const Json &one : document.find("cases")->items()) {
        const std::string token(one.stringOr("token", ""));
        add(out, {"token", "verify", "find"}, token);
        const std::string first = token.substr(0, token.find('.'));
        add(out, {"base64"}, first);
        if (const Result<std::string> header = decodeBase64Url(first))
            add(out, {"json", "json_reader"}, *header);
    }
    for (const auto &[name, jwk] : document.find("keys")->members())
        add(out, {"jwk", "find"}, jwk.dump());
}

void addKeys(std::vector<Seed> &out)
{
    const Json imports = vectors::readJson("own/jwk-import.json");
    if (imports.isObject()) {
        for (const Json &one : imports.find("keys")->items())
            add(out, {"jwk"}, one.find("jwk") ? one.find("jwk")->dump() : "");
        for (const Json &one : imports.find("sets")->items())
            add(out, {"jwks"}, one.find("jwks") ? one.find("jwks")->dump() : "");
    }
    const Json samples = vectors::readJson("jwtio/default-tokens.json");
    if (!samples.isObject())
        return;
    for (const Json &one : samples.find("tokens")->items()) {
        add(out, {"token", "verify"}, std::string(one.stringOr("token", "")));
        for (const char *member : {"public_pem", "private_pem"})
            add(out, {"pem", "find"}, std::string(one.stringOr(member, "")));
    }
}

void addJson(std::vector<Seed> &out)
{
    const Json suite = vectors::readJson("json/jsontestsuite.json");
    if (!suite.isObject())
        return;
    constexpr std::size_t kLargest = 4096;
    for (const Json &one : suite.find("parsing")->items()) {
        const Result<std::string> octets = decodeBase64(one.stringOr("base64", ""));
        if (octets && octets->size() <= kLargest)
            add(out, {"json", "json_reader", "yaml", "standalone"}, *octets);
    }
}

} // namespace

std::vector<Seed> seeds()
{
    std::vector<Seed> out;
    addOwn(out);
    addStandalone(out);
    addStrictness(out);
    addKeys(out);
    addJson(out);
    return out;
}

} // namespace postern::fuzz
