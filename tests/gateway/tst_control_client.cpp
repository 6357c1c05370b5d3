// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/client.h"
#include "gateway/control/socket_registry.h"
#include "tests/support/service_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace postern;
using namespace postern::gateway;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

// A server of one connection that reads something and answers with fixed octets.
class RawServer
{
public:
    enum class After { Close, Hang };

    RawServer(std::string answer, After after)
        : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size);
        ::listen(m_listener, 1);
        ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this, text = std::move(answer), after] {
            const int descriptor = ::accept(m_listener, nullptr, nullptr);
            char request[4096];
            static_cast<void>(::recv(descriptor, request, sizeof request, 0));
            // Octet by octet, so that the parser meets every split.
            for (const char c : text)
                static_cast<void>(::send(descriptor, &c, 1, MSG_NOSIGNAL));
            if (after == After::Hang) // until the client goes
                static_cast<void>(::recv(descriptor, request, sizeof request, 0));
            ::close(descriptor);
        });
    }
    ~RawServer()
    {
        m_thread.join();
        ::close(m_listener);
    }
    [[nodiscard]] ServerAddress address() const { return {{}, "127.0.0.1", m_port, {}}; }

private:
    int m_listener;
    std::uint16_t m_port = 0;
    std::thread m_thread;
};

std::vector<ServerEvent> parseEvents(std::string_view wire, std::size_t portion)
{
    std::vector<ServerEvent> events;
    ServerEventParser parser;
    for (; !wire.empty(); wire.remove_prefix(std::min(portion, wire.size()))) {
        static_cast<void>(parser.feed(wire.substr(0, portion), [&](const ServerEvent &event) {
            events.push_back(event);
            return true;
        }));
    }
    return events;
}

} // namespace

class tst_ControlClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAddresses_data()
    {
        QTest::addColumn<std::string>("uri");
        QTest::addColumn<std::string>("text");
        QTest::newRow("unix") << std::string("unix:/a/b.sock") << std::string("unix:/a/b.sock");
        QTest::newRow("unix URL") << std::string("unix:///a") << std::string("unix:/a");
        QTest::newRow("http") << std::string("http://127.0.0.1:9180/apisix/admin/")
                              << std::string("http://127.0.0.1:9180/apisix/admin");
        QTest::newRow("default port") << std::string("http://h") << std::string("http://h:80");
        QTest::newRow("IPv6") << std::string("http://[::1]:81") << std::string("http://[::1]:81");
        for (const char *bad : {"unix:a", "https://h", "http://", "http://:80", "http://h:0",
                                "http://h:70000", "http://h:x", "http://u:p@h", "ftp://h", ""})
            QTest::addRow("refused: %s", bad) << std::string(bad) << std::string();
    }
    void readsAddresses()
    {
        QFETCH(std::string, uri);
        QFETCH(std::string, text);
        const auto address = parseServerAddress(uri);
        QCOMPARE(address.has_value(), !text.empty());
        if (address)
            QCOMPARE(address->text(), text);
        else
            QCOMPARE(address.error().code, Errc::InvalidArgument);
    }

    void readsAnswers_data()
    {
        QTest::addColumn<std::string>("wire");
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("body");
        const auto row = [](const char *name, const char *wire, int status, const char *body) {
            QTest::newRow(name) << std::string(wire) << status << std::string(body);
        };
        row("content length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi");
        row("chunked",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1\r\ni\r\n0\r\n\r\n",
            200, "hi");
        row("until the end", "HTTP/1.0 200 OK\r\n\r\nhi", 200, "hi");
        row("no body", "HTTP/1.1 204 No Content\r\n\r\n", 204, "");
        row("RFC 9110 15.2: interim answers are skipped",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx", 201,
            "x");
        row("cut in the head", "HTTP/1.1 200 O", 0, "");
        row("cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", 0, "");
        row("cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi", 0,
            "");
        row("garbage", "SSH-2.0-OpenSSH\r\n\r\n", 0, "");
        row("nothing", "", 0, "");
    }
    void readsAnswers()
    {
        QFETCH(std::string, wire);
        QFETCH(int, status);
        QFETCH(std::string, body);
        const RawServer server(wire, RawServer::After::Close);
        const auto response = ControlClient(server.address()).send({.target = "/"});
        QCOMPARE(response.has_value(), status != 0);
        if (!response) {
            QCOMPARE(response.error().code, Errc::Remote);
            return;
        }
        QCOMPARE(response->status, status);
        QCOMPARE(response->body, body);
    }

    void timesOut()
    {
        const RawServer server("HTTP/1.1 200 OK\r\nContent-Le", RawServer::After::Hang);
        const auto response = ControlClient(server.address(), 100ms).send({.target = "/"});
        QVERIFY(!response);
        QCOMPARE(response.error().code, Errc::Timeout);
    }

    void saysThatNobodyIsThere()
    {
        std::uint16_t port = 0;
        {
            const testing::ServiceFixture gone([](const auto &, const auto &) {});
            port = gone.port();
        }
        const auto tcp = ControlClient({{}, "127.0.0.1", port, {}}).send({.target = "/"});
        QVERIFY(!tcp);
        QCOMPARE(tcp.error().code, Errc::Remote);
        const auto local = ControlClient({"/nowhere/x.sock", {}, 0, {}}).send({.target = "/"});
        QVERIFY(!local);
        QCOMPARE(local.error().code, Errc::Remote);
    }

    void refusesLineEnds()
    {
        const ControlClient client({{}, "127.0.0.1", 1, {}});
        QCOMPARE(client.send({.target = "/a b"}).error().code, Errc::InvalidArgument);
        QCOMPARE(client.send({.target = "/\r\nX: y"}).error().code, Errc::InvalidArgument);
        QCOMPARE(client.send({.target = "/", .headers = {{"a", "b\r\nc: d"}}}).error().code,
                 Errc::InvalidArgument);
    }

    void sendsWhatIsAsked()
    {
        std::string seen;
        testing::ServiceFixture server([&](const ServiceRequest &request,
                                           const Responder &responder) {
            seen = request.method + " " + request.target + " " + std::string(request.header("host"))
                + " " + std::string(request.header("x-api-key"));
            responder.send(201, {}, request.body);
        });
        server.run();
        ServerAddress address = server.address();
        address.basePath = "/apisix/admin";
        const std::string body(3'000'000, 'b');
        const auto response = ControlClient(address).send({.method = "PUT",
                                                           .target = "/routes/1",
                                                           .headers = {{"X-API-KEY", "k"}},
                                                           .body = body});
        QVERIFY(response);
        QVERIFY(response->body == body);
        QCOMPARE(seen,
                 "PUT /apisix/admin/routes/1 127.0.0.1:" + std::to_string(server.port()) + " k");
    }

    void takesEventsApart()
    {
        const std::string wire = ": hi\n\nid: 1\r\nevent: trace\r\ndata: a\r\ndata:b\r\n\r\n"
                                 "data: c\n\nevent: only\n\nretry: 5\ndata\r\rdata: cut";
        for (const std::size_t portion : {wire.size(), std::size_t{1}, std::size_t{3}}) {
            const auto events = parseEvents(wire, portion);
            QCOMPARE(events.size(), 3U);
            QCOMPARE(events[0].id, "1");
            QCOMPARE(events[0].event, "trace");
            QCOMPARE(events[0].data, "a\nb");
            QCOMPARE(events[1].event, "message");
            QCOMPARE(events[1].data, "c");
            QCOMPARE(events[2].data, "");
        }
    }

    void listensUntilItHasEnough()
    {
        const RawServer server("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                               "data: 1\n\ndata: 2\n\ndata: 3\n\n",
                               RawServer::After::Hang);
        std::string seen;
        const auto done =
            ControlClient(server.address()).listen({.target = "/"}, [&](const ServerEvent &event) {
                seen += event.data;
                return seen.size() < 2;
            });
        QVERIFY(done);
        QCOMPARE(seen, "12");
    }

    void saysWhyThereIsNoStream()
    {
        const RawServer server("HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nkey?",
                               RawServer::After::Close);
        const auto done = ControlClient(server.address()).listen({.target = "/"}, [](const auto &) {
            return true;
        });
        QVERIFY(!done);
        QCOMPARE(done.error().detail, "status 401: key?");
    }

    void findsTheNewestLiveSocket()
    {
        const QTemporaryDir temporary;
        const fs::path directory = temporary.path().toStdString();
        QCOMPARE(findControlSocket(directory).error().code, Errc::NotFound);

        // A process that is gone for certain.
        const pid_t dead = ::fork();
        if (dead == 0)
            ::_exit(0);
        ::waitpid(dead, nullptr, 0);

        const fs::path older = controlSocketPath(directory, ::getpid());
        const fs::path newer = controlSocketPath(directory, 1);
        const fs::path stale = controlSocketPath(directory, dead);
        {
            testing::ServiceFixture first([](const auto &, const auto &) {});
            QVERIFY(first.listenUnix(older));
            QVERIFY(announceControlSocket(older));
            {
                testing::ServiceFixture second([](const auto &, const auto &) {});
                QVERIFY(second.listenUnix(newer));
                fs::last_write_time(newer, fs::last_write_time(older) + 1s);
                QVERIFY(announceControlSocket(newer));
                QCOMPARE(fs::read_symlink(directory / "default.sock"), newer.filename());
                QCOMPARE(findControlSocket(directory).value_or(""), newer);
            }
            withdrawControlSocket(newer);
            QCOMPARE(fs::read_symlink(directory / "default.sock"), older.filename());

            const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
            sockaddr_un address{};
            address.sun_family = AF_UNIX;
            stale.native().copy(address.sun_path, sizeof address.sun_path - 1);
            QCOMPARE(::bind(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
            ::close(descriptor);
            fs::last_write_time(stale, fs::last_write_time(older) + 2s);
            QCOMPARE(findControlSocket(directory).value_or(""), older);
            QVERIFY(!fs::exists(stale));
        }
        withdrawControlSocket(older);
        QVERIFY(!fs::is_symlink(directory / "default.sock"));
    }
};

QTEST_GUILESS_MAIN(tst_ControlClient)
#include "tst_control_client.moc"
