// SPDX-License-Identifier: Apache-2.0
#include "gui/models/login_source.h"
#include "gui/models/what_if.h"

#include <QTest>

using namespace postern;
using namespace postern::gui;

/// Decisions that are asked for without a request.
class tst_WhatIf : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anEditChangesTheCellsOfItsRoute();
    void anEditThatChangesNothingIsSaid();
    void aTokenExpiresAtAnotherTime();
    void aLoginIsMadeForTheTime();

private:
    static std::vector<Document> documents();
    static Timestamp at(const char *time) { return *parseTime(time, Timestamp{}); }
};

namespace {

Document object(const char *key, const char *json) { return {std::string("/apisix") + key, json}; }

Document aclRoute(const char *id, const char *teams)
{
    return {std::string("/apisix/routes/") + id,
            std::string(R"({"uri":"/)") + id
                + R"(","plugins":{"key-auth":{},"acl":{"allow_labels":)" + R"({"team":)" + teams
                + R"(}}},"upstream":{"type":"roundrobin","nodes":{"127.0.0.1:1":1}}})"};
}

} // namespace

std::vector<Document> tst_WhatIf::documents()
{
    return {object("/consumers/alice",
                   R"({"username":"alice","labels":{"team":"platform"},)"
                   R"("plugins":{"key-auth":{"key":"alice-key"}}})"),
            object("/consumers/bob",
                   R"({"username":"bob","labels":{"team":"sales"},)"
                   R"("plugins":{"key-auth":{"key":"bob-key"},"jwt-auth":)"
                   R"({"key":"bob-jwt","secret":"a-secret-of-at-least-thirty-two-octets"}}})"),
            object("/routes/jwt",
                   R"({"uri":"/jwt","plugins":{"jwt-auth":{}},)"
                   R"("upstream":{"type":"roundrobin","nodes":{"127.0.0.1:1":1}}})"),
            aclRoute("one", R"(["platform"])"), aclRoute("two", R"(["platform"])")};
}

void tst_WhatIf::anEditChangesTheCellsOfItsRoute()
{
    const auto flips = flipsOf(documents(), aclRoute("one", R"(["platform","sales"])"), {"one"},
                               at("2026-01-01T00:00:00Z"));
    QCOMPARE(flips.size(), std::size_t{1});
    QCOMPARE(flips.front().consumer, std::string("bob"));
    QCOMPARE(flips.front().route, std::string("one"));
    QCOMPARE(flips.front().before.status, 403);
    QCOMPARE(flips.front().after.state, gateway::AccessState::Allowed);
}

void tst_WhatIf::anEditThatChangesNothingIsSaid()
{
    QVERIFY(flipsOf(documents(), aclRoute("one", R"(["platform","nobody-has-it"])"), {"one", "two"},
                    at("2026-01-01T00:00:00Z"))
                .empty());
}

void tst_WhatIf::aTokenExpiresAtAnotherTime()
{
    const Timestamp now = at("2026-01-01T00:00:00Z");
    gateway::WebRequest request;
    request.url = "http://127.0.0.1:9080/jwt";
    const auto withToken = addLogin(documents(), request, "bob", now);
    QVERIFY2(withToken, withToken ? "" : describe(withToken.error()).c_str());
    QVERIFY(withToken->header("Authorization"));
    const auto today = decideAgain(documents(), *withToken, {}, now);
    QCOMPARE(today.trace.stringOr("decision", ""), std::string_view("allowed"));
    const auto later = decideAgain(documents(), *withToken, {}, now + std::chrono::hours(48));
    QCOMPARE(later.trace.stringOr("decision", ""), std::string_view("denied"));
    // the same octets were asked about
    QCOMPARE(std::string(later.request.header("Authorization")),
             *withToken->header("Authorization"));
}

void tst_WhatIf::aLoginIsMadeForTheTime()
{
    gateway::WebRequest request;
    request.url = "http://127.0.0.1:9080/jwt";
    const auto bare = decideAgain(documents(), request, {}, at("2030-01-01T00:00:00Z"));
    QCOMPARE(bare.trace.stringOr("decision", ""), std::string_view("denied"));
    const auto fresh = decideAgain(documents(), request, "bob", at("2030-01-01T00:00:00Z"));
    QCOMPARE(fresh.trace.stringOr("decision", ""), std::string_view("allowed"));
    QCOMPARE(fresh.trace.stringOr("consumer", ""), std::string_view("bob"));
}

QTEST_GUILESS_MAIN(tst_WhatIf)
#include "tst_what_if.moc"
