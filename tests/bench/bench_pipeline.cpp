// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/hmac.h"
#include "core/jose/jws.h"
#include "core/jose/signature.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/plugins/specs.h"
#include "gateway/router/compiler.h"

#include <benchmark/benchmark.h>

#include <format>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

using namespace postern;
using namespace postern::gateway;

namespace {

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::string_view kUpstream = R"("upstream":{"nodes":{"127.0.0.1:1":1}})";

Change put(std::string path, std::string json)
{
    const std::string key = "/apisix/" + std::move(path);
    return {key, std::make_shared<const Document>(Document{key, std::move(json), 1, 1}), 1};
}

Change consumer(std::size_t i)
{
    return put(std::format("consumers/user{:06}", i),
               std::format(R"({{"username":"user{:06}","plugins":{{"jwt-auth":)"
                           R"({{"key":"key-{:06}","secret":"secret-of-user-{:06}"}}}}}})",
                           i, i, i));
}

std::vector<Change> configuration(std::size_t routes, std::size_t consumers)
{
    std::vector<Change> out;
    out.reserve(routes + consumers);
    for (std::size_t i = 0; i < consumers; ++i)
        out.push_back(consumer(i));
    for (std::size_t i = 0; i < routes; ++i)
        out.push_back(put(std::format("routes/{}", i),
                          std::format(R"({{"uri":"/api/v1/resource/{}",{},"plugins":)"
                                      R"({{"jwt-auth":{{}}}}}})",
                                      i, kUpstream)));
    return out;
}

/// Configurations are made once per size.
SnapshotCompiler &loaded(std::size_t consumers, std::shared_ptr<const Snapshot> *snapshot)
{
    struct Loaded
    {
        SnapshotCompiler compiler{PluginEnv{}};
        std::shared_ptr<const Snapshot> snapshot;
    };
    static std::map<std::size_t, Loaded> all;
    Loaded &entry = all[consumers];
    if (!entry.snapshot)
        entry.snapshot = entry.compiler.apply(configuration(1, consumers), 1);
    *snapshot = entry.snapshot;
    return entry.compiler;
}

void request(Exchange &exchange, const std::shared_ptr<const Snapshot> &snapshot,
             std::string_view header, std::string_view value)
{
    exchange.clear();
    exchange.request.method = "GET";
    exchange.request.target = exchange.request.path = "/api/v1/resource/0";
    exchange.request.host = exchange.request.hostName = "127.0.0.1";
    exchange.request.peer = "127.0.0.1";
    exchange.request.headers.append("Host", "127.0.0.1:9080");
    exchange.request.headers.append("User-Agent", "bench");
    exchange.request.headers.append("Accept", "*/*");
    exchange.request.headers.append(header, value);
    exchange.snapshot = snapshot;
    exchange.now = Timestamp(std::chrono::seconds(kNow));
}

std::string token(Alg alg, const Key &key)
{
    return signJws(std::format(R"({{"alg":"{}","typ":"JWT"}})", info(alg).name),
                   std::format(R"({{"key":"key-000042","exp":{},"iat":{},"sub":"user",)"
                               R"("aud":"bench","jti":"0f0e0d0c0b0a","scope":"read write"}})",
                               kNow + 3600, kNow),
                   alg, key, true)
        .value_or("");
}

void decideHs256(benchmark::State &state)
{
    std::shared_ptr<const Snapshot> snapshot;
    (void)loaded(static_cast<std::size_t>(state.range(0)), &snapshot);
    const std::string jwt = "Bearer "
        + token(Alg::HS256, *Key::fromSecret(Secret(std::string_view("secret-of-user-000042"))));
    Exchange exchange;
    exchange.tracing = state.range(1) != 0;
    MergedChains merged;
    for (auto _ : state) {
        request(exchange, snapshot, "Authorization", jwt);
        if (decide(exchange, merged) != Verdict::Continue)
            state.SkipWithError("refused");
    }
}
BENCHMARK(decideHs256)->Args({100, 0})->Args({100, 1})->Args({100'000, 0})->Args({100'000, 1});

/// The peer: the signature alone, by the same library and a prepared context.
void peerHs256SignatureOnly(benchmark::State &state)
{
    const Key key = *Key::fromSecret(Secret(std::string_view("secret-of-user-000042")));
    const std::string jwt = token(Alg::HS256, key);
    const auto parts = *splitCompact(jwt);
    Verifier verifier = std::move(*Verifier::make(Alg::HS256, key, true));
    const std::string signature = std::string(32, 'x');
    for (auto _ : state)
        benchmark::DoNotOptimize(verifier.fits(parts.signingInput, signature));
}
BENCHMARK(peerHs256SignatureOnly);

void decideEs256(benchmark::State &state)
{
    const Key key = *Key::generate(Alg::ES256);
    PluginEnv env;
    env.tokenCache = state.range(0) != 0;
    SnapshotCompiler compiler(env);
    std::vector<Change> changes = configuration(1, 0);
    changes.push_back(put("consumers/u",
                          R"({"username":"u","plugins":{"jwt-auth":{"key":)"
                          R"("key-000042","algorithm":"ES256","public_key":)"
                              + Json(*key.toPem(false)).dump() + "}}}"));
    const auto snapshot = compiler.apply(changes, 1);
    const std::string jwt = token(Alg::ES256, key);
    Exchange exchange;
    MergedChains merged;
    for (auto _ : state) {
        request(exchange, snapshot, "Authorization", jwt);
        if (decide(exchange, merged) != Verdict::Continue)
            state.SkipWithError("refused");
    }
}
BENCHMARK(decideEs256)->ArgName("cache")->Arg(0)->Arg(1);

/// A login of one other plugin. \param config of the consumer's side
void decideLogin(benchmark::State &state, std::string_view plugin, std::string_view config,
                 std::string_view header, std::string_view value)
{
    SnapshotCompiler compiler(PluginEnv{});
    const auto snapshot = compiler.apply(
        {put("consumers/u",
             std::format(R"({{"username":"u","plugins":{{"{}":{}}}}})", plugin, config)),
         put("routes/0",
             std::format(R"({{"uri":"/api/v1/resource/0",{},"plugins":{{"{}":{{}}}}}})", kUpstream,
                         plugin))},
        1);
    Exchange exchange;
    MergedChains merged;
    for (auto _ : state) {
        request(exchange, snapshot, header, value);
        exchange.request.headers.append("Date", "Fri, 15 Jan 2027 08:00:00 GMT");
        if (decide(exchange, merged) != Verdict::Continue)
            state.SkipWithError("refused");
    }
}

void decideKeyAuth(benchmark::State &state)
{
    decideLogin(state, "key-auth", R"({"key":"bench-key"})", "apikey", "bench-key");
}
BENCHMARK(decideKeyAuth);

void decideBasicAuth(benchmark::State &state)
{
    decideLogin(state, "basic-auth", R"({"username":"foo","password":"bar"})", "Authorization",
                "Basic Zm9vOmJhcg==");
}
BENCHMARK(decideBasicAuth);

constexpr std::string_view kSigned =
    "bench-id\nGET /api/v1/resource/0\ndate: Fri, 15 Jan 2027 08:00:00 GMT\n";

void decideHmacSha256(benchmark::State &state)
{
    auto hmac = Hmac::make("SHA256", "bench-secret");
    if (!hmac || !hmac->begin() || !hmac->update(kSigned))
        return state.SkipWithError("no HMAC");
    const std::string value = std::format(
        R"(Signature keyId="bench-id",algorithm="hmac-sha256",headers="@request-target date",)"
        R"(signature="{}")",
        encodeBase64(hmac->finish()));
    decideLogin(state, "hmac-auth", R"({"key_id":"bench-id","secret_key":"bench-secret"})",
                "Authorization", value);
}
BENCHMARK(decideHmacSha256);

/// The peer: the signature alone, by the same library and a prepared context.
void peerHmacSha256Only(benchmark::State &state)
{
    auto hmac = Hmac::make("SHA256", "bench-secret");
    for (auto _ : state) {
        if (!hmac || !hmac->begin() || !hmac->update(kSigned))
            return state.SkipWithError("no HMAC");
        benchmark::DoNotOptimize(hmac->finish());
    }
}
BENCHMARK(peerHmacSha256Only);

/// A walk that meets every consumer in no order the cache could guess.
std::vector<std::string> shuffledKeys(std::size_t count)
{
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i)
        keys.push_back(std::format("key-{:06}", (i * 7919) % count));
    return keys;
}

void findConsumer(benchmark::State &state)
{
    const auto count = static_cast<std::size_t>(state.range(0));
    std::shared_ptr<const Snapshot> snapshot;
    (void)loaded(count, &snapshot);
    const std::vector<std::string> keys = shuffledKeys(count);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(snapshot->consumers->find(jwtAuthPlugin, keys[i]));
        i = i + 1 == count ? 0 : i + 1;
    }
}
BENCHMARK(findConsumer)->Arg(100)->Arg(10'000)->Arg(100'000);

/// The peer: a mutable hash map, which could not be shared with readers.
void peerFindInUnorderedMap(benchmark::State &state)
{
    const auto count = static_cast<std::size_t>(state.range(0));
    std::unordered_map<std::string, int> map;
    const std::vector<std::string> keys = shuffledKeys(count);
    for (const std::string &key : keys)
        map.emplace(key, 1);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(map.find(keys[i]));
        i = i + 1 == count ? 0 : i + 1;
    }
}
BENCHMARK(peerFindInUnorderedMap)->Arg(100)->Arg(10'000)->Arg(100'000);

void putOneConsumer(benchmark::State &state)
{
    const auto count = static_cast<std::size_t>(state.range(0));
    std::shared_ptr<const Snapshot> snapshot;
    SnapshotCompiler &compiler = loaded(count, &snapshot);
    std::size_t i = 0;
    for (auto _ : state) {
        i = (i + 7919) % count;
        benchmark::DoNotOptimize(compiler.apply({consumer(i)}, 2));
    }
}
BENCHMARK(putOneConsumer)->Arg(100)->Arg(100'000)->Unit(benchmark::kMicrosecond);

void load(benchmark::State &state)
{
    const std::vector<Change> changes = configuration(static_cast<std::size_t>(state.range(0)),
                                                      static_cast<std::size_t>(state.range(1)));
    for (auto _ : state) {
        auto compiler = std::make_unique<SnapshotCompiler>(PluginEnv{});
        auto snapshot = compiler->apply(changes, 1);
        state.PauseTiming(); // a gateway loads once and does not unload
        snapshot.reset();
        compiler.reset();
        state.ResumeTiming();
    }
}
BENCHMARK(load)
    ->Args({1, 1})
    ->Args({10'000, 0})
    ->Args({0, 100'000})
    ->Args({10'000, 100'000})
    ->UseRealTime() // it uses every core
    ->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
