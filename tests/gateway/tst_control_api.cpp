// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/control/control_api.h"
#include "gateway/control/control_clock.h"
#include "tests/support/service_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace postern;
using namespace postern::gateway;
using namespace std::chrono_literals;

namespace {

// A gateway of one ring, in the control thread.
class FakeHost final : public ControlHost
{
public:
    void collectTraces(const TraceQuery &query, std::function<void(TracePage)> done) override
    {
        TracePage page;
        const std::size_t from = query.cursor.empty() ? 0 : query.cursor.front();
        for (std::size_t at = from; at < m_records.size(); ++at) {
            const auto &record = m_records[at];
            if (record->id > query.since && (!query.id || *query.id == record->id))
                page.traces.push_back({record, {}});
        }
        if (query.limit > 0 && page.traces.size() > query.limit)
            page.traces.erase(page.traces.begin(),
                              page.traces.end() - static_cast<std::ptrdiff_t>(query.limit));
        page.cursor = {m_records.size()};
        page.lost = std::exchange(m_lost, 0);
        done(std::move(page));
    }
    Clock &clock() override { return m_clock; }
    std::shared_ptr<const Snapshot> snapshot() override { return m_snapshot; }
    std::vector<CompileProblem> problems() override
    {
        return {{"/apisix/routes/1", {Errc::PluginUnknown, "nope", "/plugins/nope"}}};
    }
    GatewayStatus status() override
    {
        return {.version = "1.0",
                .profile = "apisix-3.18",
                .revision = 7,
                .uptime = 1500ms,
                .workers = 2,
                .connections = 3,
                .requests = m_records.size(),
                .proxy = "http://127.0.0.1:1",
                .https = {},
                .admin = {},
                .control = "unix:/x"};
    }

    void add(std::uint64_t id, std::uint16_t status, std::string_view consumer,
             std::string_view route)
    {
        auto record = std::make_shared<TraceRecord>();
        record->reset();
        record->id = id;
        record->status = status;
        record->upstreamReached = status < 400;
        std::tie(record->consumer, record->consumerSize) = record->put(consumer);
        std::tie(record->route, record->routeSize) = record->put(route);
        if (status == 401)
            record->add(Step::Signature, Outcome::Failed, Errc::SignatureMismatch, "jwt-auth",
                        "HS256");
        if (status == 404)
            record->add(Step::Route, Outcome::Failed, Errc::RouteNotFound, {}, {});
        m_records.push_back(std::move(record));
    }
    void lose(std::uint64_t count) { m_lost = count; }

private:
    std::vector<std::shared_ptr<const TraceRecord>> m_records;
    Clock m_clock{Clock::Mode::Frozen, Timestamp(1'893'456'000s)};
    std::shared_ptr<const Snapshot> m_snapshot = SnapshotCompiler(PluginEnv{}).apply({}, 1);
    std::uint64_t m_lost = 0;
};

Json bodyOf(const Result<ClientResponse> &response)
{
    return response ? parseJson(response->body).value_or(Json()) : Json();
}

std::string errorOf(const Result<ClientResponse> &response)
{
    const Json body = bodyOf(response);
    const Json *error = body.find("error");
    return error ? std::string(error->stringOr("code", "")) : std::string();
}

std::string idsOf(const Json &body)
{
    std::string ids;
    for (const Json &trace : body.find("traces") ? body.find("traces")->items() : Json::Array{})
        ids += std::to_string(parseTraceId(trace.stringOr("id", "")).value_or(0)) + " ";
    return ids;
}

} // namespace

class tst_ControlApi : public QObject
{
    Q_OBJECT

    FakeHost m_host;
    ControlApi m_api{m_host, {Secret("the key")}};
    testing::ServiceFixture m_server{
        [this](const ServiceRequest &request, const Responder &responder) {
            m_api.handle(request, responder);
        }};
    QTemporaryDir m_temporary;
    std::string m_socket = m_temporary.filePath(QStringLiteral("c.sock")).toStdString();

    Result<ClientResponse> send(const std::string &method, const std::string &target,
                                std::string body = {}, ServiceHeaders headers = {})
    {
        return ControlClient({m_socket, {}, 0, {}})
            .send({method, target, std::move(headers), std::move(body)});
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_host.add(1, 200, "jack", "r1");
        m_host.add(2, 401, "", "r1");
        m_host.add(3, 200, "rose", "r2");
        m_host.add(4, 403, "rose", "r2");
        QVERIFY(m_server.listenUnix(m_socket));
        m_server.run();
    }

    void tellsItsHealth()
    {
        const auto response = send("GET", "/v1/healthcheck");
        QCOMPARE(response->status, 200);
        QCOMPARE(response->header("content-type"), "application/json");
        QCOMPARE(
            response->body,
            "{\"status\":\"ok\",\"version\":\"1.0\",\"profile\":\"apisix-3.18\",\"revision\":7,"
            "\"uptime_s\":1.5,\"workers\":2,\"connections\":3,\"requests\":4,"
            "\"proxy\":\"http://127.0.0.1:1\",\"https\":null,\"admin\":null,\"control\":\"unix:/"
            "x\"}\n");
    }

    void tellsProblems()
    {
        const Json body = bodyOf(send("GET", "/v1/problems"));
        QCOMPARE(body.find("problems")->items().front().stringOr("code", ""), "plugin-unknown");
    }

    void listsTraces_data()
    {
        QTest::addColumn<std::string>("query");
        QTest::addColumn<std::string>("ids");
        const auto row = [](const char *query, const char *ids) {
            QTest::newRow(query) << std::string(query) << std::string(ids);
        };
        row("", "1 2 3 4 ");
        row("?limit=2", "3 4 ");
        row("?since=0000000002", "3 4 ");
        row("?consumer=rose", "3 4 ");
        row("?consumer=rose&limit=1", "4 ");
        row("?route=r1", "1 2 ");
        row("?status=403", "4 ");
        row("?status=4xx", "2 4 ");
        row("?decision=denied", "2 ");
        row("?decision=denied&limit=1", "2 ");
        row("?decision=allowed&route=r1", "1 ");
        row("?consumer=nobody", "");
    }
    void listsTraces()
    {
        QFETCH(std::string, query);
        QFETCH(std::string, ids);
        QCOMPARE(idsOf(bodyOf(send("GET", "/v1/traces" + query))), ids);
    }

    void listsTracesAsLines()
    {
        const auto response = send("GET", "/v1/traces", {}, {{"Accept", "application/x-ndjson"}});
        QCOMPARE(response->header("content-type"), "application/x-ndjson");
        QCOMPARE(QByteArray::fromStdString(response->body).count('\n'), 4);
    }

    void reloadsSecrets()
    {
        QCOMPARE(bodyOf(send("POST", "/v1/secrets/reload")).dump() + "\n",
                 "{\"asked\":0,\"problems\":[]}\n");
        QCOMPARE(send("GET", "/v1/secrets/reload")->status, 405);
    }

    void givesOneTrace()
    {
        QCOMPARE(bodyOf(send("GET", "/v1/traces/" + traceId(2))).stringOr("id", ""), traceId(2));
        QCOMPARE(bodyOf(send("GET", "/v1/traces/last")).stringOr("id", ""), traceId(4));
    }

    void refuses_data()
    {
        QTest::addColumn<std::string>("method");
        QTest::addColumn<std::string>("target");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("code");
        const auto row = [](const char *name, const char *method, const char *target,
                            const char *body, int status, const char *code) {
            QTest::newRow(name) << std::string(method) << std::string(target) << std::string(body)
                                << status << std::string(code);
        };
        row("unknown path", "GET", "/v1/nothing", "", 404, "not-found");
        row("unknown trace", "GET", "/v1/traces/0000000099", "", 404, "not-found");
        row("no trace id", "GET", "/v1/traces/xx", "", 400, "invalid-argument");
        row("deeper path", "GET", "/v1/traces/last/x", "", 404, "not-found");
        row("wrong method", "DELETE", "/v1/clock", "", 405, "unsupported");
        row("stream by POST", "POST", "/v1/traces/stream", "", 405, "unsupported");
        row("bad limit", "GET", "/v1/traces?limit=0", "", 400, "invalid-argument");
        row("bad since", "GET", "/v1/traces?since=x", "", 400, "invalid-argument");
        row("bad decision", "GET", "/v1/traces?decision=maybe", "", 400, "invalid-argument");
        row("bad status", "GET", "/v1/traces?status=abc", "", 400, "invalid-argument");
        row("clock: no JSON", "POST", "/v1/clock", "{", 400, "json");
        row("clock: not an object", "POST", "/v1/clock", "[]", 400, "invalid-argument");
        row("clock: nothing to do", "POST", "/v1/clock", "{}", 400, "invalid-argument");
        row("clock: unknown member", "POST", "/v1/clock", "{\"add\":1}", 400, "invalid-argument");
        row("clock: both", "POST", "/v1/clock", "{\"set\":1,\"advance\":1}", 400,
            "invalid-argument");
        row("clock: no duration", "POST", "/v1/clock", "{\"advance\":\"x\"}", 400,
            "invalid-argument");
        row("clock: unknown mode", "POST", "/v1/clock", "{\"mode\":\"x\"}", 400,
            "invalid-argument");
        row("clock: back without force", "POST", "/v1/clock", "{\"advance\":\"-1s\"}", 400,
            "invalid-argument");
        row("clock: real is earlier", "POST", "/v1/clock", "{\"mode\":\"real\"}", 400,
            "invalid-argument");
    }
    void refuses()
    {
        QFETCH(std::string, method);
        QFETCH(std::string, target);
        QFETCH(std::string, body);
        QFETCH(int, status);
        QFETCH(std::string, code);
        const auto response = send(method, target, body);
        QVERIFY(response);
        QCOMPARE(response->status, status);
        QCOMPARE(errorOf(response), code);
    }

    void movesTheClock()
    {
        const auto now = [](const Result<ClientResponse> &response) {
            const Json body = bodyOf(response);
            return std::string(body.stringOr("now", "")) + " "
                + std::string(body.stringOr("mode", ""));
        };
        QCOMPARE(now(send("GET", "/v1/clock")), "2030-01-01T00:00:00Z frozen");
        QCOMPARE(now(send("POST", "/v1/clock", "{\"advance\":\"31s\"}")),
                 "2030-01-01T00:00:31Z frozen");
        QCOMPARE(now(send("POST", "/v1/clock", "{\"set\":\"2031-01-01T00:00:00Z\"}")),
                 "2031-01-01T00:00:00Z frozen");
        QCOMPARE(now(send("POST", "/v1/clock", "{\"set\":1893456000,\"force\":true}")),
                 "2030-01-01T00:00:00Z frozen");
        QVERIFY(now(send("POST", "/v1/clock", "{\"mode\":\"ticking\"}")).ends_with(" ticking"));
        QVERIFY(now(send("POST", "/v1/clock", "{\"mode\":\"real\",\"force\":true}"))
                    .ends_with(" real"));
        QVERIFY(now(send("POST", "/v1/clock", "{\"mode\":\"ticking\"}")).ends_with(" ticking"));
        QVERIFY(now(send("POST", "/v1/clock", "{\"mode\":\"frozen\"}")).ends_with(" frozen"));
    }

    void guardsTcp_data()
    {
        QTest::addColumn<std::string>("host");
        QTest::addColumn<std::string>("key");
        QTest::addColumn<std::string>("origin");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const char *host, const char *key, const char *origin,
                            int status) {
            QTest::newRow(name) << std::string(host) << std::string(key) << std::string(origin)
                                << status;
        };
        row("with the key", "127.0.0.1:PORT", "the key", "", 200);
        row("localhost", "localhost:PORT", "the key", "", 200);
        row("IPv6", "[::1]:PORT", "the key", "", 200);
        row("without port", "localhost", "the key", "", 200);
        row("no key", "127.0.0.1:PORT", "", "", 401);
        row("wrong key", "127.0.0.1:PORT", "the kez", "", 401);
        row("DNS rebinding: foreign name", "evil.example:PORT", "the key", "", 403);
        row("DNS rebinding: name that starts as ours", "localhost.evil.example", "the key", "",
            403);
        row("through a forwarded port", "localhost:1", "the key", "", 200);
        row("cross-site request", "127.0.0.1:PORT", "the key", "http://evil.example", 403);
    }
    void guardsTcp()
    {
        QFETCH(std::string, host);
        QFETCH(std::string, key);
        QFETCH(std::string, origin);
        QFETCH(int, status);
        if (const auto at = host.find("PORT"); at != std::string::npos)
            host.replace(at, 4, std::to_string(m_server.port()));
        std::string wire = "GET /v1/clock HTTP/1.1\r\nConnection: close\r\nHost: " + host + "\r\n";
        if (!key.empty())
            wire += "X-API-KEY: " + key + "\r\n";
        if (!origin.empty())
            wire += "Origin: " + origin + "\r\n";
        QCOMPARE(testing::rawStatus(m_server.port(), wire + "\r\n"), status);
    }

    void streamsTraces()
    {
        std::vector<ServerEvent> events;
        const ControlClient client({m_socket, {}, 0, {}});
        const auto listened = client.listen(
            {.target = "/v1/traces/stream?consumer=rose&since=0000000003"},
            [&](const ServerEvent &event) {
                events.push_back(event);
                if (events.size() == 1) { // the replay has come: now something new, and a loss
                    m_server.reactor().post([this] {
                        m_host.add(5, 200, "jack", "r1");
                        m_host.add(6, 200, "rose", "r1");
                        m_host.lose(9);
                    });
                }
                return events.size() < 3;
            });
        QVERIFY2(listened, listened ? "" : describe(listened.error()).c_str());
        QCOMPARE(events[0].event, "trace");
        QCOMPARE(events[0].id, traceId(4));
        QCOMPARE(events[1].event, "dropped");
        QCOMPARE(events[1].data, "{\"count\":9}");
        QCOMPARE(events[2].id, traceId(6));
        QCOMPARE(parseJson(events[2].data).value_or(Json()).stringOr("id", ""), traceId(6));
    }

    // What the configuration left out may be what the request was looking for.
    void explainsWithWhatWasLeftOut_data()
    {
        QTest::addColumn<std::string>("target");
        QTest::newRow("one trace") << std::string("/v1/traces/last");
        QTest::newRow("a list") << std::string("/v1/traces?limit=1");
    }

    void explainsWithWhatWasLeftOut()
    {
        QFETCH(std::string, target);
        m_server.reactor().post([this] { m_host.add(7, 404, {}, {}); });
        QVERIFY(send("GET", target)->body.contains("route 1 was left out: nope"));
    }
};

QTEST_GUILESS_MAIN(tst_ControlApi)
#include "tst_control_api.moc"
