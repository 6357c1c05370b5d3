// SPDX-License-Identifier: Apache-2.0
#include "core/store/memory_store.h"
#include "gateway/config_service.h"

#include <QTest>

#include <optional>
#include <utility>

using namespace postern;
using namespace postern::gateway;

namespace {

/// A store whose poll() can be made to fail as SQLite's does.
class Troubled final : public Store
{
public:
    std::optional<Error> trouble;
    MemoryStore inner;

    Result<std::optional<Document>> get(std::string_view key) override { return inner.get(key); }
    Result<std::vector<Document>> list(std::string_view prefix) override
    {
        return inner.list(prefix);
    }
    Result<std::uint64_t> commit(Transaction transaction) override
    {
        return inner.commit(std::move(transaction));
    }
    Result<std::uint64_t> revision() override { return inner.revision(); }
    void watch(Watcher watcher) override { inner.watch(std::move(watcher)); }
    Result<void> poll() override
    {
        if (const auto error = std::exchange(trouble, std::nullopt))
            return std::unexpected(*error);
        return {};
    }
};

constexpr const char *kRoute = R"({"id":"r","uri":"/","upstream":{"nodes":{"127.0.0.1:1":1}}})";

} // namespace

/// The data plane follows the store, also when the store has trouble telling what changed.
class tst_ConfigService : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void readsEverythingAgainWhenChangesAreLost();
    void tellsThatTheStoreCannotBeRead();

private:
    [[nodiscard]] std::size_t routes() const
    {
        return m_service->snapshot()->router->nearest("GET", "", "/none", "").size();
    }

    Clock m_clock;
    Troubled *m_store = nullptr;
    std::unique_ptr<ConfigService> m_service;
};

void tst_ConfigService::init()
{
    auto store = std::make_unique<Troubled>();
    m_store = store.get();
    m_service = std::make_unique<ConfigService>(std::move(store), PluginEnv(), m_clock,
                                                [](const auto &) {});
    QVERIFY(m_service->load());
    QVERIFY(
        m_service->commit({.puts = {{"/apisix/routes/r", kRoute}}, .deletes = {}, .expects = {}}));
    QCOMPARE(routes(), 1U);
}

void tst_ConfigService::readsEverythingAgainWhenChangesAreLost()
{
    // Another process deletes the route and writes a consumer; nobody is told.
    m_store->inner.watch({});
    QVERIFY(m_store->commit({.puts = {{"/apisix/consumers/jack", R"({"username":"jack"})"}},
                             .deletes = {"/apisix/routes/r"},
                             .expects = {}}));
    QCOMPARE(routes(), 1U);
    m_store->trouble = Error{Errc::Conflict, "too many commits", {}};
    QVERIFY(m_service->poll());
    QCOMPARE(routes(), 0U);
    QVERIFY(m_service->snapshot()->consumers->byName("jack"));
    QVERIFY(m_service->problems().empty());
}

void tst_ConfigService::tellsThatTheStoreCannotBeRead()
{
    m_store->trouble = Error{Errc::Io, "disk I/O error", "/p.db"};
    QTest::ignoreMessage(QtWarningMsg,
                         "the store cannot be read: /p.db: input or output failed: "
                         "disk I/O error");
    QVERIFY(!m_service->poll());
    QCOMPARE(routes(), 1U);
    const auto problems = m_service->problems();
    QCOMPARE(problems.size(), 1U);
    QCOMPARE(problems.front().key, std::string("store"));
    QVERIFY(m_service->poll());
    QVERIFY(m_service->problems().empty());
}

QTEST_GUILESS_MAIN(tst_ConfigService)
#include "tst_config_service.moc"
