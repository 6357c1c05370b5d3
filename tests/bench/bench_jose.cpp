// SPDX-License-Identifier: Apache-2.0
// JOSE: verify, sign, parse, inspect beside raw OpenSSL, libjwt 1.17 and libjose, as one table
//
// Raw OpenSSL is the floor: the signature only. libjwt has no prepared keys and is given PEM;
// libjose is given a parsed JWK. "unprepared" is the whole library call with a tree of JSON. At the
// end whole programs: a process for each token beside one `--batch`.

#include "core/bytes/encoding.h"
#include "core/jose/claim_checks.h"
#include "core/jose/jws.h"
#include "core/jose/signature.h"
#include "core/jose/token_view.h"
#include "core/json/reader.h"
#include "tests/bench/comparison.h"
#include "tests/bench/jose_subject.h"
#include "tests/bench/peer_libjose.h"
#include "tests/bench/peer_openssl.h"
#include "tests/bench/programs.h"

#include <jwt.h>

#include <array>
#include <cstdlib>
#include <string>

using namespace postern;
using namespace postern::bench;

namespace {

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::array kAlgs{Alg::HS256, Alg::RS256, Alg::PS256,
                           Alg::ES256, Alg::ES384, Alg::Ed25519};

/// Everything the request path does with a token: split, header, claims, times, signature.
class RequestPath
{
public:
    explicit RequestPath(const Subject &of)
        : m_alg(of.alg),
          m_verifier(*Verifier::make(of.alg.alg, of.key))
    {
    }

    bool accepts(std::string_view token)
    {
        const Result<CompactParts> parts = splitCompact(token);
        if (!parts || !decodeBase64UrlInto(parts->header, m_header)
            || !decodeBase64UrlInto(parts->payload, m_payload)
            || !decodeBase64UrlInto(parts->signature, m_signature))
            return false;
        std::array<WantedMember, 1> header = {WantedMember{.name = "alg"}};
        std::array<WantedMember, 3> claims = {
            WantedMember{.name = "exp"}, WantedMember{.name = "nbf"}, WantedMember{.name = "key"}};
        return readMembers(m_header, header) && header[0].text == m_alg.name
            && readMembers(m_payload, claims) && compareNumber(claims[0].text, kNow) > 0
            && compareNumber(claims[1].text, kNow) <= 0
            && m_verifier.fits(parts->signingInput, m_signature);
    }

private:
    AlgInfo m_alg;
    Verifier m_verifier;
    std::string m_header;
    std::string m_payload;
    std::string m_signature;
};

void verifyOurs(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    RequestPath path(of);
    for (auto _ : state) {
        if (!path.accepts(of.token))
            state.SkipWithError("refused");
    }
}

void verifyOpenSsl(benchmark::State &state, Alg alg)
{
    RawOpenSsl peer(subject(alg), false);
    for (auto _ : state) {
        if (!peer.verify())
            state.SkipWithError("refused");
    }
}

/// What a caller without a prepared Verifier pays: the whole library call, JSON tree included.
void verifyWhole(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    for (auto _ : state) {
        if (!verifyJws(of.token, of.key))
            state.SkipWithError("refused");
    }
}

void signOurs(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    Signer signer = *Signer::make(alg, of.key);
    for (auto _ : state) {
        std::string token = encodeBase64Url(of.header);
        token.append(".").append(encodeBase64Url(claimsText()));
        const std::string signature = *signer.sign(token);
        token.append(".").append(encodeBase64Url(signature));
        benchmark::DoNotOptimize(token);
    }
}

void signOpenSsl(benchmark::State &state, Alg alg)
{
    RawOpenSsl peer(subject(alg), true);
    for (auto _ : state) {
        if (peer.sign() == 0)
            state.SkipWithError("failed");
    }
}

void parseOurs(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    for (auto _ : state) {
        const Result<DecodedJws> jws = decodeJws(of.token);
        if (!jws || !parseClaims(jws->payloadText))
            state.SkipWithError("refused");
    }
}

void inspectOurs(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    for (auto _ : state) {
        const TokenView view = viewToken(of.token);
        if (view.shape != TokenShape::Jws || view.payloadText().empty())
            state.SkipWithError("refused");
    }
}

jwt_alg_t peerAlg(Alg alg)
{
    switch (alg) {
    case Alg::HS256:
        return JWT_ALG_HS256;
    case Alg::RS256:
        return JWT_ALG_RS256;
    case Alg::ES256:
        return JWT_ALG_ES256;
    case Alg::ES384:
        return JWT_ALG_ES384;
    case Alg::PS256:
        return JWT_ALG_PS256;
    default:
        return JWT_ALG_INVAL;
    }
}

const unsigned char *octets(const std::string &text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

void verifyLibjwt(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    jwt_valid_t *rules = nullptr;
    jwt_valid_new(&rules, peerAlg(alg));
    jwt_valid_set_now(rules, static_cast<time_t>(kNow));
    for (auto _ : state) {
        jwt_t *jwt = nullptr;
        if (jwt_decode(&jwt, of.token.c_str(), octets(of.publicPem),
                       static_cast<int>(of.publicPem.size()))
            != 0) {
            state.SkipWithError("libjwt refuses it");
            break;
        }
        if (jwt_validate(jwt, rules) != 0)
            state.SkipWithError("libjwt finds it not valid");
        jwt_free(jwt);
    }
    jwt_valid_free(rules);
}

void signLibjwt(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    const std::string claims(claimsText());
    for (auto _ : state) {
        jwt_t *jwt = nullptr;
        jwt_new(&jwt);
        jwt_add_grants_json(jwt, claims.c_str());
        char *token = jwt_set_alg(jwt, peerAlg(alg), octets(of.privatePem),
                                  static_cast<int>(of.privatePem.size()))
                == 0
            ? jwt_encode_str(jwt)
            : nullptr;
        jwt_free(jwt);
        if (!token) {
            state.SkipWithError("libjwt cannot sign");
            break;
        }
        jwt_free_str(token);
    }
}

/// libjwt reads without a key; with `shown` it also prints both parts, indented.
void readLibjwt(benchmark::State &state, Alg alg, bool shown)
{
    const Subject &of = subject(alg);
    for (auto _ : state) {
        jwt_t *jwt = nullptr;
        if (jwt_decode(&jwt, of.token.c_str(), nullptr, 0) != 0) {
            state.SkipWithError("libjwt refuses it");
            break;
        }
        if (shown) {
            char *text = jwt_dump_str(jwt, 1);
            benchmark::DoNotOptimize(text);
            jwt_free_str(text);
        }
        jwt_free(jwt);
    }
}

/// One of LibJose's operations; SkipWithError where it fails.
template <class Operation> void withLibjose(benchmark::State &state, Alg alg, Operation operation)
{
    const Subject &of = subject(alg);
    const std::unique_ptr<LibJose> peer = LibJose::make(of);
    for (auto _ : state) {
        if (!peer || !operation(*peer, of)) {
            state.SkipWithError("libjose refuses it");
            break;
        }
    }
}

void addPeers(const std::string &name, Alg alg)
{
    if (peerAlg(alg) != JWT_ALG_INVAL) {
        benchmark::RegisterBenchmark("verify/" + name + "/libjwt-1.17", verifyLibjwt, alg);
        benchmark::RegisterBenchmark("sign/" + name + "/libjwt-1.17", signLibjwt, alg);
    }
    if (!LibJose::make(subject(alg)))
        return;
    benchmark::RegisterBenchmark("verify/" + name + "/libjose", [alg](benchmark::State &state) {
        withLibjose(state, alg,
                    [](const LibJose &peer, const Subject &of) { return peer.verify(of.token); });
    });
    benchmark::RegisterBenchmark("sign/" + name + "/libjose", [alg](benchmark::State &state) {
        withLibjose(state, alg,
                    [](const LibJose &peer, const Subject &of) { return !peer.sign(of).empty(); });
    });
}

/// Reading does not depend on the algorithm but for the signature's length.
void addReading(Alg alg)
{
    const std::string name(info(alg).name);
    benchmark::RegisterBenchmark("parse/" + name + "/postern", parseOurs, alg);
    benchmark::RegisterBenchmark("parse/" + name + "/libjwt-1.17", readLibjwt, alg, false);
    benchmark::RegisterBenchmark("inspect/" + name + "/postern", inspectOurs, alg);
    benchmark::RegisterBenchmark("inspect/" + name + "/libjwt-1.17", readLibjwt, alg, true);
    if (!LibJose::make(subject(alg)))
        return;
    benchmark::RegisterBenchmark("parse/" + name + "/libjose", [alg](benchmark::State &state) {
        withLibjose(state, alg,
                    [](const LibJose &peer, const Subject &of) { return peer.parse(of.token); });
    });
    benchmark::RegisterBenchmark("inspect/" + name + "/libjose", [alg](benchmark::State &state) {
        withLibjose(state, alg, [](const LibJose &peer, const Subject &of) {
            return !peer.inspect(of.token).empty();
        });
    });
}

} // namespace

int main(int argc, char **argv)
{
    const std::string libjwt = "libjwt-1.17";
    ComparisonTable table({"openssl-raw", libjwt, "libjose"});
    const auto addRows = [&table](const char *operation, const Goal &ofHmac, const Goal &ofOthers) {
        for (const Alg alg : kAlgs)
            table.addRow(operation, std::string(info(alg).name),
                         alg == Alg::HS256 ? ofHmac : ofOthers);
    };
    const Goal asFast{.peer = libjwt, .target = {}, .limit = {}};
    const Goal nearTheFloor{.peer = "openssl-raw", .target = 1.05, .limit = 1.10};
    addRows("verify", {.peer = libjwt, .target = 0.15, .limit = 0.30}, nearTheFloor);
    addRows("sign", asFast, nearTheFloor);
    addRows("parse", asFast, asFast);
    addRows("inspect", asFast, asFast);
    addRows("unprepared", {}, {});
    for (const Alg alg : kAlgs) {
        const std::string name(info(alg).name);
        benchmark::RegisterBenchmark("verify/" + name + "/postern", verifyOurs, alg);
        benchmark::RegisterBenchmark("verify/" + name + "/openssl-raw", verifyOpenSsl, alg);
        benchmark::RegisterBenchmark("unprepared/" + name + "/postern", verifyWhole, alg);
        benchmark::RegisterBenchmark("sign/" + name + "/postern", signOurs, alg);
        benchmark::RegisterBenchmark("sign/" + name + "/openssl-raw", signOpenSsl, alg);
        addPeers(name, alg);
    }
    for (const Alg alg : {Alg::HS256, Alg::RS256})
        addReading(alg);
    runInto(table, argc, argv);
    comparePrograms(argv[0]);
    return 0;
}
