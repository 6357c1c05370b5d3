// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/parse.h"
#include "core/store/store.h"
#include "gateway/admin/access/admin_access.h"
#include "tests/support/gateway_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern::test {

/// The Admin API's client of both kinds, over a store on disk that others may open, too.
class ObjectClient
{
public:
    /// The columns of a test that both kinds must pass.
    static void addRows()
    {
        QTest::addColumn<bool>("remote");
        QTest::newRow("in process") << false;
        QTest::newRow("of a running gateway") << true;
    }

    /// \return false if it cannot be opened
    [[nodiscard]] bool open(bool remote)
    {
        if (remote)
            return serve() && connect(m_gateway->options.controlSocket);
        auto opened = gateway::openStoreAdmin(store(), {});
        if (opened)
            m_admin = std::move(*opened);
        return opened.has_value();
    }
    /// Starts the gateway anew, with what its store holds.
    [[nodiscard]] bool serve()
    {
        m_gateway.reset();
        m_gateway = std::make_unique<GatewayFixture>();
        m_gateway->options.store = store();
        m_gateway->options.builtinUpstream = true;
        return m_gateway->start();
    }
    /// \param socket of the control API; empty: there is none
    [[nodiscard]] bool connect(const std::string &socket)
    {
        gateway::AdminTarget target{m_gateway->gateway().addresses().adminUrl(),
                                    m_gateway->options.adminKey,
                                    socket.empty() ? "" : "unix:" + socket};
        m_admin = gateway::openRemoteAdmin(std::move(target));
        return true;
    }

    [[nodiscard]] std::string store() const
    {
        return "sqlite:" + m_directory.filePath(QStringLiteral("objects.db")).toStdString();
    }
    gateway::AdminAccess *operator->() noexcept { return m_admin.get(); }
    gateway::AdminAccess &operator*() noexcept { return *m_admin; }
    GatewayFixture &fixture() noexcept { return *m_gateway; }

    [[nodiscard]] bool put(std::string_view path, std::string_view json)
    {
        const auto answer = m_admin->request("PUT", path, *parseJson(json));
        if (!answer)
            qWarning("%s", describe(answer.error()).c_str());
        return answer.has_value();
    }
    [[nodiscard]] bool remove(std::string_view path)
    {
        return m_admin->request("DELETE", path).has_value();
    }
    /// What is stored below that key; null if nothing is.
    [[nodiscard]] Json value(std::string_view key)
    {
        const auto feed = m_admin->objects(0);
        const auto found = feed ? std::ranges::find(feed->changes, key, &gateway::ObjectChange::key)
                                : decltype(feed->changes.begin())();
        return feed && found != feed->changes.end() ? found->value : Json();
    }
    [[nodiscard]] bool has(std::string_view key) { return !value(key).isNull(); }

private:
    QTemporaryDir m_directory;
    std::unique_ptr<GatewayFixture> m_gateway;
    std::unique_ptr<gateway::AdminAccess> m_admin;
};

/// The keys of a feed, a deleted one with a '-' before it.
inline QByteArray keysOf(const gateway::ObjectFeed &feed)
{
    QByteArray keys;
    for (const gateway::ObjectChange &change : feed.changes) {
        keys.append(keys.isEmpty() ? "" : " ").append(change.value.isNull() ? "-" : "");
        keys.append(QByteArray::fromStdString(change.key));
    }
    return keys;
}

} // namespace postern::test
