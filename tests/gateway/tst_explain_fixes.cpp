// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/step_text.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

using namespace postern;
using namespace postern::gateway;

/// Every reason that the data path gives for a refusal says what happened and what to do. The
/// reasons are read from the sources, so that a new one is asked for its sentences.
class tst_ExplainFixes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsReasons();
    void hasSentences_data();
    void hasSentences();
    void mendsTls_data();
    void mendsTls();
};

namespace {

struct Reason
{
    std::string file, name;
    auto operator<=>(const Reason &) const = default;
};

constexpr std::array<std::pair<std::string_view, Errc>, 200> namedReasons()
{
    std::array<std::pair<std::string_view, Errc>, 200> made{};
    std::size_t size = 0;
#define X(name, slug, sentence) made[size++] = {#name, Errc::name};
#include "core/errors.def"
#undef X
    return made;
}
constexpr auto kReasons = namedReasons();

/// Not given for a refusal of a request: they refuse configurations, mark notes, or have their
/// remedy elsewhere (a 404 names the nearest routes).
const std::set<std::string> kElsewhere{"Internal",      "PluginConfig",    "PluginUnknown",
                                       "RouteNotFound", "InvalidArgument", "LimitExceeded",
                                       "Config"};

/// Folders and files whose reasons end in traces.
constexpr auto kSources = std::to_array<std::string_view>(
    {"gateway/plugins", "gateway/pipeline/pipeline.cpp", "gateway/pipeline/exchange.cpp",
     "gateway/server/client_connection.cpp", "gateway/server/client_reply.cpp",
     "gateway/server/client_request.cpp", "gateway/server/client_tls.cpp",
     "gateway/http/head_parser.cpp", "gateway/upstream/proxy_answer.cpp",
     "gateway/upstream/proxy_nodes.cpp", "gateway/upstream/proxy_stream.cpp",
     "gateway/upstream/proxy_tls.cpp"});

void readReasons(const std::filesystem::path &file, std::set<Reason> &found)
{
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    static const std::regex kReason("Errc::([A-Za-z0-9]+)");
    for (std::sregex_iterator at(text.begin(), text.end(), kReason), end; at != end; ++at) {
        if (!kElsewhere.contains((*at)[1].str()))
            found.insert({file.stem().string(), (*at)[1].str()});
    }
}

std::set<Reason> reasons()
{
    std::set<Reason> found;
    const std::filesystem::path root(POSTERN_SOURCE_DIR);
    for (const std::string_view source : kSources) {
        if (!std::filesystem::is_directory(root / source)) {
            readReasons(root / source, found);
            continue;
        }
        for (const auto &entry : std::filesystem::recursive_directory_iterator(root / source)) {
            // What writes requests refuses none.
            if (entry.path().extension() == ".cpp" && entry.path().stem() != "present_login")
                readReasons(entry.path(), found);
        }
    }
    return found;
}

/// "key_auth" -> "key-auth": what the plugin's steps have as subject.
std::string subjectOf(const std::string &file)
{
    std::string name = file;
    std::ranges::replace(name, '_', '-');
    return name;
}

} // namespace

void tst_ExplainFixes::findsReasons()
{
    const auto found = reasons();
    QVERIFY(found.size() > 60);
    QVERIFY(found.contains({"limit_count", "LimitReached"}));
    QVERIFY(found.contains({"client_request", "HttpHost"}));
}

void tst_ExplainFixes::hasSentences_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("reason");
    for (const auto &[file, reason] : reasons())
        QTest::newRow((file + ": " + reason).c_str())
            << QByteArray::fromStdString(file) << QByteArray::fromStdString(reason);
}

void tst_ExplainFixes::hasSentences()
{
    QFETCH(const QByteArray, file);
    QFETCH(const QByteArray, reason);
    const auto named = std::ranges::find(kReasons, std::string_view(reason.constData()),
                                         &std::pair<std::string_view, Errc>::first);
    QVERIFY(named != kReasons.end());
    const std::string subject = subjectOf(file.toStdString());
    const StepView view{Step::Plugin, Outcome::Failed, named->second, subject, "a", "b", 3, {}};
    QVERIFY(!sentence(named->second).empty());
    QVERIFY(!stepText(view).empty());
    const std::string fix = stepFix(view, "credential 1 of jack");
    QVERIFY2(!fix.empty(), "no fix sentence");
    QVERIFY2(!fix.ends_with('.'), "a sentence without its dot");
}

// What the sources above give as operands decides about the remedy.
void tst_ExplainFixes::mendsTls_data()
{
    QTest::addColumn<int>("reason");
    QTest::addColumn<QByteArray>("operand");
    QTest::addColumn<QByteArray>("fix"); // part of it
    const auto row = [](const char *title, Errc reason, const char *operand, const char *fix) {
        QTest::newRow(title) << static_cast<int>(reason) << QByteArray(operand) << QByteArray(fix);
    };
    row("no certificate for the name", Errc::TlsServerName, "b.example", "the sni b.example");
    row("no name in the handshake", Errc::TlsServerName, "127.0.0.1", "apisix.ssl.fallback_sni");
    row("plain HTTP", Errc::TlsHandshake, "plain HTTP was sent to the HTTPS port",
        "write https:// in the URL");
    row("the client knows no such authority", Errc::TlsHandshake, "tlsv1 alert unknown ca",
        "curl --cacert");
    row("the client takes no such certificate", Errc::TlsHandshake, "sslv3 alert bad certificate",
        "curl --cacert");
    row("no version in common", Errc::TlsHandshake, "unsupported protocol", "ssl_protocols");
    row("the client hung up", Errc::TlsHandshake,
        "the other side closed the connection during the handshake", "the client's own message");
    row("anything else", Errc::TlsHandshake, "no shared cipher", "what the client offers");
    row("no client certificate", Errc::ClientCertificate, "the client showed none", "curl --cert");
    row("the upstream's authority", Errc::UpstreamTls, "unable to get local issuer certificate",
        "apisix.ssl.ssl_trusted_certificate");
}

void tst_ExplainFixes::mendsTls()
{
    QFETCH(const int, reason);
    QFETCH(const QByteArray, operand);
    QFETCH(const QByteArray, fix);
    const std::string text = operand.toStdString();
    const StepView view{
        Step::Client, Outcome::Failed, static_cast<Errc>(reason), {}, text, {}, 0, {}};
    const std::string said = stepFix(view, {});
    QVERIFY2(said.contains(fix.toStdString()), said.c_str());
}

QTEST_GUILESS_MAIN(tst_ExplainFixes)
#include "tst_explain_fixes.moc"
