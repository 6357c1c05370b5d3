// SPDX-License-Identifier: Apache-2.0
// Route lookup, and as its peer the least a lookup can cost: one std::unordered_map keyed by path.
#include "gateway/router/router.h"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <format>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

using namespace postern::gateway;

namespace {

using Routes = std::vector<std::shared_ptr<const CompiledRoute>>;

enum class Shape { Exact, Prefix, Parameter, HostsAtOnePrefix, MethodsAtOnePrefix };

std::string basePath(std::size_t i) { return std::format("/api/v{}/service{:06}/items", i % 7, i); }

std::string_view methodName(std::size_t i)
{
    constexpr std::string_view kNames[]{"GET",  "POST",    "PUT",     "DELETE", "PATCH",
                                        "HEAD", "OPTIONS", "CONNECT", "TRACE",  "PURGE"};
    return kNames[i % 10];
}

Routes makeRoutes(Shape shape, std::size_t count)
{
    Routes routes;
    for (std::size_t i = 0; i < count; ++i) {
        auto route = std::make_shared<CompiledRoute>();
        route->id = std::to_string(i);
        switch (shape) {
        case Shape::Exact:
            route->uris = {basePath(i)};
            break;
        case Shape::Prefix:
            route->uris = {basePath(i) + "/*"};
            break;
        case Shape::Parameter:
            route->uris = {basePath(i) + "/:id/detail"};
            break;
        case Shape::HostsAtOnePrefix:
            route->uris = {"/api/*"};
            route->hosts = {std::format("tenant{:06}.example.org", i)};
            break;
        case Shape::MethodsAtOnePrefix:
            route->uris = {"/api/*"};
            route->methods = {std::string(methodName(i))};
            break;
        }
        routes.push_back(std::move(route));
    }
    return routes;
}

struct Probe
{
    std::string method = "GET", host, path;
};

/// Requests in random order: neither the branch predictor nor the cache may learn them.
std::vector<Probe> makeProbes(Shape shape, std::size_t count)
{
    std::mt19937 random(1);
    std::vector<Probe> probes(8192);
    for (Probe &probe : probes) {
        const std::size_t i = random() % count;
        probe.host = "localhost";
        switch (shape) {
        case Shape::Exact:
            probe.path = basePath(i);
            break;
        case Shape::Prefix:
            probe.path = basePath(i) + "/77";
            break;
        case Shape::Parameter:
            probe.path = basePath(i) + "/77/detail";
            break;
        case Shape::HostsAtOnePrefix:
            probe.path = "/api/x";
            probe.host = std::format("tenant{:06}.example.org", i);
            break;
        case Shape::MethodsAtOnePrefix:
            probe.path = "/api/x";
            probe.method = methodName(i);
            break;
        }
    }
    return probes;
}

void match(benchmark::State &state, Shape shape)
{
    const auto count = static_cast<std::size_t>(state.range(0));
    const auto router = Router::build(makeRoutes(shape, count),
                                      shape == Shape::Parameter ? RouterFlavour::UriWithParameter
                                                                : RouterFlavour::HostUri);
    const auto probes = makeProbes(shape, count);
    std::size_t at = 0;
    Request request;
    request.peer = "127.0.0.1";
    for (auto _ : state) {
        const Probe &probe = probes[at++ % probes.size()];
        request.method = probe.method;
        request.hostName = probe.host;
        request.path = probe.path;
        Router::Match found = router->match(request);
        if (!found.route) {
            state.SkipWithError("no match");
            return;
        }
        benchmark::DoNotOptimize(found);
    }
}

struct TextHash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept
    {
        return std::hash<std::string_view>{}(text);
    }
};

void peerUnorderedMap(benchmark::State &state)
{
    const auto count = static_cast<std::size_t>(state.range(0));
    const auto routes = makeRoutes(Shape::Exact, count);
    std::unordered_map<std::string, const CompiledRoute *, TextHash, std::equal_to<>> map;
    for (const auto &route : routes)
        map.emplace(route->uris.front(), route.get());
    const auto probes = makeProbes(Shape::Exact, count);
    std::size_t at = 0;
    for (auto _ : state) {
        auto found = map.find(std::string_view(probes[at++ % probes.size()].path));
        benchmark::DoNotOptimize(found);
    }
}

void build(benchmark::State &state, Shape shape)
{
    const auto routes = makeRoutes(shape, static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        auto router = Router::build(routes, RouterFlavour::HostUri);
        benchmark::DoNotOptimize(router);
    }
}

void peerBuildUnorderedMap(benchmark::State &state)
{
    const auto routes = makeRoutes(Shape::Exact, static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        std::unordered_map<std::string, const CompiledRoute *, TextHash, std::equal_to<>> map;
        for (const auto &route : routes)
            map.emplace(route->uris.front(), route.get());
        benchmark::DoNotOptimize(map);
    }
}

void sizes(benchmark::internal::Benchmark *bench)
{
    for (const std::int64_t count : {100, 10000, 100000})
        bench->Arg(count);
}

} // namespace

BENCHMARK(peerUnorderedMap)->Apply(sizes);
BENCHMARK_CAPTURE(match, exact, Shape::Exact)->Apply(sizes);
BENCHMARK_CAPTURE(match, prefix, Shape::Prefix)->Apply(sizes);
BENCHMARK_CAPTURE(match, parameter, Shape::Parameter)->Apply(sizes);
BENCHMARK_CAPTURE(match, hosts_at_one_prefix, Shape::HostsAtOnePrefix)->Apply(sizes);
BENCHMARK_CAPTURE(match, methods_at_one_prefix, Shape::MethodsAtOnePrefix)->Apply(sizes);
BENCHMARK(peerBuildUnorderedMap)->Apply(sizes)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(build, exact, Shape::Exact)->Apply(sizes)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(build, prefix, Shape::Prefix)->Apply(sizes)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(build, hosts_at_one_prefix, Shape::HostsAtOnePrefix)
    ->Apply(sizes)
    ->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
