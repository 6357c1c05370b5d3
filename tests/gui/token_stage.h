// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/parse.h"
#include "gui/session/workspace.h"
#include "gui/tokens/document.h"
#include "gui/tokens/page.h"
#include "tests/support/patience.h"
#include "tests/support/stage.h"

#include <QFile>

#include <string>
#include <utility>
#include <vector>

namespace postern::gui {

/// The window at the token page, with the consumer of jwt-auth's manual page.
class TokenStage : public Stage
{
public:
    TokenStage() { press(Qt::Key_2, Qt::ControlModifier); }

    [[nodiscard]] TokensPage &page()
    {
        return *qobject_cast<TokensPage *>(window().page(QStringLiteral("tokens")));
    }

    void addJack()
    {
        commit({{"/consumers/jack", Json::object({{"username", "jack"}})},
                {"/consumers/jack/credentials/cred-jack-jwt-auth",
                 *parseJson(R"({"id":"cred-jack-jwt-auth","plugins":{"jwt-auth":)"
                            R"({"key":"jack-key","secret":"jack-hs256-secret"}}})")}});
        QTRY_COMPARE(page().document().ring().credentials().size(), std::size_t{1});
    }
    void addJwtRoute()
    {
        commit({{"/routes/jwt-route",
                 *parseJson(R"({"id":"jwt-route","uri":"/headers","plugins":{"jwt-auth":{}},)"
                            R"("upstream":{"type":"roundrobin","nodes":{"httpbin.org:80":1}}})")}});
    }
    [[nodiscard]] bool startGateway()
    {
        gateway::GatewayOptions options;
        options.proxy.port = options.admin.port = 0;
        options.workers = 1;
        session().startGateway(std::move(options));
        return wait([this] { return session().state() == Session::State::Running; });
    }
    [[nodiscard]] QString file(const QString &name, const QByteArray &content) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qWarning("cannot write %s", qPrintable(name));
        return file.fileName();
    }
    void screenshot(const char *id) { QVERIFY2(shoot(QString::fromLatin1(id)), faults()); }

private:
    void commit(std::vector<Edit> edits)
    {
        const std::string last = edits.back().key;
        workspace().commit(QStringLiteral("prepare"), std::move(edits));
        // stored is told before done
        QTRY_VERIFY(workspace().stored(last) && !workspace().isWriting());
    }
};

} // namespace postern::gui
