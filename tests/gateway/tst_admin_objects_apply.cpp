// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/client.h"
#include "tests/support/admin_api.h"
#include "tests/support/object_clients.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;
using postern::test::keysOf;
using postern::test::ObjectClient;

namespace {

QByteArray bytes(std::string_view text) { return {text.data(), qsizetype(text.size())}; }

ObjectChange put(std::string_view key, std::string_view json)
{
    return {std::string(key), *parseJson(json), 0};
}
ObjectChange gone(std::string_view key) { return {std::string(key), {}, 0}; }

/// "put /routes/1 {...}" and "delete /routes/1", a line each.
std::vector<ObjectChange> changesFrom(const QByteArray &lines)
{
    std::vector<ObjectChange> changes;
    for (const QByteArray &line : lines.split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        const auto json = line.sliced(std::min(words[0].size() + words[1].size() + 2, line.size()));
        changes.push_back(words[0] == "put" ? put(words[1].toStdString(), json.toStdString())
                                            : gone(words[1].toStdString()));
    }
    return changes;
}

QByteArray refusalsOf(const Result<ApplyOutcome> &outcome)
{
    if (!outcome)
        return "failed: " + QByteArray::fromStdString(describe(outcome.error()));
    QByteArray text;
    for (const ObjectRefusal &refusal : outcome->refusals) {
        text.append(text.isEmpty() ? "" : "\n")
            .append(QByteArray::fromStdString(refusal.key + refusal.pointer))
            .append(": ")
            .append(QByteArray::fromStdString(refusal.message));
    }
    return text;
}

constexpr std::string_view kNodes = R"("nodes":{"127.0.0.1:1":1},"type":"roundrobin")";

} // namespace

// Several objects are written in one step, by the rules of the Admin API, and come back as they
// were.
class tst_AdminObjectsApply : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bringsBackWhatWasDeleted_data() { ObjectClient::addRows(); }
    void bringsBackWhatWasDeleted();
    void setsTimesThatAreAbsent_data() { ObjectClient::addRows(); }
    void setsTimesThatAreAbsent();
    void writesAllOrNothing_data() { ObjectClient::addRows(); }
    void writesAllOrNothing();
    void onlyChecks_data() { ObjectClient::addRows(); }
    void onlyChecks();
    void takesStepsTogether_data();
    void takesStepsTogether();
    void refuses_data();
    void refuses();
    void endsLeases();
    void isUsedWhenItAnswers();
    void leavesFilesAlone();
    void refusesHostileBodies_data();
    void refusesHostileBodies();
};

void tst_AdminObjectsApply::bringsBackWhatWasDeleted()
{
    QFETCH(const bool, remote);
    ObjectClient client;
    QVERIFY(client.open(remote));
    QCOMPARE(refusalsOf(client->apply({put("/consumers/jack",
                                           R"({"username":"jack","create_time":1000,)"
                                           R"("update_time":2000,"labels":{"b":"1","a":"2"}})"),
                                       put("/consumers/jack/credentials/one",
                                           R"({"id":"one","plugins":{"key-auth":{"key":"k1"}},)"
                                           R"("create_time":1001,"update_time":2001})"),
                                       put("/consumers/jack/credentials/two",
                                           R"({"id":"two","plugins":{"key-auth":{"key":"k2"}},)"
                                           R"("create_time":1002,"update_time":2002})")})),
             "");
    const auto before = client->objects(0);
    QVERIFY(before);
    QCOMPARE(keysOf(*before),
             "/consumers/jack /consumers/jack/credentials/one /consumers/jack/credentials/two");
    QCOMPARE(before->changes[1].value.find("create_time")->asInteger(), std::int64_t(1001));
    QCOMPARE(before->changes[1].value.find("update_time")->asInteger(), std::int64_t(2001));

    QVERIFY(client.remove("/consumers/jack"));
    QVERIFY(client->objects(0)->changes.empty());
    const auto outcome = client->apply(before->changes);
    QCOMPARE(refusalsOf(outcome), "");
    const auto after = client->objects(0);
    QCOMPARE(after->revision, outcome->revision);
    QCOMPARE(after->changes.size(), before->changes.size());
    for (std::size_t i = 0; i < before->changes.size(); ++i) {
        QCOMPARE(after->changes[i].key, before->changes[i].key);
        QCOMPARE(after->changes[i].value.dump(), before->changes[i].value.dump());
    }
}

void tst_AdminObjectsApply::setsTimesThatAreAbsent()
{
    QFETCH(const bool, remote);
    ObjectClient client;
    QVERIFY(client.open(remote));
    QCOMPARE(refusalsOf(client->apply({put("/routes/1",
                                           R"({"uri":"/a","plugins":{},)"
                                           R"("create_time":5,"update_time":6})")})),
             "");
    QCOMPARE(refusalsOf(client->apply({put("/routes/1", R"({"uri":"/b","plugins":{}})"),
                                       put("/routes/2", R"({"uri":"/c","plugins":{}})")})),
             "");
    const Json changed = client.value("/routes/1");
    QCOMPARE(changed.find("create_time")->asInteger(), std::int64_t(5));
    QVERIFY(changed.find("update_time")->asInteger() > 1'700'000'000);
    QCOMPARE(changed.stringOr("id", ""), "1");
    QVERIFY(client.value("/routes/2").find("create_time")->asInteger() > 1'700'000'000);
}

void tst_AdminObjectsApply::writesAllOrNothing()
{
    QFETCH(const bool, remote);
    ObjectClient client;
    QVERIFY(client.open(remote));
    QVERIFY(client.put("/routes/1", R"({"uri":"/a","plugins":{}})"));
    const auto before = client->objects(0);
    const auto outcome = client->apply(
        {put("/routes/2", R"({"uri":"/b","plugins":{}})"), gone("/routes/1"),
         put("/routes/3", R"({"uri":"/c","plugins":{"key-auth":{"hide_credentials":"yes"}}})"),
         put("/routes/4", R"({"uri":"/d","service_id":"none"})")});
    QCOMPARE(refusalsOf(outcome),
             "/routes/3/plugins/key-auth/hide_credentials: failed to check the configuration of "
             "plugin key-auth err: property \"hide_credentials\" validation failed: wrong type: "
             "expected boolean, got string\n"
             "/routes/4: failed to fetch service info by service id [none], response code: 404");
    QCOMPARE(outcome->revision, before->revision);
    const auto after = client->objects(0);
    QCOMPARE(keysOf(*after), "/routes/1");
    QCOMPARE(after->revision, before->revision);
}

void tst_AdminObjectsApply::onlyChecks()
{
    QFETCH(const bool, remote);
    ObjectClient client;
    QVERIFY(client.open(remote));
    QVERIFY(client.put("/routes/1", R"({"uri":"/a","plugins":{}})"));
    const auto before = client->objects(0);
    QCOMPARE(refusalsOf(client->apply(
                 {gone("/routes/1"), put("/routes/2", R"({"uri":"/b","plugins":{}})")}, true)),
             "");
    QVERIFY(refusalsOf(client->apply({put("/routes/2", R"({"uri":7})")}, true))
                .startsWith("/routes/2/uri: "));
    QCOMPARE(client->objects(0)->revision, before->revision);
    QVERIFY(client.has("/routes/1"));
}

void tst_AdminObjectsApply::takesStepsTogether_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("changes");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, const char *before, const char *changes,
                        const char *after) {
        QTest::newRow(name) << QByteArray(before) << QByteArray(changes) << QByteArray(after);
    };
    row("a route before the upstream it names", "",
        "put /routes/1 {\"uri\":\"/\",\"upstream_id\":\"u\"}\n"
        "put /upstreams/u {\"nodes\":{\"127.0.0.1:1\":1},\"type\":\"roundrobin\"}",
        "/routes/1 /upstreams/u");
    row("a credential before its consumer", "",
        "put /consumers/jack/credentials/a {\"plugins\":{\"key-auth\":{\"key\":\"k\"}}}\n"
        "put /consumers/jack {\"username\":\"jack\"}",
        "/consumers/jack /consumers/jack/credentials/a");
    const char *const served = "put /upstreams/u {\"nodes\":{\"127.0.0.1:1\":1},"
                               "\"type\":\"roundrobin\"}\n"
                               "put /routes/1 {\"uri\":\"/\",\"upstream_id\":\"u\"}";
    row("an upstream with the route that names it", served, "delete /upstreams/u\ndelete /routes/1",
        "");
    row("an upstream whose route turns away from it", served,
        "delete /upstreams/u\nput /routes/1 {\"uri\":\"/\",\"plugins\":{}}", "/routes/1");
    const char *const two = "put /consumers/a {\"username\":\"a\",\"plugins\":{\"key-auth\":"
                            "{\"key\":\"one\"}}}\n"
                            "put /consumers/b {\"username\":\"b\",\"plugins\":{\"key-auth\":"
                            "{\"key\":\"two\"}}}";
    row("two consumers exchange their keys", two,
        "put /consumers/a {\"username\":\"a\",\"plugins\":{\"key-auth\":{\"key\":\"two\"}}}\n"
        "put /consumers/b {\"username\":\"b\",\"plugins\":{\"key-auth\":{\"key\":\"one\"}}}",
        "/consumers/a /consumers/b");
    row("a consumer inherits a deleted one's key", two,
        "delete /consumers/a\n"
        "put /consumers/b {\"username\":\"b\",\"plugins\":{\"key-auth\":{\"key\":\"one\"}}}",
        "/consumers/b");
    row("a key moves into a credential", two,
        "put /consumers/a {\"username\":\"a\"}\n"
        "put /consumers/a/credentials/c {\"plugins\":{\"key-auth\":{\"key\":\"one\"}}}",
        "/consumers/a /consumers/a/credentials/c /consumers/b");
    row("a deleted consumer takes its credentials along",
        "put /consumers/a {\"username\":\"a\"}\n"
        "put /consumers/a/credentials/c {\"plugins\":{\"key-auth\":{\"key\":\"one\"}}}",
        "delete /consumers/a", "");
    row("a consumer and its credential, both by name",
        "put /consumers/a {\"username\":\"a\"}\n"
        "put /consumers/a/credentials/c {\"plugins\":{\"key-auth\":{\"key\":\"one\"}}}",
        "delete /consumers/a\ndelete /consumers/a/credentials/c", "");
    row("a secret manager and a rule", "",
        "put /secrets/vault/1 {\"uri\":\"http://127.0.0.1:1\",\"prefix\":\"kv\",\"token\":\"t\"}\n"
        "put /global_rules/1 {\"plugins\":{}}",
        "/global_rules/1 /secrets/vault/1");
}

void tst_AdminObjectsApply::takesStepsTogether()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, changes);
    QFETCH(const QByteArray, after);
    ObjectClient client;
    QVERIFY(client.open(false));
    if (!before.isEmpty())
        QCOMPARE(refusalsOf(client->apply(changesFrom(before))), "");
    QCOMPARE(refusalsOf(client->apply(changesFrom(changes))), "");
    QCOMPARE(keysOf(*client->objects(0)), after);
}

void tst_AdminObjectsApply::refuses_data()
{
    QTest::addColumn<QByteArray>("changes");
    QTest::addColumn<QByteArray>("refusals");
    const auto row = [](const char *name, const char *changes, const char *refusals) {
        QTest::newRow(name) << QByteArray(changes) << QByteArray(refusals);
    };
    const char *const noKey = ": not a key of an object: \"/routes/1\", \"/consumers/jack\", "
                              "\"/consumers/jack/credentials/one\" are";
    const auto badKey = [&](const char *name, const char *key) {
        row(name, (std::string("put ") + key + " {\"uri\":\"/\"}").c_str(),
            (std::string(key) + noKey).c_str());
    };
    badKey("key: without slash", "routes/1");
    badKey("key: without id", "/routes/");
    badKey("key: no type", "/1");
    badKey("key: too deep", "/consumers/jack/keys/1");
    badKey("key: secret without manager", "/secrets/1");
    row("key: the store's prefix", "put /apisix/routes/1 {\"uri\":\"/\"}",
        (std::string("/apisix/routes/1") + noKey).c_str());
    row("key: unknown type", "put /things/1 {\"uri\":\"/\"}",
        "/things/1: Unsupported resource type: things");
    row("key: bookkeeping", "delete /leases/x", "/leases/x: Unsupported resource type: leases");
    row("named twice", "put /routes/1 {\"uri\":\"/\",\"plugins\":{}}\ndelete /routes/1",
        "/routes/1: the object is named twice");
    row("1.2 deletes what is not there", "delete /routes/9", "/routes/9: Key not found");
    row("1.5 another id inside", "put /routes/1 {\"id\":\"2\",\"uri\":\"/\",\"plugins\":{}}",
        "/routes/1: wrong route id");
    row("1.11 another user name inside", "put /consumers/a {\"username\":\"b\"}",
        "/consumers/a: wrong username");
    row("no user name", "put /consumers/a {}",
        "/consumers/a: invalid configuration: property \"username\" is required");
    row("1.4 times inside an upstream",
        "put /routes/1 {\"uri\":\"/\",\"upstream\":{\"create_time\":1}}",
        "/routes/1: the property is forbidden:  upstream.create_time");
    row("a time that is none", "put /routes/1 {\"uri\":\"/\",\"plugins\":{},\"create_time\":\"x\"}",
        "/routes/1/create_time: invalid configuration: property \"create_time\" validation failed: "
        "wrong type: expected integer, got string");
    row("credential of nobody",
        "put /consumers/x/credentials/1 {\"plugins\":{\"key-auth\":{\"key\":\"k\"}}}",
        "/consumers/x/credentials/1: consumer not found");
    row("credential of a consumer that goes",
        "delete /consumers/held\nput /consumers/held/credentials/c "
        "{\"plugins\":{\"key-auth\":{\"key\":\"new\"}}}",
        "/consumers/held/credentials/c: consumer not found");
    row("the key of a stored consumer",
        "put /consumers/b {\"username\":\"b\",\"plugins\":{\"key-auth\":{\"key\":\"held\"}}}",
        "/consumers/b: duplicate key of plugin key-auth found with credential: c of consumer: "
        "held");
    row("the same key twice",
        "put /consumers/a {\"username\":\"a\",\"plugins\":{\"key-auth\":{\"key\":\"k\"}}}\n"
        "put /consumers/b {\"username\":\"b\",\"plugins\":{\"key-auth\":{\"key\":\"k\"}}}",
        "/consumers/b: duplicate key of plugin key-auth found with consumer: a");
    row("1.9 an upstream in use", "delete /upstreams/u",
        "/upstreams/u: can not delete this upstream, route [uses] is still using it now");
    row("1.9 an upstream that comes into use",
        "put /routes/more {\"uri\":\"/\",\"upstream_id\":\"u\"}\ndelete /routes/uses\n"
        "delete /upstreams/u",
        "/routes/more: failed to fetch upstream info by upstream id [u], response code: 404\n"
        "/upstreams/u: can not delete this upstream, route [more] is still using it now");
    row("4.7 a group of two minds",
        "put /routes/1 {\"uri\":\"/\",\"plugins\":{\"limit-count\":{\"count\":1,"
        "\"time_window\":60,\"group\":\"g\"}}}\n"
        "put /routes/2 {\"uri\":\"/\",\"plugins\":{\"limit-count\":{\"count\":2,"
        "\"time_window\":60,\"group\":\"g\"}}}",
        "/routes/1/plugins/limit-count: failed to check the configuration of plugin limit-count "
        "err: group conf mismatched\n"
        "/routes/2/plugins/limit-count: failed to check the configuration of plugin limit-count "
        "err: group conf mismatched");
    row("a plugin that nobody has", "put /routes/1 {\"uri\":\"/\",\"plugins\":{\"key-aut\":{}}}",
        "/routes/1/plugins/key-aut: unknown plugin [key-aut]");
}

void tst_AdminObjectsApply::refuses()
{
    QFETCH(const QByteArray, changes);
    QFETCH(const QByteArray, refusals);
    ObjectClient client;
    QVERIFY(client.open(false));
    QVERIFY(client.put("/upstreams/u", std::format("{{{}}}", kNodes)));
    QVERIFY(client.put("/routes/uses", R"({"uri":"/uses","upstream_id":"u"})"));
    QVERIFY(client.put("/consumers/held", R"({"username":"held"})"));
    QVERIFY(
        client.put("/consumers/held/credentials/c", R"({"plugins":{"key-auth":{"key":"held"}}})"));
    const auto before = client->objects(0);
    QCOMPARE(refusalsOf(client->apply(changesFrom(changes))), refusals);
    QCOMPARE(client->objects(0)->revision, before->revision);
}

void tst_AdminObjectsApply::endsLeases()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "routes/1?ttl=5", R"({"uri":"/","plugins":{}})").status, 201);
    QCOMPARE(api.send("PUT", "routes/2?ttl=5", R"({"uri":"/","plugins":{}})").status, 201);
    QByteArray refusals = "not called";
    const std::vector<ObjectChange> changes{put("/routes/1", R"({"uri":"/a","plugins":{}})")};
    api.admin.apply(changes, false,
                    [&](const Result<ApplyOutcome> &outcome) { refusals = refusalsOf(outcome); });
    QCOMPARE(refusals, "");
    api.admin.expire(api.clock.now() + std::chrono::seconds(6));
    QCOMPARE(api.send("GET", "routes/1").status, 200);
    QCOMPARE(api.send("GET", "routes/2").status, 404);
}

void tst_AdminObjectsApply::isUsedWhenItAnswers()
{
    ObjectClient client;
    QVERIFY(client.open(true));
    const std::string node =
        std::format("127.0.0.1:{}", client.fixture().gateway().addresses().upstream->port);
    for (int i = 0; i < 20; ++i) {
        const std::string route = std::format("/routes/{}", i);
        const auto value = Json::object(
            {{"uri", std::format("/anything/{}", i)},
             {"plugins", Json::object({{"key-auth", Json::object()}})},
             {"upstream",
              Json::object({{"type", "roundrobin"}, {"nodes", Json::object({{node, 1}})}})}});
        QCOMPARE(refusalsOf(
                     client->apply({{route, value, 0},
                                    put(std::format("/consumers/c{}", i),
                                        std::format(R"({{"username":"c{0}","plugins":{{"key-auth":)"
                                                    R"({{"key":"key-{0}"}}}}}})",
                                                    i))})),
                 "");
        const auto answer = client.fixture().ask(std::format(
            "GET /anything/{0} HTTP/1.1\r\nHost: localhost\r\napikey: key-{0}\r\n\r\n", i));
        QCOMPARE(answer.status(), 200);
    }
}

void tst_AdminObjectsApply::leavesFilesAlone()
{
    AdminOptions options = AdminApi::withoutKey();
    options.provider = Provider::File;
    AdminApi api(options);
    QByteArray text;
    const std::vector<ObjectChange> changes{put("/routes/1", R"({"uri":"/a","plugins":{}})")};
    api.admin.apply(changes, false,
                    [&](const Result<ApplyOutcome> &outcome) { text = refusalsOf(outcome); });
    QVERIFY2(text.contains("change that file"), text.constData());
    QCOMPARE(api.published, std::size_t(0));
}

void tst_AdminObjectsApply::refusesHostileBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const QByteArray &body, int status, const char *message) {
        QTest::newRow(name) << body << status << QByteArray(message);
    };
    row("nothing", "", 400, "not valid JSON");
    row("no JSON", "{\"puts\":", 400, "not valid JSON");
    row("not UTF-8", "{\"puts\":\"\xff\"}", 400, "UTF-8");
    row("an array", "[]", 400, "expected an object");
    row("an unknown member", "{\"put\":[]}", 400,
        "/put: the argument is not valid: unknown member");
    row("puts is an object", "{\"puts\":{}}", 400,
        "/puts: the argument is not valid: expected an array");
    row("a put is a string", "{\"puts\":[\"/routes/1\"]}", 400, "/puts/0");
    row("a put without key", "{\"puts\":[{\"value\":{}}]}", 400, "/puts/0/key");
    row("a put without value", "{\"puts\":[{\"key\":\"/routes/1\"}]}", 400, "/puts/0/value");
    row("a put of null", "{\"puts\":[{\"key\":\"/routes/1\",\"value\":null}]}", 400,
        "/puts/0/value");
    row("a put with more", "{\"puts\":[{\"key\":\"/routes/1\",\"value\":{},\"ttl\":1}]}", 400,
        "/puts/0/ttl");
    row("deletes is a string", "{\"deletes\":\"/routes/1\"}", 400, "/deletes");
    row("a deletion of a number", "{\"deletes\":[\"/routes/1\",1]}", 400, "/deletes/1");
    row("dry is a string", "{\"dry\":\"yes\"}", 400, "/dry");
    row("deep",
        "{\"puts\":[{\"key\":\"/routes/1\",\"value\":{\"a\":" + QByteArray(5000, '[')
            + QByteArray(5000, ']') + "}}]}",
        400, "nested too deeply");
    row("huge", QByteArray(17 * 1024 * 1024, ' '), 413, "too large");
    row("a key with line ends", "{\"deletes\":[\"/routes/1\\r\\nX: y\"]}", 400, "Key not found");
    row("a key with a zero", "{\"deletes\":[\"/routes/\\u0000\"]}", 400, "Key not found");
    row("an endless key", "{\"deletes\":[\"/routes/" + QByteArray(1024 * 1024, 'a') + "\"]}", 400,
        "Key not found");
    row("nothing to do", "{}", 200, "\"refusals\":[]");
}

void tst_AdminObjectsApply::refusesHostileBodies()
{
    QFETCH(const QByteArray, body);
    QFETCH(const int, status);
    QFETCH(const QByteArray, message);
    test::GatewayFixture gateway;
    QVERIFY(gateway.start());
    QCOMPARE(gateway.admin("PUT", "/routes/1", R"({"uri":"/","plugins":{}})").status(), 201);
    ClientRequest request{"POST", "/v1/objects", {}, body.toStdString()};
    const auto answer =
        ControlClient(ServerAddress{.unixPath = gateway.options.controlSocket}).send(request);
    QVERIFY2(answer, answer ? "" : describe(answer.error()).c_str());
    QCOMPARE(answer->status, status);
    QVERIFY2(answer->body.contains(message.toStdString()),
             bytes(answer->body.substr(0, 500)).constData());
    QCOMPARE(gateway.admin("GET", "/routes/1").status(), 200);
}

QTEST_GUILESS_MAIN(tst_AdminObjectsApply)
#include "tst_admin_objects_apply.moc"
