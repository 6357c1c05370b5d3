// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/ip_range.h"
#include "gateway/router/router.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <format>
#include <map>
#include <optional>
#include <random>
#include <regex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace postern::gateway;

namespace {

using Strings = std::vector<std::string>;

struct Rule
{
    std::string id;
    Strings uris;
    Strings hosts = {};
    Strings methods = {};
    Strings remoteAddrs = {};
    std::int64_t priority = 0;
};

struct Asked
{
    std::string method = "GET";
    std::string hostName = "a.com";
    std::string path = "/";
    std::string peer = "127.0.0.1";
};

std::shared_ptr<const Router> makeRouter(const std::vector<Rule> &rules, RouterFlavour flavour)
{
    std::vector<std::shared_ptr<const CompiledRoute>> routes;
    for (const Rule &rule : rules) {
        auto route = std::make_shared<CompiledRoute>();
        route->id = rule.id;
        route->uris = rule.uris;
        route->hosts = rule.hosts;
        route->methods = rule.methods;
        route->remoteAddrs = rule.remoteAddrs;
        route->priority = rule.priority;
        routes.push_back(std::move(route));
    }
    return Router::build(std::move(routes), flavour);
}

std::string found(const Router &router, const Asked &asked, std::string *pattern = nullptr)
{
    Request request;
    request.method = asked.method;
    request.hostName = asked.hostName;
    request.path = asked.path;
    request.peer = asked.peer;
    const Router::Match match = router.match(request);
    if (pattern)
        *pattern = match.pattern;
    return match.route ? match.route->id : "-";
}

// The reference: every rule of apisix.md 2.2 as a sort key over every uri and host of every route.

bool naivePath(const std::string &pattern, bool parameters, const std::string &path)
{
    static std::map<std::pair<std::string, bool>, std::regex> known; // compiling them is slow
    if (const auto it = known.find({pattern, parameters}); it != known.end())
        return std::regex_match(path, it->second);
    std::string expression;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool segment = i > 0 && pattern[i - 1] == '/';
        const std::size_t end = std::min(pattern.find('/', i), pattern.size());
        if (pattern[i] == '*') {
            expression += "[^]*";
            if (segment)
                i = end - 1;
        } else if (parameters && segment && pattern[i] == ':' && end > i + 1) {
            expression += "[^/]+";
            i = end - 1;
        } else {
            expression += std::format("\\x{:02x}", static_cast<unsigned char>(pattern[i]));
        }
    }
    return std::regex_match(path, known[{pattern, parameters}] = std::regex(expression));
}

std::size_t naiveLiteral(const std::string &pattern, bool parameters)
{
    std::size_t at = std::min(pattern.find('*'), pattern.size());
    const std::size_t colon = pattern.find("/:");
    if (parameters && colon < at && colon + 2 < pattern.size() && pattern[colon + 2] != '/')
        at = colon + 1;
    return at;
}

/// 0 exact host, 1 to 1000 wildcards by suffix, 2000 none; -1 it does not fit.
int naiveHost(const std::string &pattern, const std::string &name)
{
    if (!pattern.starts_with('*'))
        return pattern == name ? 0 : -1;
    return name.ends_with(pattern.substr(1)) ? 1000 - static_cast<int>(pattern.size()) : -1;
}

std::string naiveFound(const std::vector<Rule> &rules, RouterFlavour flavour, const Asked &asked)
{
    using Key = std::tuple<int, bool, long, std::int64_t, long, std::size_t>;
    const bool parameters = flavour == RouterFlavour::UriWithParameter;
    std::optional<Key> best;
    std::string id = "-";
    for (std::size_t load = 0; load < rules.size(); ++load) {
        const Rule &rule = rules[load];
        if (!rule.methods.empty() && !std::ranges::contains(rule.methods, asked.method))
            continue;
        if (!rule.remoteAddrs.empty()
            && std::ranges::none_of(rule.remoteAddrs, [&](const std::string &text) {
                   return IpRange::parse(text)->contains(*IpAddress::parse(asked.peer));
               }))
            continue;
        const Strings hosts = rule.hosts.empty() ? Strings{""} : rule.hosts;
        for (const std::string &host : hosts) {
            int level = rule.hosts.empty() ? 2000 : naiveHost(host, asked.hostName);
            if (level < 0)
                continue;
            if (flavour != RouterFlavour::HostUri)
                level = 0;
            for (const std::string &uri : rule.uris) {
                if (!naivePath(uri, parameters, asked.path))
                    continue;
                const std::size_t literal = naiveLiteral(uri, parameters);
                const bool prefix = literal != uri.size();
                const Key key{level,
                              prefix,
                              prefix ? -static_cast<long>(literal) : 0,
                              -rule.priority,
                              prefix ? -static_cast<long>(uri.size()) : 0,
                              load};
                if (!best || key < *best) {
                    best = key;
                    id = rule.id;
                }
            }
        }
    }
    return id;
}

constexpr auto kHostUri = RouterFlavour::HostUri;
constexpr auto kUri = RouterFlavour::Uri;
constexpr auto kParameter = RouterFlavour::UriWithParameter;

} // namespace

Q_DECLARE_METATYPE(std::vector<Rule>)
Q_DECLARE_METATYPE(Asked)
Q_DECLARE_METATYPE(RouterFlavour)

class tst_Router : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsTheRoute_data();
    void findsTheRoute();
    void tellsThePatternThatMatched();
    void agreesWithALinearMatcher_data();
    void agreesWithALinearMatcher();
    void manyCandidatesAtOnePlaceStayFast_data();
    void manyCandidatesAtOnePlaceStayFast();
    void manyMethodNamesBeyondTheMask();
    void explainsTheNearestRoutes_data();
    void explainsTheNearestRoutes();
    void nearestHonoursItsLimit();
};

void tst_Router::findsTheRoute_data()
{
    QTest::addColumn<RouterFlavour>("flavour");
    QTest::addColumn<std::vector<Rule>>("rules");
    QTest::addColumn<Asked>("asked");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, RouterFlavour flavour, std::vector<Rule> rules,
                        Asked asked, const char *expected) {
        QTest::newRow(name) << flavour << std::move(rules) << std::move(asked)
                            << QByteArray(expected);
    };
    const auto path = [](const char *text) { return Asked{.path = text}; };

    row("no routes", kHostUri, {}, path("/a"), "-");
    row("exact: equal", kHostUri, {{"1", {"/a/b"}}}, path("/a/b"), "1");
    row("exact: longer does not match", kHostUri, {{"1", {"/a/b"}}}, path("/a/b/"), "-");
    row("exact: case-sensitive", kHostUri, {{"1", {"/a/b"}}}, path("/A/b"), "-");
    row("/a/*: below", kHostUri, {{"1", {"/a/*"}}}, path("/a/b/c"), "1");
    row("/a/*: /a/ itself", kHostUri, {{"1", {"/a/*"}}}, path("/a/"), "1");
    row("/a/*: not /a", kHostUri, {{"1", {"/a/*"}}}, path("/a"), "-");
    row("/a*: the prefix itself", kHostUri, {{"1", {"/a*"}}}, path("/a"), "1");
    row("/a*: inside a segment", kHostUri, {{"1", {"/a*"}}}, path("/abc/d"), "1");
    row("/a/*/c: one segment", kHostUri, {{"1", {"/a/*/c"}}}, path("/a/b/c"), "1");
    row("/a/*/c: spans slashes", kHostUri, {{"1", {"/a/*/c"}}}, path("/a/b/x/c"), "1");
    row("/a/*/c: spans newlines", kHostUri, {{"1", {"/a/*/c"}}}, path("/a/b\nx/c"), "1");
    row("/a/*/c: must end so", kHostUri, {{"1", {"/a/*/c"}}}, path("/a/b/c/d"), "-");
    row("/a/*/c: needs both slashes", kHostUri, {{"1", {"/a/*/c"}}}, path("/a/c"), "-");
    row("/a/*rest: as /a/*", kHostUri, {{"1", {"/a/*rest"}}}, path("/a/b/c"), "1");
    row("/*: everything", kHostUri, {{"1", {"/*"}}}, path("/x"), "1");
    row(":id is literal with host_uri", kHostUri, {{"1", {"/u/:id"}}}, path("/u/7"), "-");
    row(":id is literal with host_uri, asked so", kHostUri, {{"1", {"/u/:id"}}}, path("/u/:id"),
        "1");
    row(":id is literal with uri", kUri, {{"1", {"/u/:id"}}}, path("/u/7"), "-");
    row(":id is one segment", kParameter, {{"1", {"/u/:id"}}}, path("/u/7"), "1");
    row(":id is not two segments", kParameter, {{"1", {"/u/:id"}}}, path("/u/7/8"), "-");
    row(":id is not empty", kParameter, {{"1", {"/u/:id"}}}, path("/u/"), "-");
    row(":id in the middle", kParameter, {{"1", {"/u/:id/x"}}}, path("/u/7/x"), "1");
    row(":id and *", kParameter, {{"1", {"/u/:id/*"}}}, path("/u/7/x/y"), "1");
    row("* and :id", kParameter, {{"1", {"/*/u/:id/e"}}}, path("/a/u/b/u/7/e"), "1");
    row(": inside a segment is literal", kParameter, {{"1", {"/u/a:b"}}}, path("/u/a:b"), "1");
    row("several uris", kHostUri, {{"1", {"/a", "/b/*"}}}, path("/b/c"), "1");

    row("exact beats prefix whatever the priority", kHostUri,
        {{.id = "prefix", .uris = {"/a/*"}, .priority = 99}, {"exact", {"/a/b"}}}, path("/a/b"),
        "exact");
    row("exact: higher priority first", kHostUri,
        {{"low", {"/a"}}, {.id = "high", .uris = {"/a"}, .priority = 1}}, path("/a"), "high");
    row("exact: negative priority last", kHostUri,
        {{.id = "low", .uris = {"/a"}, .priority = -1}, {"high", {"/a"}}}, path("/a"), "high");
    row("exact: ties to the first loaded", kHostUri, {{"first", {"/a"}}, {"second", {"/a"}}},
        path("/a"), "first");
    row("prefix: longest literal first", kHostUri,
        {{.id = "short", .uris = {"/a/*"}, .priority = 99}, {"long", {"/a/b*"}}}, path("/a/bc"),
        "long");
    row("prefix: equal prefix by priority", kHostUri,
        {{"long", {"/a/*/c"}}, {.id = "high", .uris = {"/a/*"}, .priority = 1}}, path("/a/b/c"),
        "high");
    row("prefix: then the longer pattern", kHostUri, {{"short", {"/a/*"}}, {"long", {"/a/*/c"}}},
        path("/a/b/c"), "long");
    row("prefix: then load order", kHostUri, {{"first", {"/a/*x"}}, {"second", {"/a/*y"}}},
        path("/a/b"), "first");
    row("prefix: falls back to the shorter one", kHostUri,
        {{"short", {"/a/*"}}, {.id = "long", .uris = {"/a/b*"}, .methods = {"POST"}}},
        path("/a/bc"), "short");
    row("exact falls through to prefix", kHostUri,
        {{"prefix", {"/a*"}}, {.id = "exact", .uris = {"/a"}, .methods = {"POST"}}}, path("/a"),
        "prefix");
    row("method: listed", kHostUri, {{.id = "1", .uris = {"/a"}, .methods = {"PUT", "GET"}}},
        path("/a"), "1");
    row("method: absent means all", kHostUri, {{"1", {"/a"}}}, {.method = "BREW", .path = "/a"},
        "1");
    row("method: unknown to every route", kHostUri,
        {{.id = "1", .uris = {"/a"}, .methods = {"GET"}}}, {.method = "BREW", .path = "/a"}, "-");
    row("method: case-sensitive", kHostUri, {{.id = "1", .uris = {"/a"}, .methods = {"GET"}}},
        {.method = "get", .path = "/a"}, "-");

    row("host: exact", kHostUri, {{.id = "1", .uris = {"/*"}, .hosts = {"a.com"}}}, path("/"), "1");
    row("host: another", kHostUri, {{.id = "1", .uris = {"/*"}, .hosts = {"b.com"}}}, path("/"),
        "-");
    row("host: case-insensitive", kHostUri, {{.id = "1", .uris = {"/*"}, .hosts = {"A.Com"}}},
        path("/"), "1");
    row("host: wildcard needs the suffix", kHostUri,
        {{.id = "1", .uris = {"/*"}, .hosts = {"*.a.com"}}}, path("/"), "-");
    row("host: wildcard", kHostUri, {{.id = "1", .uris = {"/*"}, .hosts = {"*.A.com"}}},
        {.hostName = "x.y.a.com"}, "1");
    row("host: wildcard is not a substring", kHostUri,
        {{.id = "1", .uris = {"/*"}, .hosts = {"*.a.com"}}}, {.hostName = "xa.com"}, "-");
    row("host: bare * matches all", kHostUri, {{.id = "1", .uris = {"/*"}, .hosts = {"*"}}},
        path("/"), "1");
    row("host: exact before wildcard", kHostUri,
        {{.id = "wild", .uris = {"/x"}, .hosts = {"*.com"}, .priority = 9},
         {.id = "exact", .uris = {"/*"}, .hosts = {"a.com"}}},
        path("/x"), "exact");
    row("host: longest suffix first", kHostUri,
        {{.id = "short", .uris = {"/*"}, .hosts = {"*.com"}, .priority = 9},
         {.id = "long", .uris = {"/*"}, .hosts = {"*.a.com"}}},
        {.hostName = "x.a.com"}, "long");
    row("host: wildcard before bare *", kHostUri,
        {{.id = "bare", .uris = {"/*"}, .hosts = {"*"}, .priority = 9},
         {.id = "suffix", .uris = {"/*"}, .hosts = {"*.com"}}},
        path("/"), "suffix");
    row("host: bare * before no host", kHostUri,
        {{.id = "none", .uris = {"/x"}, .priority = 9},
         {.id = "bare", .uris = {"/*"}, .hosts = {"*"}}},
        path("/x"), "bare");
    row("host: prefix route beats a host-less exact one", kHostUri,
        {{.id = "none", .uris = {"/x"}, .priority = 9},
         {.id = "host", .uris = {"/*"}, .hosts = {"a.com"}}},
        path("/x"), "host");
    row("host: accepted only if a route matches completely", kHostUri,
        {{.id = "exact", .uris = {"/y"}, .hosts = {"a.com"}},
         {.id = "wild", .uris = {"/x"}, .hosts = {"*.com"}}},
        path("/x"), "wild");
    row("host: falls through to the host-less level", kHostUri,
        {{.id = "host", .uris = {"/x"}, .hosts = {"a.com"}, .methods = {"PUT"}}, {"none", {"/x"}}},
        path("/x"), "none");
    row("host: one of several", kHostUri,
        {{.id = "1", .uris = {"/*"}, .hosts = {"b.com", "a.com", "a.com"}}}, path("/"), "1");
    row("host: empty request host", kHostUri,
        {{.id = "host", .uris = {"/*"}, .hosts = {"a.com"}}, {"none", {"/*"}}}, {.hostName = ""},
        "none");
    row("host: longer than any name", kHostUri, {{.id = "1", .uris = {"/*"}, .hosts = {"*.a.com"}}},
        {.hostName = std::string(1000, 'x') + ".a.com"}, "1");

    row("uri flavour: host is only a filter", kUri,
        {{.id = "none", .uris = {"/x"}}, {.id = "host", .uris = {"/*"}, .hosts = {"a.com"}}},
        path("/x"), "none");
    row("uri flavour: load order across hosts", kUri,
        {{.id = "none", .uris = {"/x"}}, {.id = "host", .uris = {"/x"}, .hosts = {"a.com"}}},
        path("/x"), "none");
    row("uri flavour: priority across hosts", kUri,
        {{.id = "host", .uris = {"/x"}, .hosts = {"a.com"}},
         {.id = "wild", .uris = {"/x"}, .hosts = {"*.com"}, .priority = 1}},
        path("/x"), "wild");
    row("uri flavour: filters", kUri, {{.id = "host", .uris = {"/x"}, .hosts = {"b.com"}}},
        path("/x"), "-");

    row("remote_addr: address", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"127.0.0.1"}}}, path("/"), "1");
    row("remote_addr: another", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"127.0.0.2"}}}, path("/"), "-");
    row("remote_addr: CIDR", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"10.0.0.0/8", "127.0.0.0/8"}}}, path("/"), "1");
    row("remote_addr: /0 is all of IPv4", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"0.0.0.0/0"}}}, path("/"), "1");
    row("remote_addr: IPv4 /0 is not IPv6", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"0.0.0.0/0"}}}, {.peer = "2001:db8::1"}, "-");
    row("remote_addr: IPv6", kHostUri, {{.id = "1", .uris = {"/"}, .remoteAddrs = {"::1"}}},
        {.peer = "::1"}, "1");
    row("remote_addr: IPv6 CIDR", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"2001:db8::/33"}}},
        {.peer = "2001:db8:7fff::1"}, "1");
    row("remote_addr: outside an IPv6 CIDR", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"2001:db8::/33"}}},
        {.peer = "2001:db8:8000::1"}, "-");
    row("remote_addr: IPv4-mapped peer", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"127.0.0.1"}}}, {.peer = "::ffff:127.0.0.1"},
        "1");
    row("remote_addr: unix peer", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"127.0.0.1"}}, {"2", {"/"}}}, {.peer = "unix:"},
        "2");
    row("remote_addr: text that is no address never matches", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"nonsense"}}}, path("/"), "-");
    row("remote_addr: falls through", kHostUri,
        {{.id = "1", .uris = {"/"}, .remoteAddrs = {"10.0.0.1"}, .priority = 5}, {"2", {"/"}}},
        path("/"), "2");
}

void tst_Router::findsTheRoute()
{
    QFETCH(const RouterFlavour, flavour);
    QFETCH(const std::vector<Rule>, rules);
    QFETCH(const Asked, asked);
    QFETCH(const QByteArray, expected);
    QCOMPARE(found(*makeRouter(rules, flavour), asked), expected.toStdString());
}

void tst_Router::tellsThePatternThatMatched()
{
    const auto router = makeRouter({{"1", {"/a", "/b/*"}}}, kHostUri);
    std::string pattern;
    QCOMPARE(found(*router, {.path = "/b/c"}, &pattern), std::string("1"));
    QCOMPARE(pattern, std::string("/b/*"));
    found(*router, {.path = "/a"}, &pattern);
    QCOMPARE(pattern, std::string("/a"));
}

void tst_Router::agreesWithALinearMatcher_data()
{
    QTest::addColumn<RouterFlavour>("flavour");
    QTest::newRow("radixtree_host_uri") << kHostUri;
    QTest::newRow("radixtree_uri") << kUri;
    QTest::newRow("radixtree_uri_with_parameter") << kParameter;
}

void tst_Router::agreesWithALinearMatcher()
{
    QFETCH(const RouterFlavour, flavour);
    std::mt19937 random(static_cast<unsigned>(flavour) + 1);
    const auto pick = [&](const Strings &of) { return of[random() % of.size()]; };
    const auto some = [&](const Strings &of, std::size_t most) {
        Strings chosen;
        for (std::size_t count = random() % (most + 1); count > 0; --count)
            chosen.push_back(pick(of));
        return chosen;
    };
    const Strings segments{"a", "b", "ab", ":x", ":y", "*", "a*", "*r", ""};
    const Strings plain{"a", "b", "ab", "c", ":x", ""};
    const auto path = [&](const Strings &of) {
        std::string text;
        for (std::size_t count = random() % 4 + 1; count > 0; --count)
            text += "/" + pick(of);
        return text;
    };
    const Strings hosts{"a.com", "b.com", "*.com", "*.a.com", "*", "x.a.com"};
    const Strings asks{"a.com", "b.com", "x.a.com", "y.a.com", "org", ""};
    const Strings methods{"GET", "POST", "PUT"};
    const Strings addresses{"127.0.0.1", "10.0.0.0/8", "::/0"};
    const Strings peers{"127.0.0.1", "10.1.2.3", "2001:db8::1"};
    int hits = 0;
    for (int round = 0; round < 60; ++round) {
        std::vector<Rule> rules;
        const bool crowded = round % 3 == 0; // long lists at few places
        for (std::size_t count = random() % 60; count > 0; --count) {
            Rule rule;
            rule.id = std::to_string(count);
            rule.uris.push_back(crowded ? pick({"/a/*", "/a/b", "/*", "/a/:x"}) : path(segments));
            if (random() % 4 == 0)
                rule.uris.push_back(path(segments));
            rule.hosts = some(hosts, random() % 3);
            rule.methods = some(methods, random() % 3);
            rule.remoteAddrs = some(addresses, random() % 4 == 0 ? 1 : 0);
            rule.priority = static_cast<std::int64_t>(random() % 3) - 1;
            rules.push_back(std::move(rule));
        }
        const auto router = makeRouter(rules, flavour);
        for (int probe = 0; probe < 60; ++probe) {
            const Asked asked{pick({"GET", "POST", "PUT", "BREW"}), pick(asks), path(plain),
                              pick(peers)};
            const std::string expected = naiveFound(rules, flavour, asked);
            const std::string got = found(*router, asked);
            QVERIFY2(got == expected,
                     std::format("round {}: {} {} {} from {}: {} instead of {}", round,
                                 asked.method, asked.hostName, asked.path, asked.peer, got,
                                 expected)
                         .c_str());
            hits += expected == "-" ? 0 : 1;
        }
    }
    QVERIFY(hits > 500);
}

void tst_Router::manyCandidatesAtOnePlaceStayFast_data()
{
    QTest::addColumn<RouterFlavour>("flavour");
    QTest::addColumn<bool>("byHost");
    QTest::newRow("10,000 hosts, host_uri") << kHostUri << true;
    QTest::newRow("10,000 hosts, uri") << kUri << true;
    QTest::newRow("10,000 routes of other methods") << kHostUri << false;
}

void tst_Router::manyCandidatesAtOnePlaceStayFast()
{
    QFETCH(const RouterFlavour, flavour);
    QFETCH(const bool, byHost);
    std::vector<Rule> rules;
    for (int i = 0; i < 10000; ++i) {
        Rule rule{std::to_string(i), {"/api/*"}};
        if (byHost)
            rule.hosts = {std::format("h{}.example", i)};
        else
            rule.methods = {i == 9999 ? "GET" : "POST"};
        rules.push_back(std::move(rule));
    }
    const auto router = makeRouter(rules, flavour);
    const Asked asked{.hostName = "h9999.example", .path = "/api/x"};
    // A linear scan needs 10 µs and more each, also without sanitizers; the index well under 1. The
    // best of many short batches, so that a busy machine does not look like a slow router.
    auto each = std::chrono::steady_clock::duration::max();
    for (int batch = 0; batch < 50; ++batch) {
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < 20; ++i)
            QCOMPARE(found(*router, asked), std::string("9999"));
        each = std::min(each, (std::chrono::steady_clock::now() - start) / 20);
    }
    QVERIFY2(each < std::chrono::microseconds(8),
             std::format("{} ns", std::chrono::nanoseconds(each).count()).c_str());
}

void tst_Router::manyMethodNamesBeyondTheMask()
{
    std::vector<Rule> rules;
    for (int i = 0; i < 100; ++i)
        rules.push_back({.id = std::to_string(i),
                         .uris = {i % 2 == 0 ? "/a" : "/*"},
                         .methods = {std::format("M{}", i)}});
    const auto router = makeRouter(rules, kHostUri);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(found(*router, {.method = std::format("M{}", i), .path = "/a"}),
                 std::to_string(i));
    QCOMPARE(found(*router, {.method = "M100", .path = "/a"}), std::string("-"));
}

void tst_Router::explainsTheNearestRoutes_data()
{
    QTest::addColumn<Asked>("asked");
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<QByteArray>("detail");
    const auto row = [](const char *name, Asked asked, const char *id, const char *condition,
                        const char *detail) {
        QTest::newRow(name) << std::move(asked) << QByteArray(id) << QByteArray(condition)
                            << QByteArray(detail);
    };
    row("another path", {.path = "/headers"}, "get", "path",
        "uri is \"/anything\", the request asks for \"/headers\"");
    row("method", {.method = "POST", .path = "/anything"}, "get", "method",
        "method is POST; the route takes GET, HEAD");
    row("host", {.path = "/hosted"}, "host", "host",
        "host is \"a.com\"; the route takes b.com, *.b.com");
    row("remote_addr", {.path = "/office"}, "office", "remote_addr",
        "remote address is 127.0.0.1; the route takes 10.0.0.0/8");
    row("typo", {.path = "/anythign"}, "get", "path",
        "uri is \"/anything\", the request asks for \"/anythign\": they differ by a few "
        "characters");
    row("one letter", {.path = "/anythin"}, "get", "path",
        "uri is \"/anything\", the request asks for \"/anythin\": they differ in one character");
    row("case", {.path = "/Anything"}, "get", "path",
        "uri is \"/anything\", the request asks for \"/Anything\": upper and lower case differ");
    row("missing slash", {.path = "/api"}, "api", "path",
        "uri is \"/api/*\", the request asks for \"/api\": the slash at the end is missing");
    row("slash too much", {.path = "/anything/"}, "get", "path",
        "uri is \"/anything\", the request asks for \"/anything/\": the slash at the end is too "
        "much");
}

void tst_Router::explainsTheNearestRoutes()
{
    QFETCH(const Asked, asked);
    QFETCH(const QByteArray, id);
    QFETCH(const QByteArray, condition);
    QFETCH(const QByteArray, detail);
    const auto router = makeRouter(
        {
            {.id = "get", .uris = {"/anything"}, .methods = {"GET", "HEAD"}},
            {.id = "host", .uris = {"/hosted"}, .hosts = {"b.com", "*.b.com"}},
            {.id = "office", .uris = {"/office"}, .remoteAddrs = {"10.0.0.0/8"}},
            {.id = "api", .uris = {"/api/*"}},
        },
        kHostUri);
    QCOMPARE(found(*router, asked), std::string("-"));
    const auto near = router->nearest(asked.method, asked.hostName, asked.path, asked.peer);
    QCOMPARE(near.size(), std::size_t{3});
    QCOMPARE(near.front().id, id.toStdString());
    QCOMPARE(near.front().condition, condition.toStdString());
    QCOMPARE(near.front().detail, detail.toStdString());
    QVERIFY(std::ranges::is_sorted(near, std::ranges::greater{}, &NearRoute::score));
}

void tst_Router::nearestHonoursItsLimit()
{
    const auto router = makeRouter({{"1", {"/a"}}, {"2", {"/b"}}}, kHostUri);
    QCOMPARE(router->nearest("GET", "", "/c", "", 1).size(), std::size_t{1});
    QCOMPARE(router->nearest("GET", "", "/c", "", 9).size(), std::size_t{2});
    QVERIFY(makeRouter({}, kHostUri)->nearest("GET", "", "/", "").empty());
}

QTEST_GUILESS_MAIN(tst_Router)
#include "tst_router.moc"
