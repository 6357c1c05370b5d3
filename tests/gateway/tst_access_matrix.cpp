// SPDX-License-Identifier: Apache-2.0
#include "gateway/access/access_matrix.h"

#include "core/jose/key.h"
#include "core/json/parse.h"
#include "gateway/pipeline/explain.h"

#include <QTest>

#include <algorithm>
#include <format>

using namespace postern;
using namespace postern::gateway;

namespace {

using State = AccessState;

Document document(std::string_view path, std::string_view json)
{
    return {"/apisix/" + std::string(path), std::string(json), 1, 1};
}

constexpr std::string_view kUpstream =
    R"("upstream":{"type":"roundrobin","nodes":{"httpbin.org:80":1}})";

Document route(std::string_view id, std::string_view uri, std::string_view plugins,
               std::string_view more = {})
{
    return document("routes/" + std::string(id),
                    std::format(R"({{"id":"{}","uri":"{}","plugins":{},{}{}}})", id, uri, plugins,
                                kUpstream, more));
}

Document consumer(std::string_view name, std::string_view plugins = "{}",
                  std::string_view labels = "{}")
{
    return document(
        "consumers/" + std::string(name),
        std::format(R"({{"username":"{}","plugins":{},"labels":{}}})", name, plugins, labels));
}

Document credential(std::string_view owner, std::string_view plugins)
{
    return document(std::format("consumers/{}/credentials/c-{}", owner, owner),
                    std::format(R"({{"id":"c-{}","plugins":{}}})", owner, plugins));
}

/// The picture of the access page: three labelled consumers with a key each, jack with a token.
std::vector<Document> sample()
{
    return {
        consumer("alice", R"({"key-auth":{"key":"alice-key"}})", R"({"team":"platform"})"),
        consumer("bob", R"({"key-auth":{"key":"bob-key"}})", R"({"team":"sales"})"),
        consumer("carol", R"({"key-auth":{"key":"carol-key"}})", R"({"role":"guest"})"),
        consumer("jack", R"({"limit-count":{"count":3,"time_window":30,"rejected_code":429}})"),
        credential("jack",
                   R"({"jwt-auth":{"key":"jack-key","secret":"jack-hs256-secret-0123456789"}})"),
        consumer("anonymous",
                 R"({"limit-count":{"count":1,"time_window":30,"rejected_code":429}})"),
        route("acl-allow", "/get",
              R"({"key-auth":{},"acl":{"allow_labels":{"team":["platform"]}}})"),
        route("acl-custom-reject", "/custom",
              R"({"key-auth":{},"acl":{"allow_labels":{"team":["platform"]},"rejected_code":401,)"
              R"("rejected_msg":"Access denied: insufficient label permissions."}})"),
        route("acl-deny", "/deny", R"({"key-auth":{},"acl":{"deny_labels":{"role":["guest"]}}})"),
        route("anything", "/anything", R"({"jwt-auth":{"anonymous_consumer":"anonymous"}})"),
        route("petstore", "/petstore/*", R"({"key-auth":{"header":"x-pet-key"}})"),
    };
}

AccessOptions atNoon()
{
    AccessOptions options;
    options.now = Timestamp(std::chrono::seconds(1800000000));
    return options;
}

std::size_t rowOf(const AccessMatrix &matrix, std::string_view name)
{
    const auto found = std::ranges::find(matrix.rows(), name, &AccessRow::consumer);
    return static_cast<std::size_t>(found - matrix.rows().begin());
}

std::size_t columnOf(const AccessMatrix &matrix, std::string_view id)
{
    const auto found = std::ranges::find(matrix.columns(), id, &AccessColumn::id);
    return static_cast<std::size_t>(found - matrix.columns().begin());
}

std::string words(const AccessCell &cell)
{
    std::string text(accessStateName(cell.state));
    if (cell.status != 0)
        text += ' ' + std::to_string(cell.status);
    for (const std::string &more : {cell.word, cell.limit}) {
        if (!more.empty())
            text += ' ' + more;
    }
    return text;
}

/// One consumer's login against one route.
struct Pair
{
    std::vector<Document> documents;
    AccessDetail detail;
    std::string got;

    Pair(std::vector<Document> all, std::string_view name, AccessOptions options = atNoon())
        : documents(std::move(all))
    {
        AccessMatrix matrix(documents, std::move(options));
        detail = matrix.explain(rowOf(matrix, name), columnOf(matrix, "r"));
        got = words(detail.cell);
    }
};

} // namespace

class tst_AccessMatrix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paintsTheSample_data()
    {
        QTest::addColumn<std::string>("consumer");
        QTest::addColumn<std::string>("route");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char *name, const char *route, const char *expected) {
            QTest::addRow("%s on %s", *name ? name : "nobody", route)
                << std::string(name) << std::string(route) << std::string(expected);
        };
        const char *anonymous = "anonymous 1/30 s";
        row("alice", "acl-allow", "allowed");
        row("alice", "acl-deny", "allowed");
        row("alice", "acl-custom-reject", "allowed");
        row("alice", "petstore", "allowed");
        row("alice", "anything", anonymous);
        row("bob", "acl-allow", "denied 403 label");
        row("bob", "acl-deny", "allowed");
        row("bob", "acl-custom-reject", "denied 401 label");
        row("bob", "petstore", "allowed");
        row("bob", "anything", anonymous);
        row("carol", "acl-allow", "denied 403 label");
        row("carol", "acl-deny", "denied 403 deny");
        row("carol", "acl-custom-reject", "denied 401 label");
        row("carol", "petstore", "allowed");
        row("carol", "anything", anonymous);
        row("jack", "acl-allow", "cannot-authenticate 401 no key");
        row("jack", "petstore", "cannot-authenticate 401 no key");
        row("jack", "anything", "allowed 3/30 s");
        row("", "acl-allow", "denied 401 no login");
        row("", "acl-custom-reject", "denied 401 no login");
        row("", "anything", anonymous);
    }
    void paintsTheSample()
    {
        QFETCH(std::string, consumer);
        QFETCH(std::string, route);
        QFETCH(std::string, expected);
        AccessMatrix matrix(sample(), atNoon());
        const AccessCell cell = matrix.cell(rowOf(matrix, consumer), columnOf(matrix, route));
        QCOMPARE(words(cell), expected);
    }

    void rowsAndColumnsSayWhatTheyAre()
    {
        AccessMatrix matrix(sample(), atNoon());
        QCOMPARE(matrix.rows().size(), 6U);
        QVERIFY(matrix.rows().back().consumer.empty());
        const AccessRow &jack = matrix.rows()[rowOf(matrix, "jack")];
        QCOMPARE(jack.logins, std::vector<std::string>{"jwt-auth"});
        QCOMPARE(matrix.rows()[rowOf(matrix, "bob")].labels.stringOr("team", ""), "sales");
        QCOMPARE(matrix.columns().size(), 5U);
        QCOMPARE(matrix.columns().front().id, "acl-allow");
        QCOMPARE(matrix.columns().front().plugins, (std::vector<std::string>{"key-auth", "acl"}));
        QVERIFY(matrix.problems().empty());
    }

    void askingAgainConsumesNothing()
    {
        AccessMatrix matrix(sample(), atNoon());
        const std::size_t row = rowOf(matrix, "jack"), column = columnOf(matrix, "anything");
        for (int i = 0; i < 10; ++i)
            QCOMPARE(words(matrix.cell(row, column)), "allowed 3/30 s");
    }

    void explainsACell()
    {
        AccessMatrix matrix(sample(), atNoon());
        const AccessDetail detail =
            matrix.explain(rowOf(matrix, "bob"), columnOf(matrix, "acl-custom-reject"));
        QCOMPARE(detail.cell.consumer, "bob");
        QCOMPARE(detail.cell.plugin, "acl");
        QCOMPARE(detail.request.target, "/custom");
        QVERIFY(detail.request.header("apikey"));
        QCOMPARE(*detail.request.header("apikey"), "bob-key");
        QVERIFY(detail.summary.contains("allow_labels.team"));
        QVERIFY(detail.summary.ends_with(
            R"(→ 401 {"message":"Access denied: insufficient label permissions."})"));
        QVERIFY(detail.text.starts_with("GET /custom as bob → 401"));
        QVERIFY(detail.text.contains("Fix: "));
        QCOMPARE(detail.trace.stringOr("decision", ""), "denied");
        QVERIFY(!detail.text.contains("bob-key"));
    }

    void saysWhichLoginIsWanted()
    {
        AccessMatrix matrix(sample(), atNoon());
        const AccessDetail detail =
            matrix.explain(rowOf(matrix, "jack"), columnOf(matrix, "acl-allow"));
        QVERIFY(detail.text.contains("jack has no login that the route takes"));
        QVERIFY(detail.request.headers.empty());
    }

    void presentsEachKindOfLogin_data()
    {
        QTest::addColumn<std::string>("plugins"); // of the route
        QTest::addColumn<std::string>("login");
        QTest::addColumn<std::string>("place"); // header
        const auto row = [](const char *name, const char *plugins, const char *login,
                            const char *place) {
            QTest::newRow(name) << std::string(plugins) << std::string(login) << std::string(place);
        };
        const char *key = R"({"key-auth":{"key":"k"}})";
        const char *basic = R"({"basic-auth":{"username":"u","password":"p"}})";
        const char *jwt = R"({"jwt-auth":{"key":"k","secret":"s3cr3t-of-some-length-0123456789"}})";
        const char *hmac = R"({"hmac-auth":{"key_id":"k","secret_key":"s"}})";
        row("key in the usual header", R"({"key-auth":{}})", key, "apikey");
        row("key in a header of the route's own", R"({"key-auth":{"header":"x-k"}})", key, "x-k");
        row("user and password", R"({"basic-auth":{}})", basic, "authorization");
        row("token", R"({"jwt-auth":{}})", jwt, "authorization");
        row("token in another header", R"({"jwt-auth":{"header":"x-t"}})", jwt, "x-t");
        row("token with another key claim", R"({"jwt-auth":{"key_claim_name":"iss"}})", jwt,
            "authorization");
        row("token whose times are demanded", R"({"jwt-auth":{"claims_to_verify":["exp","nbf"]}})",
            jwt, "authorization");
        row("token of another algorithm", R"({"jwt-auth":{}})",
            R"({"jwt-auth":{"key":"k","algorithm":"HS512","secret":"s3cr3t"}})", "authorization");
        row("token of a base64 secret", R"({"jwt-auth":{}})",
            R"({"jwt-auth":{"key":"k","base64_secret":true,"secret":"c2VjcmV0"}})",
            "authorization");
        row("signature", R"({"hmac-auth":{}})", hmac, "authorization");
        row("signature of one algorithm", R"({"hmac-auth":{"allowed_algorithms":["hmac-sha512"]}})",
            hmac, "authorization");
        row("signature over more headers", R"({"hmac-auth":{"signed_headers":["date","x-team"]}})",
            hmac, "authorization");
        row("signature with the body's digest", R"({"hmac-auth":{"validate_request_body":true}})",
            hmac, "digest");
        const char *either =
            R"({"multi-auth":{"auth_plugins":[{"basic-auth":{}},{"key-auth":{}}]}})";
        row("the first of several", either, basic, "authorization");
        row("the second of several", either, key, "apikey");
        row("two at once", R"({"key-auth":{},"jwt-auth":{}})",
            R"({"key-auth":{"key":"k"},"jwt-auth":{"key":"k","secret":"s"}})", "apikey");
    }
    void presentsEachKindOfLogin()
    {
        QFETCH(std::string, plugins);
        QFETCH(std::string, login);
        QFETCH(std::string, place);
        const Document target = route("r", "/get", plugins);
        const Pair inlined({consumer("jack", login), target}, "jack");
        QCOMPARE(inlined.got, "allowed");
        QVERIFY(inlined.detail.cell.credential.empty());
        const Pair stored({consumer("jack"), credential("jack", login), target}, "jack");
        if (!login.contains("},\"")) { // a credential holds one login
            QCOMPARE(stored.got, "allowed");
            QCOMPARE(stored.detail.cell.credential, "c-jack");
        }
        QVERIFY(inlined.detail.request.header(place));
        // what another has does not fit
        const Pair other({consumer("jack"), consumer("eve", login), target}, "jack");
        QCOMPARE(other.detail.cell.state, State::CannotAuthenticate);
    }

    void twoLoginsInOneHeaderLetNobodyIn()
    {
        const char *logins =
            R"({"basic-auth":{"username":"u","password":"p"},"jwt-auth":{"key":"k","secret":"s"}})";
        const Pair pair(
            {consumer("jack", logins), route("r", "/get", R"({"basic-auth":{},"jwt-auth":{}})")},
            "jack");
        QCOMPARE(pair.detail.cell.state, State::Denied);
        QCOMPARE(pair.detail.cell.plugin, "jwt-auth");
    }

    void namesEveryLoginThatWouldDo()
    {
        const Pair pair(
            {consumer("jack"),
             route("r", "/get",
                   R"({"multi-auth":{"auth_plugins":[{"basic-auth":{}},{"key-auth":{}}]}})")},
            "jack");
        QCOMPARE(pair.got, "cannot-authenticate 401 no basic/key");
    }

    void doesNotGuessWhatOnlyTheClientCanSign()
    {
        const auto key = Key::generate(Alg::ES256);
        QVERIFY(key);
        const auto pem = key->toPem(false);
        QVERIFY(pem);
        const std::string login =
            Json::object(
                {{"jwt-auth",
                  Json::object({{"key", "k"}, {"algorithm", "ES256"}, {"public_key", *pem}})}})
                .dump();
        const Pair pair({consumer("jack", login), route("r", "/get", R"({"jwt-auth":{}})")},
                        "jack");
        QCOMPARE(pair.detail.cell.state, State::Depends);
        QCOMPARE(pair.detail.cell.reason, std::optional(Errc::KeyMissing));
    }

    void leavesLuckOpen_data()
    {
        QTest::addColumn<std::string>("fault");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char *name, const char *fault, const char *expected) {
            QTest::newRow(name) << std::string(fault) << std::string(expected);
        };
        row("now and then", R"({"abort":{"http_status":500,"percentage":30}})", "depends 30 %");
        row("never", R"({"abort":{"http_status":500,"percentage":0}})", "allowed");
        row("always", R"({"abort":{"http_status":500}})", "denied 500 fault");
        row("only late", R"({"delay":{"duration":3600}})", "allowed");
    }
    void leavesLuckOpen()
    {
        QFETCH(std::string, fault);
        QFETCH(std::string, expected);
        const Pair pair({route("r", "/get", R"({"fault-injection":)" + fault + '}')}, "");
        QCOMPARE(pair.got, expected);
    }

    void asksNoRedis()
    {
        const Pair pair({route("r", "/get",
                               R"({"limit-count":{"count":5,"time_window":60,"policy":"redis",)"
                               R"("redis_host":"127.0.0.1","redis_port":1}})")},
                        "");
        QCOMPARE(pair.got, "allowed 5/60 s");
    }

    void makesARequestThatReachesTheRoute_data()
    {
        QTest::addColumn<std::string>("uri");
        QTest::addColumn<std::string>("more");
        const auto row = [](const char *name, const char *uri, const char *more) {
            QTest::newRow(name) << std::string(uri) << std::string(more);
        };
        row("plain", "/get", "");
        row("prefix", "/api/*", "");
        row("everything beside something more exact", "/*", "");
        row("a name in the middle", "/users/*id/posts", "");
        row("blanks", "/a b", "");
        row("another method", "/get2", R"(,"methods":["POST"])");
        row("host", "/get3", R"(,"host":"api.example.com")");
        row("any host below", "/get4", R"(,"hosts":["*.example.com"])");
        row("address", "/get5", R"(,"remote_addr":"10.1.0.0/16")");
        row("conditions", "/get6",
            R"(,"vars":[["arg_kind","==","dog"],["http_x_team","==","a"],["cookie_c","==","1"]])");
    }
    void makesARequestThatReachesTheRoute()
    {
        QFETCH(std::string, uri);
        QFETCH(std::string, more);
        const Pair pair({route("r", uri, "{}", more), route("other", "/", "{}")}, "");
        QCOMPARE(pair.got, "allowed");
    }

    void saysWhenNoRequestReachesTheRoute()
    {
        AccessMatrix matrix({route("a", "/x", "{}", R"(,"methods":["POST"])"),
                             route("b", "/x", "{}", R"(,"methods":["GET"])"),
                             route("c", "/y", "{}", R"(,"vars":[["arg_n",">",5]])")},
                            atNoon());
        QCOMPARE(words(matrix.cell(0, columnOf(matrix, "a"))), "allowed");
        QCOMPARE(words(matrix.cell(0, columnOf(matrix, "a"), "GET")), "not-matched goes to b");
        QCOMPARE(words(matrix.cell(0, columnOf(matrix, "a"), "PUT")), "not-matched 404 no PUT");
        QCOMPARE(words(matrix.cell(0, columnOf(matrix, "c"))), "not-matched 404 conditions");
    }

    void runsWhatTheConsumerAndItsGroupAdd()
    {
        const std::vector<Document> documents{
            document("consumer_groups/g",
                     R"({"id":"g","plugins":{"ip-restriction":{"whitelist":["10.0.0.0/8"]}}})"),
            document("consumers/jack",
                     R"({"username":"jack","group_id":"g","plugins":{"key-auth":{"key":"k"}}})"),
            consumer("eve", R"({"key-auth":{"key":"e"}})"),
            route("r", "/get", R"({"key-auth":{}})")};
        QCOMPARE(Pair(documents, "jack").got, "denied 403 address");
        QCOMPARE(Pair(documents, "eve").got, "allowed");
        AccessOptions near = atNoon();
        near.peer = "10.1.2.3";
        QCOMPARE(Pair(documents, "jack", near).got, "allowed");
    }

    void restrictionsOfConsumers()
    {
        const std::vector<Document> documents{
            consumer("jack", R"({"key-auth":{"key":"j"}})"),
            consumer("eve", R"({"key-auth":{"key":"e"}})"),
            route("r", "/get", R"({"key-auth":{},"consumer-restriction":{"whitelist":["jack"]}})")};
        QCOMPARE(Pair(documents, "jack").got, "allowed");
        QCOMPARE(Pair(documents, "eve").got, "denied 403 whitelist");
    }

    void readsReferences()
    {
        AccessOptions options = atNoon();
        options.environment = [](const std::string &name) {
            return name == "JACK" ? std::optional<std::string>("from-outside") : std::nullopt;
        };
        const std::vector<Document> documents{
            consumer("jack", "{\"key-auth\":{\"key\":\"$env://JACK\"}}"),
            consumer("eve", "{\"key-auth\":{\"key\":\"$env://EVE\"}}"),
            route("r", "/get", R"({"key-auth":{}})")};
        const Pair jack(documents, "jack", options);
        QCOMPARE(jack.got, "allowed");
        QCOMPARE(*jack.detail.request.header("apikey"), "from-outside");
        QCOMPARE(Pair(documents, "eve", options).detail.cell.state, State::CannotAuthenticate);
    }

    void followsChanges()
    {
        AccessMatrix matrix(sample(), atNoon());
        const auto cell = [&] {
            return words(matrix.cell(rowOf(matrix, "bob"), columnOf(matrix, "acl-allow")));
        };
        QCOMPARE(cell(), "denied 403 label");
        matrix.apply(
            {route("acl-allow", "/get",
                   R"({"key-auth":{},"acl":{"allow_labels":{"team":["platform","sales"]}}})")});
        QCOMPARE(cell(), "allowed");
        matrix.apply({}, {"/apisix/consumers/bob"});
        QCOMPARE(rowOf(matrix, "bob"), matrix.rows().size());
    }

    void decidesAnyRequest()
    {
        AccessMatrix matrix(sample(), atNoon());
        DraftRequest request;
        request.target = "/get?x=1";
        request.addHeader("apikey", "carol-key");
        QCOMPARE(words(matrix.ask(request).cell), "denied 403 label");
        request.headers.clear();
        QCOMPARE(words(matrix.ask(request, rowOf(matrix, "alice")).cell), "allowed");
        request.target = "/nowhere";
        QCOMPARE(words(matrix.ask(request).cell), "denied 404 no route");
        request.target = "no target";
        QCOMPARE(matrix.ask(request).cell.status, 400);
    }
};

QTEST_GUILESS_MAIN(tst_AccessMatrix)
#include "tst_access_matrix.moc"
