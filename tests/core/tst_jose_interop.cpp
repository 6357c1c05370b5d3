// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jws.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <format>

using namespace postern;

/// Tokens of an independent implementation (the command `jose`) verified by ours, and the reverse.
class tst_JoseInterop : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exchangesTokens_data();
    void exchangesTokens();
};

namespace {

constexpr int kTokens = 200; // per algorithm and direction

void write(const QString &path, std::string_view octets)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(octets.data(), static_cast<qint64>(octets.size())),
             static_cast<qint64>(octets.size()));
}

std::string read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// Runs a loop of `jose` calls in the folder; its output says which numbers failed.
std::string runLoop(const QString &folder, const std::string &call)
{
    QProcess shell;
    shell.setWorkingDirectory(folder);
    const std::string script =
        std::format("for i in $(seq 1 {}); do {} || echo \"failed: $i\"; done", kTokens, call);
    shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), QString::fromStdString(script)});
    if (!shell.waitForFinished(240'000))
        return "the loop did not end";
    return shell.readAllStandardOutput().toStdString() + shell.readAllStandardError().toStdString();
}

Key keyFor(Alg alg)
{
    if (info(alg).keyType != KeyType::Rsa)
        return *Key::generate(alg);
    // One RSA key without an alg of its own serves all six.
    static const Key rsa = *Key::fromPem(*Key::generate(Alg::RS256)->toPem(true));
    return rsa;
}

} // namespace

void tst_JoseInterop::exchangesTokens_data()
{
    QTest::addColumn<Alg>("alg");
    for (const AlgInfo &row : algorithms()) {
        // jose knows neither Edwards curves nor ML-DSA
        if (row.keyType != KeyType::Okp && row.keyType != KeyType::Akp)
            QTest::newRow(std::string(row.name).c_str()) << row.alg;
    }
}

void tst_JoseInterop::exchangesTokens()
{
    if (QStandardPaths::findExecutable(QStringLiteral("jose")).isEmpty())
        QSKIP("the command jose is not here");
    QFETCH(const Alg, alg);
    const std::string name(info(alg).name);
    const Key key = keyFor(alg);
    const QTemporaryDir folder;
    const auto path = [&](const std::string &file) {
        return folder.filePath(QString::fromStdString(file));
    };
    write(path("private.jwk"), key.toJwk(true).dump());
    write(path("public.jwk"), key.toJwk(key.type() == KeyType::Oct).dump());
    write(path("template.json"), std::format(R"({{"protected":{{"alg":"{}"}}}})", name));

    QRandomGenerator random(20'260'101);
    std::vector<std::string> payloads;
    for (int i = 1; i <= kTokens; ++i) {
        std::string payload(random.bounded(1U, 500U), '\0');
        for (char &c : payload)
            c = static_cast<char>(random.bounded(256));
        write(path(std::format("payload.{}", i)), payload);
        const Result<std::string> token =
            signJws(std::format(R"({{"alg":"{}"}})", name), payload, alg, key);
        QVERIFY2(token.has_value(), describe(token.error_or(Error{})).c_str());
        write(path(std::format("ours.{}", i)), *token);
        payloads.push_back(std::move(payload));
    }

    QCOMPARE(runLoop(folder.path(),
                     "jose jws sig -I payload.$i -k private.jwk -s template.json "
                     "-c -o theirs.$i"),
             std::string());
    QCOMPARE(runLoop(folder.path(), "jose jws ver -i ours.$i -k public.jwk -O shown.$i"),
             std::string());
    for (int i = 1; i <= kTokens; ++i) {
        const std::string &payload = payloads[static_cast<std::size_t>(i) - 1];
        const std::string theirs = read(path(std::format("theirs.{}", i)));
        const Result<DecodedJws> jws = verifyJws(theirs, key, {alg});
        QVERIFY2(jws.has_value(),
                 std::format("{}: {}", theirs, describe(jws.error_or(Error{}))).c_str());
        QVERIFY(jws->payloadText == payload);
        QVERIFY(read(path(std::format("shown.{}", i))) == payload);
    }
}

QTEST_GUILESS_MAIN(tst_JoseInterop)
#include "tst_jose_interop.moc"
