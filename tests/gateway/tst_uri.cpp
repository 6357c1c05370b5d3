// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/uri.h"

#include <QTest>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace postern::gateway;

class tst_Uri : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void normalisesPaths_data();
    void normalisesPaths();
    void plainPathsAreNotCopied();
    void normalisingTwiceChangesNothingPlain();
    void agreesWithANaiveNormaliser();
    void splitsTargets_data();
    void splitsTargets();
    void readsHosts_data();
    void readsHosts();
};

namespace {

/// An exact-size heap copy, so that the sanitizer sees every octet read too many.
struct Exact
{
    explicit Exact(std::string_view text)
        : octets(std::make_unique_for_overwrite<char[]>(text.size())),
          size(text.size())
    {
        text.copy(octets.get(), text.size());
    }
    [[nodiscard]] std::string_view view() const { return {octets.get(), size}; }
    std::unique_ptr<char[]> octets;
    std::size_t size;
};

std::optional<std::string> normalised(std::string_view path)
{
    const Exact input(path);
    Arena arena;
    std::string_view out;
    if (!normalisePath(input.view(), arena, out))
        return std::nullopt;
    return std::string(out);
}

/// Decode everything, split at slashes, keep a stack.
std::optional<std::string> naive(std::string_view path)
{
    std::string decoded;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] != '%') {
            if (static_cast<unsigned char>(path[i]) < 0x20 || path[i] == 0x7f)
                return std::nullopt;
            decoded += path[i];
            continue;
        }
        const std::string hex(path.substr(i + 1, 2));
        if (hex.size() != 2 || hex.find_first_not_of("0123456789abcdefABCDEF") != hex.npos)
            return std::nullopt;
        decoded += static_cast<char>(std::stoi(hex, nullptr, 16));
        i += 2;
    }
    if (!path.starts_with('/') || decoded.find('\0') != decoded.npos)
        return std::nullopt;
    std::vector<std::string> stack;
    bool directory = false;
    for (std::size_t at = 1; at <= decoded.size();) {
        const std::size_t end = std::min(decoded.find('/', at), decoded.size());
        const std::string segment = decoded.substr(at, end - at);
        directory = segment.empty() || segment == "." || segment == "..";
        if (segment == "..") {
            if (stack.empty())
                return std::nullopt;
            stack.pop_back();
        } else if (!directory) {
            stack.push_back(segment);
        }
        at = end + 1;
    }
    std::string joined;
    for (const std::string &segment : stack)
        joined += "/" + segment;
    if (joined.empty() || directory)
        joined += '/';
    return joined;
}

} // namespace

void tst_Uri::normalisesPaths_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("expected"); // null: refused
    const auto row = [](const char *name, QByteArray raw, QByteArray expected) {
        QTest::newRow(name) << raw << expected;
    };
    row("plain", "/a/b", "/a/b");
    row("trailing slash stays", "/a/", "/a/");
    row("nginx: escapes are decoded", "/%61%2Db", "/a-b");
    row("nginx: %2F is a slash", "/a%2Fb", "/a/b");
    row("nginx: merge_slashes", "//a///b//", "/a/b/");
    row("nginx: merge_slashes over %2F", "/a/%2f/b", "/a/b");
    row("RFC 3986 5.2.4: single dot", "/a/./b", "/a/b");
    row("RFC 3986 5.2.4: double dot", "/a/b/../c", "/a/c");
    row("RFC 3986 5.2.4: dot at the end", "/a/.", "/a/");
    row("RFC 3986 5.2.4: double dot at the end", "/a/b/..", "/a/");
    row("double dot to the root", "/a/..", "/");
    row("encoded dots are dots", "/a/%2e%2E/b", "/b");
    row("a name may begin with dots", "/a/...b/.c", "/a/...b/.c");
    row("nginx: %3F and %23 are text", "/a%3Fb%23c", "/a?b#c");
    row("%25 is not decoded twice", "/%252e%252e/a", "/%2e%2e/a");
    row("UTF-8 is decoded", "/%C3%A4", "/\xc3\xa4");
    row("newline may be escaped", "/a%0Ab", "/a\nb");
    row("plus is text in a path", "/a+b", "/a+b");
    row("above the root", "/../a", {});
    row("above the root, encoded", "/%2e%2e/a", {});
    row("above the root, later", "/a/../../b", {});
    row("above the root, at the end", "/..", {});
    row("NUL", "/a%00b", {});
    row("cut escape", "/a%2", {});
    row("lone percent", "/a%", {});
    row("not hexadecimal", "/a%zz", {});
    row("raw control character", "/a\x01", {});
    row("raw DEL", "/a\x7f", {});
    row("empty", "", {});
    row("relative", "a/b", {});
    row("asterisk", "*", {});
}

void tst_Uri::normalisesPaths()
{
    QFETCH(const QByteArray, raw);
    QFETCH(const QByteArray, expected);
    const auto out = normalised(raw.toStdString());
    QCOMPARE(out.has_value(), !expected.isNull());
    if (out)
        QCOMPARE(*out, expected.toStdString());
    QCOMPARE(out, naive(raw.toStdString()));
}

void tst_Uri::plainPathsAreNotCopied()
{
    const std::string path = "/api/v1/users.json/a..b";
    Arena arena;
    std::string_view out;
    QVERIFY(normalisePath(path, arena, out));
    QCOMPARE(static_cast<const void *>(out.data()), static_cast<const void *>(path.data()));
}

void tst_Uri::normalisingTwiceChangesNothingPlain()
{
    for (const char *path : {"//a/./b/../c//", "/x/%61", "/a/%2F/"}) {
        const auto once = normalised(path);
        QVERIFY(once);
        QCOMPARE(normalised(*once), once);
    }
}

void tst_Uri::agreesWithANaiveNormaliser()
{
    std::mt19937 random(7);
    const std::vector<std::string> pieces{"/",   "/",   "a",   ".",   "..",  "%2F", "%2e",
                                          "%2E", "//",  "/..", "b",   "%61", "%",   "%00",
                                          "?",   "%25", "/./", "..a", "\x02"};
    int accepted = 0;
    for (int round = 0; round < 200000; ++round) {
        std::string path = "/";
        for (std::size_t count = random() % 9; count > 0; --count)
            path += pieces[random() % pieces.size()];
        const auto out = normalised(path);
        QVERIFY2(out == naive(path), path.c_str());
        accepted += out.has_value() ? 1 : 0;
    }
    QVERIFY(accepted > 20000);
}

void tst_Uri::splitsTargets_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path"); // null: refused
    QTest::addColumn<QByteArray>("query"); // null: no '?'
    QTest::addColumn<QByteArray>("authority");
    const auto row = [](const char *name, QByteArray target, QByteArray path, QByteArray query = {},
                        QByteArray authority = {}) {
        QTest::newRow(name) << target << path << query << authority;
    };
    row("origin-form", "/a/b", "/a/b");
    row("query", "/a?b=c", "/a", "b=c");
    row("second question mark belongs to the query", "/a?b?c", "/a", "b?c");
    row("empty query", "/a?", "/a", "");
    row("nginx: fragment is cut", "/a?b#c", "/a", "b");
    row("absolute-form", "http://x.org:80/a?b", "/a", "b", "x.org:80");
    row("absolute-form without path", "http://x.org", "/", {}, "x.org");
    row("absolute-form with query only", "http://x.org?q", "/", "q", "x.org");
    row("absolute-form without authority", "http:///a", {});
    row("asterisk-form", "*", {});
    row("authority-form", "x.org:443", {});
    row("no scheme", "://x/a", {});
    row("bad scheme", "h ttp://x/a", {});
    row("empty", "", {});
}

void tst_Uri::splitsTargets()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, query);
    QFETCH(const QByteArray, authority);
    const Exact input(target.toStdString());
    const auto parts = splitTarget(input.view());
    QCOMPARE(parts.has_value(), !path.isNull());
    if (!parts)
        return;
    QCOMPARE(std::string(parts->path), path.toStdString());
    QCOMPARE(parts->hasQuery, !query.isNull());
    QCOMPARE(std::string(parts->query), query.toStdString());
    QCOMPARE(std::string(parts->authority), authority.toStdString());
}

void tst_Uri::readsHosts_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("name"); // null: refused
    QTest::addColumn<int>("port");
    const auto row = [](const char *label, QByteArray field, QByteArray name, int port = -1) {
        QTest::newRow(label) << field << name << port;
    };
    row("name", "a.example", "a.example");
    row("port", "a.example:9080", "a.example", 9080);
    row("RFC 3986 3.2.3: empty port", "a.example:", "a.example");
    row("lower case", "A.eXample:1", "a.example", 1);
    row("nginx: trailing dot", "a.example.", "a.example");
    row("IPv4", "127.0.0.1:80", "127.0.0.1", 80);
    row("IPv6", "[::1]", "[::1]");
    row("IPv6 with port", "[2001:DB8::1]:65535", "[2001:db8::1]", 65535);
    row("underscore", "a_b", "a_b");
    row("empty", "", {});
    row("port only", ":80", {});
    row("dot only", ".", {});
    row("nginx: two dots", "a..b", {});
    row("port not a number", "a:8o", {});
    row("port too large", "a:65536", {});
    row("negative port", "a:-1", {});
    row("unbracketed IPv6", "::1", {});
    row("IPv6 not closed", "[::1", {});
    row("IPv6 not an address", "[::g]", {});
    row("IPv6 zone", "[fe80::1%25eth0]", {});
    row("text behind the bracket", "[::1]a", {});
    row("space", "a b", {});
    row("slash", "a/b", {});
    row("user info", "u@a", {});
    row("list", "a.example\t", {});
    row("NUL", QByteArray("a\0b", 3), {});
    row("raw UTF-8", "\xc3\xa4.example", {});
}

void tst_Uri::readsHosts()
{
    QFETCH(const QByteArray, field);
    QFETCH(const QByteArray, name);
    QFETCH(const int, port);
    const Exact input(field.toStdString());
    Arena arena;
    const auto host = parseHost(input.view(), arena);
    QCOMPARE(host.has_value(), !name.isNull());
    if (!host)
        return;
    QCOMPARE(std::string(host->name), name.toStdString());
    QCOMPARE(host->port ? int{*host->port} : -1, port);
}

QTEST_GUILESS_MAIN(tst_Uri)
#include "tst_uri.moc"
