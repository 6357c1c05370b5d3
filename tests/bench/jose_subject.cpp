// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/jose_subject.h"

#include "core/jose/jws.h"
#include "core/jose/key_data.h"

#include <map>

namespace postern::bench {

std::string_view claimsText()
{
    return R"({"iss":"https://issuer.example/realms/main","sub":"f3b0c442-98fc-4c14-9afb-f4c8996fb924",)"
           R"("aud":["gateway","accounts"],"exp":4102444800,"nbf":1700000000,"iat":1700000000,)"
           R"("jti":"01HF7Y5Q8M3T9V1K6N2X4B7C8D","key":"jack-key","scope":"openid profile orders:read",)"
           R"("roles":["user"]})";
}

const Subject &subject(Alg alg)
{
    static std::map<Alg, Subject> subjects;
    const auto found = subjects.find(alg);
    if (found != subjects.end())
        return found->second;
    const AlgInfo &row = info(alg);
    Key key = *Key::generate(alg);
    const bool isSecret = row.keyType == KeyType::Oct;
    const std::string secret(isSecret ? key.data().secret.view() : std::string_view());
    Subject made{.alg = row,
                 .key = key,
                 .publicPem = isSecret ? secret : *key.toPem(false),
                 .privatePem = isSecret ? secret : *key.toPem(true),
                 .header = R"({"alg":")" + std::string(row.name) + R"(","typ":"JWT"})",
                 .token = {}};
    made.token = *signJws(made.header, claimsText(), alg, key);
    return subjects.emplace(alg, std::move(made)).first->second;
}

} // namespace postern::bench
