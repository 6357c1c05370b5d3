// SPDX-License-Identifier: Apache-2.0
#include "batch_process.h"
#include "core/bytes/encoding.h"
#include "core/jose/key.h"
#include "core/json/parse.h"
#include "postern_process.h"
#include "tests/support/vector_checks.h"

#include <QDir>
#include <QProcess>
#include <QTest>

#include <algorithm>
#include <format>
#include <ranges>

using namespace postern;
using namespace postern::test;
using vectors::Tally;

/// The published sets about keys once more, through the batch commands: the process is started once
/// for each set.
class tst_KeyBatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void verifiesPrimitives_data();
    void verifiesPrimitives();
    void verifiesHmac();
    void verifiesMlDsa();
    void signsFromSeeds();
    void verifiesMlDsaExamples();
    void importsKeys();
    void importsWebDebuggerKeys();
    void importsPublishedKeys();
    void signsTheCookbooksExamples();
    void thumbprints();
    void checksJson();

    void answersBadLinesAndGoesOn();
    void answersAPeerThatWaits();
    void takesLinesUpToALimit();

private:
    Json m_errata;
};

namespace {

/// One case: what is expected, and what it is called.
struct Case
{
    bool expected = false;
    std::string name;
};

std::string nameOf(const Json &test)
{
    return std::format("tcId {} {}", test.find("tcId")->lexeme(), test.stringOr("comment", ""));
}

void compareVerdicts(Tally &tally, const Batch &batch, const std::vector<Case> &cases,
                     const std::vector<std::string> &words, std::string_view member)
{
    const std::vector<Json> answers = batch.run(words);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const Json *const verdict = answers[i].find(member);
        tally.note(verdict && verdict->isBool() && verdict->asBool() == cases[i].expected,
                   std::format("{}: {}", cases[i].name, answers[i].dump()));
    }
}

bool expectedOf(const Json &row)
{
    const std::string_view expect = row.stringOr("expect", "");
    return (expect == "policy" ? row.stringOr("default", "") : expect) == "accept";
}

bool hasFlag(const Json &test, std::string_view flag)
{
    return std::ranges::find(test.find("flags")->items(), Json(flag))
        != test.find("flags")->items().end();
}

} // namespace

void tst_KeyBatch::initTestCase() { m_errata = vectors::readJson("errata.json"); }

void tst_KeyBatch::verifiesPrimitives_data()
{
    QTest::addColumn<std::string>("file");
    QTest::addColumn<std::string>("alg");
    const auto row = [](const char *file, const char *alg) {
        QTest::newRow(file) << std::format("wycheproof/{}_test.json", file) << std::string(alg);
    };
    row("ecdsa_secp256r1_sha256_p1363", "ES256");
    row("ecdsa_secp521r1_sha512_p1363", "ES512");
    row("ecdsa_secp256k1_sha256_p1363", "ES256K");
    row("ed25519", "Ed25519");
    row("rsa_pss_2048_sha256_mgf1_32", "PS256");
    row("rsa_pss_4096_sha512_mgf1_64", "PS512");
    row("rsa_signature_2048_sha256", "RS256");
}

void tst_KeyBatch::verifiesPrimitives()
{
    QFETCH(const std::string, file);
    QFETCH(const std::string, alg);
    const Json set = vectors::readJson(file);
    NEED(set);
    Batch batch;
    std::vector<Case> cases;
    for (const Json &group : set.find("testGroups")->items()) {
        const Json *jwk = group.find("publicKeyJwk");
        if (!jwk)
            jwk = group.find("keyJwk");
        for (const Json &test : group.find("tests")->items()) {
            const std::string_view erratum =
                vectors::erratum(m_errata, file, *test.find("tcId")->asInteger());
            const std::string_view result = erratum.empty() ? test.stringOr("result", "") : erratum;
            Json request = Json::object({{"alg", alg},
                                         {"msg_hex", test.stringOr("msg", "")},
                                         {"sig_hex", test.stringOr("sig", "")}});
            // The same key in every form.
            const std::size_t form = jwk ? batch.size() / 16 % 3 : batch.size() / 16 % 2;
            if (form == 2)
                request.set("jwk", *jwk);
            else if (form == 1)
                request.set("pem", group.stringOr("publicKeyPem", ""));
            else
                request.set("der_hex", group.stringOr("publicKeyDer", ""));
            batch.add(std::move(request));
            cases.push_back({result == "valid" || result == "accept", nameOf(test)});
        }
    }
    Tally tally{file + " (key verify)"};
    compareVerdicts(tally, batch, cases, {"key", "verify"}, "valid");
    ALL_AGREE(tally);
}

void tst_KeyBatch::verifiesHmac()
{
    constexpr std::string_view kFile = "wycheproof/hmac_sha256_test.json";
    const Json set = vectors::readJson(kFile);
    NEED(set);
    Batch batch;
    std::vector<Case> cases;
    for (const Json &group : set.find("testGroups")->items()) {
        const bool truncated = group.find("tagSize")->asInteger() != 256;
        const bool isShort = *group.find("keySize")->asInteger() < 256;
        for (const Json &test : group.find("tests")->items()) {
            const std::string key = *decodeHex(test.stringOr("key", ""));
            const bool good = !truncated && test.stringOr("result", "") == "valid";
            for (const bool relaxed : {false, true}) {
                batch.add(Json::object(
                    {{"alg", "HS256"},
                     {"jwk", Json::object({{"kty", "oct"}, {"k", encodeBase64Url(key)}})},
                     {"msg_hex", test.stringOr("msg", "")},
                     {"sig_hex", test.stringOr("tag", "")},
                     {"relaxed", relaxed}}));
                cases.push_back({good && (relaxed || !isShort), nameOf(test)});
            }
        }
    }
    Tally tally{std::string(kFile) + " (key verify)"};
    compareVerdicts(tally, batch, cases, {"key", "verify"}, "valid");
    ALL_AGREE(tally);
}

void tst_KeyBatch::verifiesMlDsa()
{
    constexpr std::string_view kFile = "wycheproof/mldsa_44_verify_test.json";
    const Json set = vectors::readJson(kFile);
    NEED(set);
    Tally tally{std::string(kFile) + " (key verify)"};
    Batch batch;
    std::vector<Case> cases;
    for (const Json &group : set.find("testGroups")->items()) {
        for (const Json &test : group.find("tests")->items()) {
            if (test.contains("ctx")) {
                tally.skip();
                continue;
            }
            batch.add(Json::object({{"alg", "ML-DSA-44"},
                                    {"raw_hex", group.stringOr("publicKey", "")},
                                    {"msg_hex", test.stringOr("msg", "")},
                                    {"sig_hex", test.stringOr("sig", "")}}));
            cases.push_back({test.stringOr("result", "") == "valid", nameOf(test)});
        }
    }
    compareVerdicts(tally, batch, cases, {"key", "verify"}, "valid");
    ALL_AGREE(tally);
}

void tst_KeyBatch::signsFromSeeds()
{
    constexpr std::string_view kFile = "wycheproof/mldsa_44_sign_seed_test.json";
    const Json set = vectors::readJson(kFile);
    NEED(set);
    Tally tally{std::string(kFile) + " (key sign)"};
    Batch batch;
    std::vector<const Json *> tests;
    for (const Json &group : set.find("testGroups")->items()) {
        for (const Json &test : group.find("tests")->items()) {
            if (hasFlag(test, "Internal") || hasFlag(test, "Randomized")
                || !test.stringOr("ctx", "").empty()) {
                tally.skip();
                continue;
            }
            batch.add(Json::object({{"alg", "ML-DSA-44"},
                                    {"seed_hex", group.stringOr("privateSeed", "")},
                                    {"msg_hex", test.stringOr("msg", "")}}));
            tests.push_back(&test);
        }
    }
    const std::vector<Json> answers = batch.run({"key", "sign"});
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const bool valid = tests[i]->stringOr("result", "") == "valid";
        tally.note(valid ? answers[i].stringOr("sig_hex", "") == tests[i]->stringOr("sig", "")
                         : answers[i].contains("error"),
                   nameOf(*tests[i]));
    }
    ALL_AGREE(tally);
}

void tst_KeyBatch::verifiesMlDsaExamples()
{
    Batch batch;
    std::vector<Case> cases;
    const QDir folder(QString::fromStdString(vectors::folder() + "/ml-dsa"));
    for (const QString &name : folder.entryList({QStringLiteral("*.json")}, QDir::Files)) {
        const Json set = vectors::readJson("ml-dsa/" + name.toStdString());
        const Json &jwk = *set.find("jwk");
        for (const bool changed : {false, true}) {
            Json request = Json::object({{"alg", *jwk.find("alg")},
                                         {"msg_hex", set.stringOr("raw_to_be_signed", "")},
                                         {"sig_hex", set.stringOr("raw_signature", "")}});
            if (changed)
                request.set("msg_hex", std::string(set.stringOr("raw_to_be_signed", "")) + "00");
            Json raw = request;
            request.set("jwk", jwk);
            raw.set("raw_hex", set.stringOr("raw_public_key", ""));
            batch.add(std::move(request));
            batch.add(std::move(raw));
            cases.insert(cases.end(), 2, {!changed, name.toStdString()});
        }
    }
    if (cases.empty())
        QSKIP("the vectors are not here; set POSTERN_VECTORS to their folder");
    Tally tally{"ml-dsa/*.json (key verify)"};
    compareVerdicts(tally, batch, cases, {"key", "verify"}, "valid");
    ALL_AGREE(tally);
}

void tst_KeyBatch::importsKeys()
{
    const Json set = vectors::readJson("own/jwk-import.json");
    NEED(set);
    Batch batch;
    std::vector<const Json *> rows;
    for (const Json &row : set.find("keys")->items()) {
        batch.add(Json::object({{"jwk", *row.find("jwk")}}));
        rows.push_back(&row);
    }
    for (const Json &row : set.find("sets")->items()) {
        batch.add(Json::object({{"jwks", *row.find("jwks")}}));
        rows.push_back(&row);
    }
    Tally tally{"own/jwk-import.json (key import)"};
    const std::vector<Json> answers = batch.run({"key", "import"});
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const Json &row = *rows[i];
        const bool ok = answers[i].find("ok") && answers[i].find("ok")->asBool();
        bool agrees = ok == expectedOf(row);
        if (const Json *usable = row.find("usable"); usable && ok)
            agrees = agrees && *answers[i].find("kids") == *usable;
        if (const Json *lint = row.find("lint"); lint && ok) {
            const Json::Array &given = answers[i].find("lint")->items();
            for (const Json &id : lint->items())
                agrees = agrees && std::ranges::find(given, id) != given.end();
        }
        if (!ok)
            agrees = agrees && !answers[i].stringOr("reason", "").empty();
        tally.note(agrees, std::format("{}: {}", row.stringOr("id", ""), answers[i].dump()));
    }
    ALL_AGREE(tally);
}

void tst_KeyBatch::importsWebDebuggerKeys()
{
    const Json set = vectors::readJson("jwtio/default-tokens.json");
    NEED(set);
    Batch import;
    Batch thumbprint;
    for (const Json &row : set.find("tokens")->items()) {
        if (!row.contains("jwk"))
            continue;
        import.add(Json::object({{"jwk", *row.find("jwk")}}));
        thumbprint.add(Json::object({{"jwk", *row.find("jwk")}}));
        for (const char *member : {"private_pem", "public_pem"}) {
            import.add(Json::object({{"pem", row.stringOr(member, "")}}));
            thumbprint.add(Json::object({{"pem", row.stringOr(member, "")}}));
        }
    }
    Tally tally{"jwtio/default-tokens.json (key import, thumbprint)"};
    const std::vector<Json> imported = import.run({"key", "import"});
    const std::vector<Json> prints = thumbprint.run({"key", "thumbprint"});
    for (std::size_t i = 0; i < prints.size(); ++i) {
        tally.note(imported.at(i).find("ok")->asBool(), imported[i].dump());
        // JWK, private and public PEM are one key.
        const std::string_view first = prints[i / 3 * 3].stringOr("thumbprint", "-");
        tally.note(prints[i].stringOr("thumbprint", "") == first, prints[i].dump());
    }
    ALL_AGREE(tally);
}

void tst_KeyBatch::importsPublishedKeys()
{
    Batch batch;
    std::vector<std::pair<std::string, Json>> wanted; // the kids in order
    const auto kidOf = [](const Json &jwk) {
        const Json *const kid = jwk.find("kid");
        return kid ? *kid : Json();
    };
    for (const char *folder : {"cookbook/jwk", "rfc-examples"}) {
        const QDir files(QString::fromStdString(vectors::folder() + "/" + folder));
        for (const QString &name : files.entryList(
                 {QStringLiteral("*.jwk"), QStringLiteral("*.jwkset"), QStringLiteral("*.json")},
                 QDir::Files)) {
            const std::string path = std::format("{}/{}", folder, name.toStdString());
            const Json document = vectors::readJson(path);
            const Json *const keys = document.find("keys");
            Json kids = Json::array();
            for (const Json &jwk : keys ? keys->items() : Json::Array{document})
                kids.push_back(kidOf(jwk));
            batch.add(Json::object({{keys ? "jwks" : "jwk", document}}));
            wanted.emplace_back(path, std::move(kids));
        }
    }
    if (wanted.empty())
        QSKIP("the vectors are not here; set POSTERN_VECTORS to their folder");
    Tally tally{"cookbook/jwk, rfc-examples/*.jwk* (key import)"};
    const std::vector<Json> answers = batch.run({"key", "import"});
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const Json *const kids = answers[i].find("kids");
        tally.note(answers[i].find("ok")->asBool() && kids && *kids == wanted[i].second,
                   std::format("{}: {}", wanted[i].first, answers[i].dump()));
    }
    ALL_AGREE(tally);
}

void tst_KeyBatch::signsTheCookbooksExamples()
{
    Batch batch;
    std::vector<std::string> wanted;
    std::vector<std::string> names;
    for (const char *file :
         {"jws/4_1.rsa_v15_signature", "jws/4_4.hmac-sha2_integrity_protection",
          "jws/4_5.signature_with_detached_content", "jws/4_6.protecting_specific_header_fields",
          "jws/4_7.protecting_content_only", "rfc8037/ed25519-jws"}) {
        const Json set = vectors::readJson(std::format("cookbook/{}.json", file));
        NEED(set);
        const Json &input = *set.find("input");
        const Json &signing = *set.find("signing");
        batch.add(Json::object({{"alg", *input.find("alg")},
                                {"jwk", *input.find("key")},
                                {"msg_hex", encodeHex(signing.stringOr("sig-input", ""))}}));
        wanted.push_back(encodeHex(*decodeBase64Url(signing.stringOr("sig", ""))));
        names.emplace_back(file);
    }
    Tally tally{"cookbook, reproducible examples (key sign)"};
    const std::vector<Json> answers = batch.run({"key", "sign"});
    for (std::size_t i = 0; i < answers.size(); ++i)
        tally.note(answers[i].stringOr("sig_hex", "") == wanted[i],
                   std::format("{}: {}", names[i], answers[i].dump()));
    ALL_AGREE(tally);
}

void tst_KeyBatch::thumbprints()
{
    const Json set = vectors::readJson("own/thumbprints.json");
    NEED(set);
    Batch published;
    published.add(Json::object({{"jwk", vectors::readJson("rfc-examples/rfc7638_3.1.jwk")}}));
    QCOMPARE(published.run({"key", "thumbprint"}).at(0).stringOr("thumbprint", ""),
             std::string_view(*vectors::readFile("rfc-examples/rfc7638_3.1.thp")));
    Batch batch;
    std::vector<const Json *> rows;
    for (const Json &row : set.find("thumbprints")->items()) {
        for (const char *hash : {"sha256", "sha512"}) {
            batch.add(Json::object({{"jwk", *row.find("jwk")}, {"hash", hash}}));
            rows.push_back(&row);
        }
    }
    Tally tally{"own/thumbprints.json (key thumbprint)"};
    const std::vector<Json> answers = batch.run({"key", "thumbprint"});
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const Json &row = *rows[i];
        const bool first = i % 2 == 0;
        tally.note(answers[i].stringOr("thumbprint", "")
                           == row.stringOr(first ? "sha256" : "sha512", "-")
                       && (!first || answers[i].stringOr("uri", "") == row.stringOr("uri", "-")),
                   row.stringOr("id", ""));
    }
    ALL_AGREE(tally);
}

void tst_KeyBatch::checksJson()
{
    const Json set = vectors::readJson("json/jsontestsuite.json");
    NEED(set);
    Tally tally{"json/jsontestsuite.json (json check)"};
    Batch batch;
    std::vector<Case> cases;
    for (const Json &row : set.find("parsing")->items()) {
        if (row.stringOr("expect", "") == "either") {
            tally.skip();
            continue;
        }
        std::string base64(row.stringOr("base64", ""));
        if (const Json *repeated = row.find("repeat_base64")) {
            const std::string part = *decodeBase64(repeated->asString());
            std::string text;
            const auto length = static_cast<std::size_t>(*row.find("length")->asInteger());
            while (text.size() < length)
                text += part;
            text.resize(length);
            base64 = encodeBase64(text);
        }
        batch.add(Json::object({{"base64", base64}}));
        cases.push_back(
            {row.stringOr("expect", "") == "accept", std::string(row.stringOr("name", ""))});
    }
    compareVerdicts(tally, batch, cases, {"json", "check"}, "accept");
    ALL_AGREE(tally);
    // A place for what is refused.
    Batch places;
    places.add(Json::object({{"base64", encodeBase64("{\"a\":1,\n 01}")}}));
    places.add(Json::object({{"base64", encodeBase64(R"({"a":1,"a":2})")}}));
    places.add(Json::object({{"base64", encodeBase64(R"({"a":1,"a":2})")}, {"unique", true}}));
    const std::vector<Json> answers = places.run({"json", "check"});
    QCOMPARE(answers.at(0).find("line")->asInteger(), 2);
    QCOMPARE(answers.at(0).find("column")->asInteger(), 2);
    QCOMPARE(answers.at(1).find("lint")->dump(), std::string(R"(["duplicate-member"])"));
    QCOMPARE(answers.at(2).stringOr("reason", ""), std::string_view("duplicate-member"));
}

void tst_KeyBatch::answersBadLinesAndGoesOn()
{
    const std::string good = R"({"id":"g","jwk":{"kty":"oct","k":"AAAA"}})";
    const std::string input = "{\"id\":\"broken\",\"jwk\":\n" // not JSON; its id can be read
        + std::string("nonsense\n[1]\n\n") + R"({"id":7})" + "\n" + R"({"id":8,"jwk":5})" + "\n"
        + std::string("{\"id\":9,\"x\":\"\0\"}\n", 17) + "\xff\xfe\n" + good; // no newline
    const Ran ran = runPostern({"key", "thumbprint", "--batch", "-"}, input);
    QCOMPARE(ran.exit, 0);
    std::vector<Json> answers;
    for (const auto line : std::views::split(ran.out, '\n')) {
        if (!std::string_view(line).empty())
            answers.push_back(*parseJson(std::string_view(line)));
    }
    const auto id = [&](std::size_t i) { return answers.at(i).find("id")->dump(); };
    const auto code = [&](std::size_t i) {
        const Json *error = answers.at(i).find("error");
        return error ? std::string(error->stringOr("code", "")) : std::string();
    };
    QCOMPARE(answers.size(), 8UL);
    QCOMPARE(id(0), std::string("\"broken\""));
    QCOMPARE(code(0), std::string("json"));
    QCOMPARE(id(1), std::string("null"));
    QCOMPARE(code(1), std::string("json"));
    QCOMPARE(code(2), std::string("invalid-argument"));
    QCOMPARE(id(3), std::string("7"));
    QCOMPARE(code(3), std::string("invalid-argument"));
    QCOMPARE(id(4), std::string("8"));
    QCOMPARE(code(4), std::string("key-format"));
    QCOMPARE(id(5), std::string("9"));
    QCOMPARE(code(5), std::string("json"));
    QCOMPARE(id(6), std::string("null"));
    QCOMPARE(id(7), std::string("\"g\""));
    QVERIFY(answers.at(7).contains("thumbprint"));
}

void tst_KeyBatch::answersAPeerThatWaits()
{
    QProcess process;
    process.setProcessEnvironment(cleanEnvironment({}));
    process.start(QStringLiteral(POSTERN_BINARY),
                  {QStringLiteral("key"), QStringLiteral("thumbprint"), QStringLiteral("--batch"),
                   QStringLiteral("-")});
    QVERIFY(process.waitForStarted());
    for (int i = 0; i < 20; ++i) {
        process.write(R"({"id":1,"jwk":{"kty":"oct","k":"AAAA"}})"
                      "\n");
        while (!process.canReadLine())
            QVERIFY(process.waitForReadyRead());
        QVERIFY(process.readLine().contains("\"thumbprint\""));
    }
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
}

void tst_KeyBatch::takesLinesUpToALimit()
{
    const std::string large =
        R"({"id":1,"base64":")" + encodeBase64(std::string(8'000'000, ' ') + "1") + "\"}\n";
    const std::string tooLarge = "{\"id\":2,\"base64\":\"" + std::string(17'000'000, 'A') + "\"}\n";
    const Ran ran = runPostern({"json", "check", "--batch", "-"},
                               large + tooLarge + R"({"id":3,"base64":"MQ=="})");
    QCOMPARE(ran.exit, 0);
    std::vector<std::string> lines;
    for (const auto line : std::views::split(ran.out, '\n'))
        lines.emplace_back(std::string_view(line));
    QCOMPARE(lines.size(), 4UL); // the last is empty
    QVERIFY(lines[0].contains("\"accept\":true"));
    QVERIFY(lines[1].contains("limit-exceeded"));
    QVERIFY(lines[2].contains("\"id\":3,\"accept\":true"));
}

QTEST_GUILESS_MAIN(tst_KeyBatch)
#include "tst_key_batch.moc"
