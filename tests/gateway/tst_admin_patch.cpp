// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include "core/json/parse.h"
#include "gateway/admin/apisix/patch.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;

// PATCH in both forms. apisix.md 1.6.
class tst_AdminPatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void merges_data();
    void merges();
    void replacesAtAPath_data();
    void replacesAtAPath();
    void checks_data();
    void checks();
    void renewsUpdateTime();
    void lostRaceIs503();
};

namespace {

// Another process that writes between reading and writing of a PATCH.
class RacingStore : public Store
{
public:
    Result<std::optional<Document>> get(std::string_view key) override
    {
        auto found = m_inner->get(key);
        if (found && *found && racing) {
            racing = false;
            Transaction other;
            other.puts.push_back({std::string(key), (*found)->value});
            if (auto committed = m_inner->commit(other); !committed)
                return std::unexpected(committed.error());
        }
        return found;
    }
    Result<std::vector<Document>> list(std::string_view prefix) override
    {
        return m_inner->list(prefix);
    }
    Result<std::uint64_t> commit(Transaction transaction) override
    {
        return m_inner->commit(std::move(transaction));
    }
    Result<std::uint64_t> revision() override { return m_inner->revision(); }
    void watch(Watcher watcher) override { m_inner->watch(std::move(watcher)); }
    Result<void> poll() override { return m_inner->poll(); }

    bool racing = false;

private:
    std::unique_ptr<Store> m_inner = openStore("memory:").value();
};

} // namespace

void tst_AdminPatch::merges_data()
{
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QByteArray>("merged");
    const auto row = [](const char *name, const char *stored, const char *patch,
                        const char *merged) {
        QTest::newRow(name) << QByteArray(stored) << QByteArray(patch) << QByteArray(merged);
    };
    row("1.6: scalars replace", R"({"a":1,"b":2})", R"({"a":"x"})", R"({"a":"x","b":2})");
    row("1.6: null deletes", R"({"a":1,"b":2})", R"({"a":null})", R"({"b":2})");
    row("1.6: objects merge", R"({"o":{"a":1,"b":2}})", R"({"o":{"b":3,"c":4}})",
        R"({"o":{"a":1,"b":3,"c":4}})");
    row("1.6: null deletes inside", R"({"o":{"a":1,"b":2}})", R"({"o":{"a":null}})",
        R"({"o":{"b":2}})");
    row("1.6: empty object clears", R"({"o":{"a":1}})", R"({"o":{}})", R"({"o":{}})");
    row("1.6: into an empty object", R"({"o":{}})", R"({"o":{"a":1}})", R"({"o":{"a":1}})");
    row("1.6: arrays replace", R"({"l":[1,2]})", R"({"l":[3]})", R"({"l":[3]})");
    row("1.6: object to array", R"({"n":{"a:1":1}})", R"({"n":[{"host":"a"}]})",
        R"({"n":[{"host":"a"}]})");
    row("1.6: array to object", R"({"n":[{"host":"a"}]})", R"({"n":{"a:1":1}})",
        R"({"n":{"a:1":1}})");
    row("1.6: scalar to object", R"({"a":1})", R"({"a":{"b":1}})", R"({"a":{"b":1}})");
}

void tst_AdminPatch::merges()
{
    QFETCH(const QByteArray, stored);
    QFETCH(const QByteArray, patch);
    QFETCH(const QByteArray, merged);
    Json value = parseJson(stored.toStdString()).value();
    mergePatch(value, parseJson(patch.toStdString()).value());
    QCOMPARE(QByteArray::fromStdString(value.dump()), merged);
}

void tst_AdminPatch::replacesAtAPath_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("1.6: a member")
        << QByteArray("routes/1/desc") << QByteArray("\"new\"") << QByteArray(R"({"desc":"new"})");
    QTest::newRow("1.6: deeper") << QByteArray("routes/1/upstream/nodes")
                                 << QByteArray(R"({"b:2":2})")
                                 << QByteArray(R"({"upstream":{"nodes":{"b:2":2}}})");
    QTest::newRow("1.6: missing objects are made")
        << QByteArray("routes/1/labels/team") << QByteArray("\"a\"")
        << QByteArray(R"({"labels":{"team":"a"}})");
    QTest::newRow("1.6: trailing slash merges")
        << QByteArray("routes/1/") << QByteArray(R"({"desc":"x"})")
        << QByteArray(R"({"desc":"x","upstream":{"nodes":{"a:1":1}}})");
}

void tst_AdminPatch::replacesAtAPath()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, value);
    AdminApi api;
    api.send("PUT", "routes/1", R"({"uri":"/","desc":"old","upstream":{"nodes":{"a:1":1}}})");
    const AdminReply reply = api.send("PATCH", target.toStdString(), body.toStdString());
    QCOMPARE(reply.status, 200);
    QCOMPARE(jsonOf(reply).stringOr("key", ""), "/apisix/routes/1");
    const Json stored = *jsonOf(api.send("GET", "routes/1")).find("value");
    QCOMPARE(stored, *jsonOf(reply).find("value"));
    const Json expected = parseJson(value.toStdString()).value();
    for (const auto &[name, member] : expected.members()) {
        QVERIFY2(stored.contains(name), name.c_str());
        QCOMPARE(*stored.find(name), member);
    }
}

void tst_AdminPatch::checks_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *target, const char *body, int status,
                        const char *message = "") {
        QTest::newRow(name) << QByteArray("PATCH") << QByteArray(target) << QByteArray(body)
                            << status << QByteArray(message);
    };
    row("1.6: no body", "routes/1", "", 400, "missing new configuration");
    row("1.6: body of another type", "routes/1", "[1]", 400, "invalid configuration");
    row("1.6: text body", "routes/1", "\"x\"", 400, "invalid configuration");
    row("1.6: missing object", "routes/2", "{}", 404, "Key not found");
    row("1.5: no id", "routes", "{}", 400, "missing route id");
    row("1.6: another id", "routes/1", R"({"id":"2"})", 400, "wrong route id");
    row("1.6: through a scalar", "routes/1/desc/x", "1", 400, "invalid sub-path: /desc");
    row("1.6: to an invalid state", "routes/1", R"({"upstream":null})", 400,
        "invalid configuration: object matches none of the required: [\"plugins\",\"uri\"] or "
        "[\"upstream\",\"uri\"] or [\"upstream_id\",\"uri\"] or [\"service_id\",\"uri\"] or "
        "[\"plugins\",\"uris\"] or [\"upstream\",\"uris\"] or [\"upstream_id\",\"uris\"] or "
        "[\"service_id\",\"uris\"] or [\"script\",\"uri\"] or [\"script\",\"uris\"]");
    row("1.6: unknown member", "routes/1", R"({"colour":"red"})", 400,
        "invalid configuration: additional properties forbidden, found colour");
    row("1.6: null by path is a value", "routes/1/desc", "null", 400,
        "invalid configuration: property \"desc\" validation failed: wrong type: expected "
        "string, got userdata");
    row("1.6: nodes from object to array", "routes/1",
        R"({"upstream":{"nodes":[{"host":"b","port":2,"weight":1}]}})", 200);
    row("1.6: plugins are cleared", "routes/1", R"({"plugins":{}})", 200);
    row("1.6: create_time is not forbidden", "routes/1", R"({"create_time":5})", 200);
    row("1.8: reference", "routes/1", R"({"upstream_id":"no"})", 400,
        "failed to fetch upstream info by upstream id [no], response code: 404");
}

void tst_AdminPatch::checks()
{
    AdminApi api;
    api.send("PUT", "routes/1", R"({"uri":"/","desc":"old","upstream":{"nodes":{"a:1":1}}})");
    checkCurrentRow(api);
}

void tst_AdminPatch::renewsUpdateTime()
{
    AdminApi api;
    api.send("PUT", "routes/1", R"({"uri":"/","plugins":{}})");
    QVERIFY(api.clock.advance(std::chrono::seconds(7)));
    Json value = *jsonOf(api.send("PATCH", "routes/1", R"({"desc":"a"})")).find("value");
    QCOMPARE(value.find("create_time")->asInteger(), AdminApi::kNow);
    QCOMPARE(value.find("update_time")->asInteger(), AdminApi::kNow + 7);
    value = *jsonOf(api.send("PATCH", "routes/1", R"({"update_time":5})")).find("value");
    QCOMPARE(value.find("update_time")->asInteger(), 5);
    value = *jsonOf(api.send("PATCH", "routes/1/desc", "\"b\"")).find("value");
    QCOMPARE(value.find("update_time")->asInteger(), AdminApi::kNow + 7);
}

void tst_AdminPatch::lostRaceIs503()
{
    auto owned = std::make_unique<RacingStore>();
    RacingStore *store = owned.get();
    const Clock clock;
    ConfigService config(std::move(owned), PluginEnv(), clock,
                         [](const std::shared_ptr<const Snapshot> &) {});
    ApisixAdmin admin(config, AdminApi::withoutKey());
    ServiceRequest request;
    request.method = "PUT";
    request.path = "/apisix/admin/routes/1";
    request.body = R"({"uri":"/","plugins":{}})";
    QCOMPARE(admin.answer(request).status, 201);
    store->racing = true;
    request.method = "PATCH";
    request.body = R"({"desc":"lost"})";
    const AdminReply reply = admin.answer(request);
    QCOMPARE(reply.status, 503);
    QCOMPARE(messageOf(reply), QByteArray("value changed before overwritten"));
    QCOMPARE(admin.answer(request).status, 200);
}

QTEST_GUILESS_MAIN(tst_AdminPatch)
#include "tst_admin_patch.moc"
