// SPDX-License-Identifier: Apache-2.0
#include "gateway/observe/metrics.h"
#include "tests/support/plugin_gateway.h"

#include <QTest>

#include <sstream>
#include <utility>
#include <vector>

using namespace postern;
using namespace postern::test;

/// prometheus: APISIX 3.18, 4.23 and its run policy, 3.3.
class tst_Prometheus : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void refuses_data();
    void refuses();
    void countsStatuses_data();
    void countsStatuses();
    void labelsByName();
    void observesLatencies();
    void countsOctets();
    void gauges_data();
    void gauges();
    void connectionStates();
    void upstreamStatus();
    void countsNothingWithoutThePlugin();
    void globalRuleYieldsToTheRoute();
    void globalRuleSeesWhatMatchesNothing();
    void exportServer();
    void addsUpWorkers();
    void isBounded();
    void escapesLabels();

private:
    [[nodiscard]] std::string scrape();
    [[nodiscard]] bool useOn(std::string_view id, std::string_view uri, std::string_view more);

    std::unique_ptr<PluginGateway> m_gateway;
    std::unique_ptr<RawUpstream> m_upstream;
};

namespace {

constexpr std::string_view kWithPlugin = R"(, "plugins": {"prometheus": {}})";

/// The value of the line that begins so; "-" if there is none.
std::string valueOf(const std::string &text, std::string_view start)
{
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(start))
            return line.substr(line.rfind(' ') + 1);
    }
    return "-";
}

} // namespace

void tst_Prometheus::init()
{
    m_gateway = std::make_unique<PluginGateway>();
    m_gateway->gateway.options.metrics = gateway::Endpoint{"127.0.0.1", 0};
    m_upstream = std::make_unique<RawUpstream>(
        RawUpstream::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    QVERIFY(m_gateway->start());
    QVERIFY(m_gateway->gateway.route("metrics", "/apisix/prometheus/metrics", m_upstream->port(),
                                     R"(, "plugins": {"public-api": {}})"));
}

std::string tst_Prometheus::scrape()
{
    const RawMessage answer = m_gateway->get("/apisix/prometheus/metrics");
    return answer.status() == 200 ? answer.body : answer.head;
}

bool tst_Prometheus::useOn(std::string_view id, std::string_view uri, std::string_view more)
{
    return m_gateway->gateway.route(id, uri, m_upstream->port(), more);
}

void tst_Prometheus::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("4.23 empty is fine") << QByteArray("{}") << QByteArray();
    QTest::newRow("4.23 prefer_name") << QByteArray(R"({"prefer_name": true})") << QByteArray();
    QTest::newRow("4.23 prefer_name is a boolean")
        << QByteArray(R"({"prefer_name": "yes"})")
        << QByteArray(
               R"(property "prefer_name" validation failed: wrong type: expected boolean, got string)");
}

void tst_Prometheus::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway->refusal(R"("prometheus": )" + config.toStdString()), text.toStdString());
}

void tst_Prometheus::countsStatuses_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<QByteArray>("labels");
    const auto row = [](const char *name, const char *more, const char *labels) {
        QTest::newRow(name) << QByteArray(more) << QByteArray(labels);
    };
    row("4.23 http_status of the upstream", R"(, "plugins": {"prometheus": {}})",
        R"(code="200",route="1",matched_uri="/x*",matched_host="",service="",consumer="",)"
        R"(node="127.0.0.1",request_type="traditional_http",request_llm_model="",llm_model="",)"
        R"(response_source="upstream")");
    row("4.23 http_status of a plugin",
        R"(, "plugins": {"prometheus": {}, "mocking": {"response_example": "m", "response_status": 418}})",
        R"(code="418",route="1",matched_uri="/x*",matched_host="",service="",consumer="",node="",)"
        R"(request_type="traditional_http",request_llm_model="",llm_model="",)"
        R"(response_source="apisix")");
    row("4.23 matched_host", R"(, "hosts": ["*.b", "*.example"], "plugins": {"prometheus": {}})",
        R"(code="200",route="1",matched_uri="/x*",matched_host="*.example")");
}

void tst_Prometheus::countsStatuses()
{
    QFETCH(const QByteArray, more);
    QFETCH(const QByteArray, labels);
    QVERIFY(useOn("1", "/x*", more.toStdString()));
    static_cast<void>(m_gateway->get("/x"));
    static_cast<void>(m_gateway->get("/xy"));
    const std::string text = scrape();
    QVERIFY2(valueOf(text, "apisix_http_status{" + labels.toStdString()) == "2", text.c_str());
    QVERIFY(text.contains("# TYPE apisix_http_status counter\n"));
}

void tst_Prometheus::labelsByName()
{
    QCOMPARE(m_gateway->gateway
                 .admin("PUT", "/services/s1",
                        R"({"name": "shop", "upstream": {"nodes": {"127.0.0.1:1": 1}}})")
                 .status(),
             201);
    QCOMPARE(m_gateway->gateway
                 .admin("PUT", "/consumers",
                        R"({"username": "jack", "plugins": {"key-auth": {"key": "k"}}})")
                 .status(),
             201);
    for (const bool byName : {false, true}) {
        QVERIFY(useOn("1", "/x",
                      std::format(R"(, "name": "front", "service_id": "s1", "plugins":
                          {{"key-auth": {{}}, "prometheus": {{"prefer_name": {}}}}})",
                                  byName)));
        QCOMPARE(m_gateway->get("/x", "apikey: k\r\n").status(), 200);
        const std::string text = scrape();
        const std::string start = std::format(
            R"(apisix_http_status{{code="200",route="{}",matched_uri="/x",matched_host="",service="{}",consumer="jack")",
            byName ? "front" : "1", byName ? "shop" : "s1");
        QVERIFY2(valueOf(text, start) == "1", text.c_str());
    }
}

void tst_Prometheus::observesLatencies()
{
    QVERIFY(useOn("1", "/x", kWithPlugin));
    for (int i = 0; i < 3; ++i)
        static_cast<void>(m_gateway->get("/x"));
    const std::string text = scrape();
    const std::string place =
        R"(route="1",service="",consumer="",node="127.0.0.1",request_type="traditional_http",)"
        R"(request_llm_model="",llm_model="")";
    QVERIFY(text.contains("# TYPE apisix_http_latency histogram\n"));
    for (const char *type : {"request", "upstream", "apisix"}) {
        const std::string labels = std::format("{{type=\"{}\",{}", type, place);
        QCOMPARE(valueOf(text, "apisix_http_latency_count" + labels), std::string("3"));
        QVERIFY(valueOf(text, "apisix_http_latency_sum" + labels) != "-");
        for (const char *bound : {"1", "2", "5", "10", "20", "50", "100", "200", "500", "1000",
                                  "2000", "5000", "10000", "30000", "60000"}) {
            const std::string line =
                std::format("apisix_http_latency_bucket{},le=\"{}\"}} ", labels, bound);
            QVERIFY2(text.contains(line), line.c_str());
        }
        QCOMPARE(valueOf(text, std::format("apisix_http_latency_bucket{},le=\"+Inf\"}}", labels)),
                 std::string("3"));
    }
}

void tst_Prometheus::countsOctets()
{
    QVERIFY(useOn("1", "/x", kWithPlugin));
    const std::string request = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    const RawMessage answer = m_gateway->gateway.ask(request);
    const std::string text = scrape();
    QCOMPARE(valueOf(text, R"(apisix_bandwidth{type="ingress",route="1")"),
             std::to_string(request.size()));
    QCOMPARE(valueOf(text, R"(apisix_bandwidth{type="egress",route="1")"),
             std::to_string(answer.head.size() + answer.body.size()));
}

void tst_Prometheus::gauges_data()
{
    QTest::addColumn<QByteArray>("start");
    for (const char *start :
         {"apisix_http_requests_total ", "apisix_nginx_http_current_connections{state=\"active\"} ",
          "apisix_nginx_http_current_connections{state=\"accepted\"} ",
          "apisix_nginx_http_current_connections{state=\"handled\"} ",
          "apisix_nginx_http_current_connections{state=\"reading\"} ",
          "apisix_nginx_http_current_connections{state=\"waiting\"} ",
          "apisix_nginx_http_current_connections{state=\"writing\"} ", "apisix_etcd_reachable 1",
          "apisix_etcd_modify_indexes{key=\"routes\"} ",
          "apisix_etcd_modify_indexes{key=\"consumers\"} ",
          "apisix_etcd_modify_indexes{key=\"max_modify_index\"} ", "apisix_node_info{hostname=\"",
          "apisix_nginx_metric_errors_total 0",
          "apisix_shared_dict_capacity_bytes{name=\"prometheus-metrics\"} 10485760",
          "apisix_shared_dict_free_space_bytes{name=\"prometheus-metrics\"} "})
        QTest::newRow(start) << QByteArray(start);
}

void tst_Prometheus::gauges()
{
    QFETCH(const QByteArray, start);
    const RawMessage answer = m_gateway->get("/apisix/prometheus/metrics");
    QVERIFY2(answer.body.contains("\n" + start.toStdString()), answer.body.c_str());
    QCOMPARE(answer.header("Content-Type"), std::string("text/plain; charset=utf-8"));
    const std::string name =
        start.left(start.indexOf(start.contains('{') ? '{' : ' ')).toStdString();
    QVERIFY(answer.body.contains("# HELP " + name + " "));
    QVERIFY(answer.body.contains("# TYPE " + name + " "));
}

// As nginx counts them, looked at once a second.
void tst_Prometheus::connectionStates()
{
    const RawUpstream silent([](RawUpstream::Connection &peer) { peer.waitForEnd(); });
    QVERIFY(m_gateway->gateway.route("silent", "/silent", silent.port()));
    QVERIFY(useOn("1", "/x", kWithPlugin));
    RawStream waiting = m_gateway->gateway.connect();
    RawStream reading = m_gateway->gateway.connect();
    RawStream writing = m_gateway->gateway.connect();
    QVERIFY(waiting.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
    QCOMPARE(waiting.readMessage().status(), 200);
    QVERIFY(reading.send("GET /x HTTP/1.1\r\nHos"));
    QVERIFY(writing.send("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n"));
    const auto states = [this] {
        const std::string text = scrape();
        const auto value = [&text](std::string_view state) {
            return valueOf(
                text, std::format("apisix_nginx_http_current_connections{{state=\"{}\"}}", state));
        };
        return value("reading") + value("waiting") + value("writing");
    };
    QTRY_COMPARE_WITH_TIMEOUT(states(), std::string("111"), 20'000);
    waiting.close();
    QTRY_COMPARE_WITH_TIMEOUT(states(), std::string("101"), 20'000);
}

void tst_Prometheus::upstreamStatus()
{
    QVERIFY(m_gateway->gateway.route("1", "/x", m_upstream->port(), {},
                                     R"(, "checks": {"active": {"http_path": "/x"}})"));
    QCOMPARE(m_gateway->get("/x").status(), 200); // checks begin with the first use
    const std::string line = std::format(
        "apisix_upstream_status{{name=\"/apisix/routes/1\",ip=\"127.0.0.1\",port=\"{}\"}}",
        m_upstream->port());
    QCOMPARE(valueOf(scrape(), line), std::string("1"));
    gateway::Metrics metrics(1);
    metrics.setTotals([] {
        using gateway::HealthStatus;
        gateway::MetricTotals totals;
        totals.upstreams = {{"/apisix/upstreams/u",
                             "http",
                             {{"10.0.0.1", 80, "a", HealthStatus::MostlyHealthy, {}},
                              {"10.0.0.2", 81, "b", HealthStatus::MostlyUnhealthy, {}},
                              {"10.0.0.3", 82, "c", HealthStatus::Unhealthy, {}}}}};
        return totals;
    });
    const std::string text = metrics.text();
    // Out of the macro: moc does not know where a raw string ends.
    const std::vector<std::pair<std::string, std::string>> expected{
        {"{name=\"/apisix/upstreams/u\",ip=\"10.0.0.1\",port=\"80\"}", "1"},
        {"{name=\"/apisix/upstreams/u\",ip=\"10.0.0.2\",port=\"81\"}", "0"},
        {"{name=\"/apisix/upstreams/u\",ip=\"10.0.0.3\",port=\"82\"}", "0"}};
    for (const auto &[labels, value] : expected)
        QCOMPARE(valueOf(text, "apisix_upstream_status" + labels), value);
}

void tst_Prometheus::countsNothingWithoutThePlugin()
{
    QVERIFY(useOn("1", "/x", {}));
    QCOMPARE(m_gateway->get("/x").status(), 200);
    const std::string text = scrape();
    QVERIFY2(!text.contains("apisix_http_status"), text.c_str());
    QVERIFY(!text.contains("apisix_http_latency"));
}

void tst_Prometheus::globalRuleYieldsToTheRoute()
{
    QCOMPARE(
        m_gateway->gateway.admin("PUT", "/global_rules/1", R"({"plugins": {"prometheus": {}}})")
            .status(),
        201);
    QVERIFY(
        useOn("own", "/own", R"(, "name": "n", "plugins": {"prometheus": {"prefer_name": true}})"));
    QVERIFY(useOn("plain", "/plain", {}));
    static_cast<void>(m_gateway->get("/own"));
    static_cast<void>(m_gateway->get("/plain"));
    const std::string text = scrape();
    QCOMPARE(valueOf(text, R"(apisix_http_status{code="200",route="n")"), std::string("1"));
    QCOMPARE(valueOf(text, R"(apisix_http_status{code="200",route="own")"), std::string("-"));
    QCOMPARE(valueOf(text, R"(apisix_http_status{code="200",route="plain")"), std::string("1"));
}

void tst_Prometheus::globalRuleSeesWhatMatchesNothing()
{
    QCOMPARE(
        m_gateway->gateway.admin("PUT", "/global_rules/1", R"({"plugins": {"prometheus": {}}})")
            .status(),
        201);
    QCOMPARE(m_gateway->get("/nowhere").status(), 404);
    QCOMPARE(valueOf(scrape(), R"(apisix_http_status{code="404",route="",matched_uri="")"),
             std::string("1"));
}

void tst_Prometheus::exportServer()
{
    QVERIFY(useOn("1", "/x", kWithPlugin));
    static_cast<void>(m_gateway->get("/x"));
    static_cast<void>(scrape()); // the worker has counted what it answered before
    const auto metrics = m_gateway->gateway.gateway().addresses().metrics;
    QVERIFY(metrics.has_value());
    const auto ask = [&metrics](std::string_view line) {
        RawStream stream = RawStream::connectTo(metrics->port);
        stream.send(std::format("{} HTTP/1.1\r\nHost: a\r\n\r\n", line));
        return stream.readMessage();
    };
    const RawMessage answer = ask("GET /apisix/prometheus/metrics");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(valueOf(answer.body, R"(apisix_http_status{code="200",route="1")"), std::string("1"));
    QCOMPARE(ask("GET /").status(), 404);
    QCOMPARE(ask("POST /apisix/prometheus/metrics").status(), 404);
}

void tst_Prometheus::addsUpWorkers()
{
    gateway::Metrics metrics(3);
    for (std::size_t worker = 0; worker < 3; ++worker) {
        for (std::size_t n = 0; n <= worker; ++n)
            metrics.count(worker, {.route = "1", .status = 200},
                          {.request = 1500, .received = 10, .sent = 100});
    }
    const std::string text = metrics.text();
    QCOMPARE(valueOf(text, "apisix_http_status{"), std::string("6"));
    QCOMPARE(valueOf(text, R"(apisix_bandwidth{type="egress")"), std::string("600"));
    QCOMPARE(valueOf(text, R"(apisix_http_latency_sum{type="request")"), std::string("9"));
    // 1.5 ms lies above the first bound and below the second
    const std::string labels = text.substr(text.find(R"({type="request")"));
    QVERIFY(labels.contains("le=\"1\"} 0\n"));
    QVERIFY(labels.contains("le=\"2\"} 6\n"));
    // no upstream was asked
    QVERIFY(!text.contains(R"(apisix_http_latency_count{type="upstream")"));
}

void tst_Prometheus::isBounded()
{
    gateway::Metrics metrics(1, 8192);
    for (int i = 0; i < 1000; ++i) {
        const std::string route = std::to_string(i);
        metrics.count(0, {.route = route, .status = 200}, {});
    }
    const std::string text = metrics.text();
    QVERIFY(text.size() < 128U * 1024);
    QVERIFY(std::stoi(valueOf(text, "apisix_nginx_metric_errors_total")) > 900);
    QVERIFY(std::stoi(valueOf(text, "apisix_shared_dict_free_space_bytes")) < 8192);
}

void tst_Prometheus::escapesLabels()
{
    gateway::Metrics metrics(1);
    metrics.count(0, {.route = "a\"b\\c\nd", .status = 200}, {});
    const std::string escaped = R"(route="a\"b\\c\nd")"; // moc stumbles over it in a macro
    QVERIFY(metrics.text().contains(escaped));
}

QTEST_GUILESS_MAIN(tst_Prometheus)
#include "tst_prometheus.moc"
