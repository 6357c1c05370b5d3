// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/token_view.h"
#include "core/json/parse.h"
#include "postern_process.h"
#include "tests/support/token_cases.h"
#include "tests/support/vector_checks.h"

#include <QTest>

#include <ranges>

using namespace postern;
using namespace postern::test;
using namespace vectors;

class tst_TokenBatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void verifies_data() { sets(); }
    void verifies();
    void inspects_data() { sets(); }
    void inspects();
    void rawViewReturnsTheSameOctets();
    void hostileTokensAreAnsweredWithAPlace_data();
    void hostileTokensAreAnsweredWithAPlace();
    void badLinesAreAnsweredAndTheStreamGoesOn();
    void answersThousandsOfLines();

private:
    static void sets()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const TokenSet &set : allTokenSets())
            QTest::newRow(set.name.c_str()) << index++;
    }
};

namespace {

std::vector<Json> answersTo(const char *verb, const std::string &lines)
{
    const Ran ran = runPostern({"token", verb, "--batch", "-"}, lines);
    std::vector<Json> answers;
    for (const auto line : std::views::split(ran.out, '\n')) {
        if (!line.empty())
            answers.push_back(parseJson(std::string_view(line), {.depth = 1000}).value_or(Json()));
    }
    return answers;
}

std::string lineOf(std::string_view id, const Json &request)
{
    Json line = Json::object({{"id", id}});
    for (const auto &[name, value] : request.members())
        line.set(name, value);
    return line.dump() + '\n';
}

} // namespace

void tst_TokenBatch::verifies()
{
    QFETCH(const int, index);
    const TokenSet set = allTokenSets()[static_cast<std::size_t>(index)];
    if (set.cases.empty())
        QSKIP("the vectors are not here; set POSTERN_VECTORS to their folder");
    std::string lines;
    for (const TokenCase &one : set.cases)
        lines += lineOf(one.id, one.request);
    const std::vector<Json> answers = answersTo("verify", lines);
    QCOMPARE(answers.size(), set.cases.size());
    Tally tally{set.name + ", token verify --batch"};
    for (const auto &[one, answer] : std::views::zip(set.cases, answers)) {
        const Json *valid = answer.find("valid");
        tally.note(valid && answer.stringOr("id", "") == one.id
                       && agrees(one, valid->asBool(), answer.stringOr("stage", "?"),
                                 answer.stringOr("reason", "?")),
                   std::format("{}: {}", one.id, answer.dump()));
    }
    ALL_AGREE(tally);
}

void tst_TokenBatch::inspects()
{
    QFETCH(const int, index);
    const TokenSet set = allTokenSets()[static_cast<std::size_t>(index)];
    if (set.cases.empty())
        QSKIP("the vectors are not here; set POSTERN_VECTORS to their folder");
    std::string lines;
    for (const TokenCase &one : set.cases) {
        Json request = Json::object({{"token", *one.request.find("token")}});
        if (const Json *now = one.request.find("now"))
            request.set("now", *now);
        lines += lineOf(one.id, request);
    }
    const std::vector<Json> answers = answersTo("inspect", lines);
    QCOMPARE(answers.size(), set.cases.size());
    Tally tally{set.name + ", token inspect --batch"};
    for (const auto &[one, answer] : std::views::zip(set.cases, answers)) {
        const Json *trim = answer.find("trim");
        bool good =
            shapeAgrees(one.inspect, answer.stringOr("shape", ""), trim && trim->isString());
        if (one.payloadText)
            good = good && answer.stringOr("payload_text", "") == *one.payloadText;
        for (const std::string &rule : one.lint) {
            const Json *lint = answer.find("lint");
            good = good && lint && std::ranges::any_of(lint->items(), [&](const Json &id) {
                       return id.asString() == rule;
                   });
        }
        tally.note(good, std::format("{}: {}", one.id, answer.dump()));
    }
    ALL_AGREE(tally);
}

void tst_TokenBatch::rawViewReturnsTheSameOctets()
{
    const Json set = readJson("json/jsontestsuite.json");
    NEED(set);
    std::string lines;
    std::vector<std::string> texts;
    for (const Json &row : set.find("transform")->items()) {
        texts.push_back(*decodeBase64(row.stringOr("base64", "")));
        const std::string token = std::format("{}.{}.AA", encodeBase64Url(R"({"alg":"HS256"})"),
                                              encodeBase64Url(texts.back()));
        lines += lineOf(row.stringOr("name", ""), Json::object({{"token", token}}));
    }
    Tally tally{"json/jsontestsuite.json transform, token inspect --batch"};
    const std::vector<Json> answers = answersTo("inspect", lines);
    QCOMPARE(answers.size(), texts.size());
    for (const auto &[text, answer] : std::views::zip(texts, answers))
        tally.note(answer.stringOr("payload_text", "") == replaceInvalidUtf8(text), answer.dump());
    ALL_AGREE(tally);
}

void tst_TokenBatch::hostileTokensAreAnsweredWithAPlace_data()
{
    QTest::addColumn<std::string>("token");
    QTest::addColumn<QString>("reason");
    const std::string header = encodeBase64Url(R"({"alg":"HS256"})");
    const std::string deep = std::string(100'000, '[');
    std::string twice = "{";
    for (int i = 0; i < 10'000; ++i)
        twice += "\"a\":1,";
    twice.back() = '}';
    const auto payload = [&](std::string_view text) {
        return header + '.' + encodeBase64Url(text) + ".AA";
    };
    QTest::newRow("1 MB") << header + '.' + std::string(1'000'000, 'A') + ".AA"
                          << QStringLiteral("limit-exceeded");
    QTest::newRow("header 100000 deep")
        << encodeBase64Url(deep.substr(0, 15'000)) + ".e30.AA" << QStringLiteral("json-depth");
    QTest::newRow("10000 duplicate members in the header: the limit of 1000 comes first")
        << encodeBase64Url(twice.substr(0, 12'005) + '}') + ".e30.AA"
        << QStringLiteral("json-size");
    QTest::newRow("invalid UTF-8")
        << encodeBase64Url("{\"alg\":\"\xc3\x28\"}") + ".e30.AA" << QStringLiteral("utf8");
    QTest::newRow("NUL byte") << payload("{}") + '\0' << QStringLiteral("characters");
}

void tst_TokenBatch::hostileTokensAreAnsweredWithAPlace()
{
    QFETCH(const std::string, token);
    QFETCH(const QString, reason);
    const Json request = Json::object(
        {{"token", token}, {"secret_b64u", encodeBase64Url("0123456789abcdef0123456789abcdef")}});
    const std::vector<Json> answers = answersTo("verify", lineOf("x", request));
    QCOMPARE(answers.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(std::string(answers[0].stringOr("reason", ""))), reason);
    QVERIFY(!answers[0].find("checks")->items().front().stringOr("detail", "").empty());
    QCOMPARE(answersTo("inspect", lineOf("x", request)).size(), std::size_t{1});
}

void tst_TokenBatch::badLinesAreAnsweredAndTheStreamGoesOn()
{
    const std::vector<Json> answers =
        answersTo("verify",
                  "nonsense\n{\"id\":1}\n{\"id\":2,\"token\":\"a.b.c\"}\n"
                  "{\"id\":3,\"token\":\"a.b.c\",\"secret_b64u\":\"AA\",\"now\":\"x\"}\n"
                  "{\"id\":4,\"token\":\"a.b.c\",\"secret_b64u\":\"AA\"}\n");
    QCOMPARE(answers.size(), std::size_t{5});
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY(answers[i].contains("error"));
    QCOMPARE(answers[1].find("id")->asInteger(), std::optional<std::int64_t>(1));
    QVERIFY(answers[4].contains("valid") && !answers[4].find("valid")->asBool(true));
}

void tst_TokenBatch::answersThousandsOfLines()
{
    const Json request = Json::object(
        {{"token", "eyJhbGciOiJIUzI1NiJ9.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
         {"secret_b64u", encodeBase64Url("0123456789abcdef0123456789abcdef")}});
    std::string lines;
    for (int i = 0; i < 5000; ++i)
        lines += lineOf(std::to_string(i), request);
    QCOMPARE(answersTo("verify", lines).size(), std::size_t{5000});
}

QTEST_GUILESS_MAIN(tst_TokenBatch)
#include "tst_token_batch.moc"
