// SPDX-License-Identifier: Apache-2.0
#include "gui/desktop/window_service.h"

#include "gui/desktop/single_instance.h"
#include "gui/models/traffic_row.h"
#include "gui/session/workspace.h"
#include "gui/shell/main_window.h"
#include "gui/text/qt_bytes.h"
#include "gui/tokens/key_ring.h"
#include "gui/tokens/minting.h"

#include <QMetaEnum>

#include <algorithm>

namespace postern::gui {

namespace {

constexpr qint64 kLifetime = 300; // s

/// Strings as the bus brings them: an array, or one.
std::vector<std::string> textsOf(const QVariant &value)
{
    std::vector<std::string> texts;
    const QStringList list = value.toStringList();
    for (const QString &text : list)
        texts.push_back(toOctets(text));
    return texts;
}

} // namespace

WindowService::WindowService(SingleInstance &instance, MainWindow &window)
    : m_instance(instance),
      m_window(window)
{
    connect(&instance, &SingleInstance::activated, this, &WindowService::raise);
    connect(&instance, &SingleInstance::openRequested, this, [this](const QStringList &files) {
        for (const QString &file : files)
            m_window.openFile(file);
    });
    connect(&instance, &SingleInstance::actionRequested, this,
            [this](const QString &name) { m_window.runDesktopAction(name); });
    PosternInterface &interface = instance.interface();
    interface.setService(this);
    connect(&window.session(), &Session::stateChanged, this,
            [&interface] { interface.tellState(); });
    connect(&window.session(), &Session::tracesArrived, this, &WindowService::tellDecided);
}

WindowService::~WindowService() { m_instance.interface().setService(nullptr); }

void WindowService::raise()
{
    m_window.show();
    m_window.raise();
    m_window.activateWindow();
}

// As the menu does it, questions about a taken port included.
void WindowService::startGateway() { m_window.runDesktopAction(QStringLiteral("start-gateway")); }

void WindowService::stopGateway() { m_window.session().stopGateway(); }

QString WindowService::state() const
{
    return QString::fromLatin1(QMetaEnum::fromType<Session::State>().valueToKey(
                                   static_cast<int>(m_window.session().state())))
        .toLower();
}

void WindowService::mintToken(const QString &consumer, const QVariantMap &options,
                              std::function<void(QString token, QString error)> done)
{
    if (m_window.isLocked())
        return done({}, tr("Secrets are locked."));
    MintRequest request;
    request.consumer = toOctets(consumer);
    request.credential = toOctets(options.value(QStringLiteral("credential")).toString());
    request.lifetime = options.value(QStringLiteral("ttl"), kLifetime).toLongLong();
    request.claims = textsOf(options.value(QStringLiteral("claims")));
    Session &session = m_window.session();
    const auto token = gui::mintToken(*keyRingOf(session.workspace()), request, session.now());
    if (token)
        done(toText(*token), {});
    else
        done({}, toText(describe(token.error())));
}

void WindowService::tellDecided(const std::vector<QByteArray> &traces)
{
    const auto skipped = traces.size() - std::min(traces.size(), kMostTold);
    const std::vector<QByteArray> newest(traces.begin() + static_cast<std::ptrdiff_t>(skipped),
                                         traces.end());
    TrafficReader reader;
    for (const TrafficRow &row : reader.read(newest)) {
        const Json trace = row.trace();
        m_instance.interface().tellDecided(
            {{QStringLiteral("id"), row.id},
             {QStringLiteral("method"), row.method},
             {QStringLiteral("path"), row.path},
             {QStringLiteral("host"), row.host},
             {QStringLiteral("status"), quint32{row.status}},
             {QStringLiteral("decision"), toText(trace.stringOr("decision", ""))},
             {QStringLiteral("route"), row.route},
             {QStringLiteral("consumer"), row.consumer},
             {QStringLiteral("plugin"), row.plugin},
             {QStringLiteral("reason"), row.reason}});
    }
}

} // namespace postern::gui
