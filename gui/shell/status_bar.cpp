// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/status_bar.h"

#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"

#include <QFileInfo>
#include <QLabel>
#include <QTimer>
#include <QToolButton>

namespace postern::gui {

namespace {

QToolButton *textButton(const QString &name)
{
    auto *button = new QToolButton;
    button->setObjectName(name);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setIconSize({14, 14});
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QLabel *mutedLabel(const QString &name)
{
    auto *label = new QLabel;
    label->setObjectName(name);
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setContentsMargins(8, 0, 8, 0);
    return label;
}

} // namespace

StatusBar::StatusBar(Session &session, SecretClipboard &clipboard, QWidget *parent)
    : QStatusBar(parent),
      m_session(session),
      m_clipboard(clipboard),
      m_gateway(textButton(QStringLiteral("gatewayState"))),
      m_countdown(textButton(QStringLiteral("clipboardCountdown"))),
      m_store(mutedLabel(QStringLiteral("storeName"))),
      m_clock(mutedLabel(QStringLiteral("clockState"))),
      m_profile(mutedLabel(QStringLiteral("profileName"))),
      m_hint(mutedLabel(QStringLiteral("hint")))
{
    setSizeGripEnabled(false);
    setContentsMargins(6, 2, 6, 2);
    m_hint->setForegroundRole(QPalette::BrightText);
    m_hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    addWidget(m_gateway);
    addWidget(m_store);
    addWidget(m_clock);
    addWidget(m_profile);
    addWidget(m_hint, 1);
    addPermanentWidget(m_countdown);
    m_countdown->setIcon(Theme::instance().icon(QStringLiteral("paste"), Role::Warning));
    m_countdown->hide();
    auto *privacy = textButton(QStringLiteral("privacyState"));
    privacy->setIcon(Theme::instance().icon(QStringLiteral("eye-off"), Role::Warning));
    privacy->setText(tr("Privacy mode"));
    privacy->setAccessibleName(privacy->text());
    privacy->setToolTip(tr("User names, headers and claims are hidden. Click to show them."));
    addPermanentWidget(privacy);
    privacy->setVisible(Privacy::instance().isOn());
    connect(privacy, &QToolButton::clicked, this, [] { Privacy::instance().setOn(false); });
    connect(&Privacy::instance(), &Privacy::changed, privacy,
            [privacy] { privacy->setVisible(Privacy::instance().isOn()); });

    connect(m_gateway, &QToolButton::clicked, this, &StatusBar::copyUrl);
    connect(m_countdown, &QToolButton::clicked, &m_clipboard, &SecretClipboard::clearNow);
    connect(&m_clipboard, &SecretClipboard::remainingChanged, this, [this](int seconds) {
        m_countdown->setVisible(seconds > 0);
        m_countdown->setText(tr("Clipboard clears in %n s · clear now", nullptr, seconds));
        m_countdown->setAccessibleName(m_countdown->text());
    });
    connect(&m_session, &Session::stateChanged, this, [this] {
        refreshGateway();
        refreshStore();
    });
    connect(&m_session, &Session::clockChanged, this, &StatusBar::refreshClock);
    connect(&m_session.workspace(), &Workspace::changed, this, &StatusBar::refreshStore);
    connect(&m_session.workspace(), &Workspace::cleared, this, &StatusBar::refreshStore);
    auto *second = new QTimer(this); // a clock that ticks shows seconds
    second->setInterval(1000);
    connect(second, &QTimer::timeout, this, &StatusBar::refreshClock);
    connect(&m_session, &Session::clockChanged, second, [this, second] {
        if (m_session.clockMode() == "ticking")
            second->start();
        else
            second->stop();
    });
    refreshGateway();
    refreshStore();
    refreshClock();
}

void StatusBar::refreshGateway()
{
    QString text, icon = QStringLiteral("circle");
    Role role = Role::Muted;
    switch (m_session.state()) {
    case Session::State::Closed:
        text = tr("No store");
        break;
    case Session::State::Stopped:
        text = tr("Gateway stopped");
        break;
    case Session::State::Starting:
        text = tr("Gateway is starting…");
        role = Role::Warning;
        break;
    case Session::State::Running:
        text = tr("Running");
        icon = QStringLiteral("record");
        role = Role::Allowed;
        break;
    case Session::State::Attached:
        text = tr("Attached");
        icon = QStringLiteral("link");
        role = Role::Allowed;
        break;
    case Session::State::Lost:
        text = tr("Gateway does not answer");
        icon = QStringLiteral("warning");
        role = Role::Warning;
        break;
    }
    const gateway::GatewayAddresses *addresses = m_session.addresses();
    if (addresses)
        text = tr("%1 :%2 :%3").arg(text).arg(addresses->proxy.port).arg(addresses->admin.port);
    m_gateway->setText(text);
    m_gateway->setIcon(Theme::instance().icon(icon, role));
    QString tip;
    if (addresses)
        tip = tr("Copy %1").arg(toText(addresses->proxyUrl()));
    else if (m_session.state() == Session::State::Lost)
        tip = tr("%1 is asked again until it answers.").arg(toText(m_session.control()));
    m_gateway->setToolTip(tip);
    m_gateway->setAccessibleName(text);
    m_profile->setText(profileName(m_session.profile()));
}

void StatusBar::refreshStore()
{
    // a gateway elsewhere has its store; what is known is where it is
    const QString store =
        toText(m_session.store().empty() ? m_session.control() : m_session.store());
    const QString path = store.mid(store.indexOf(QLatin1Char(':')) + 1);
    const QString name = QFileInfo(path).fileName();
    m_store->setText(m_session.workspace().isDirty() ? tr("● %1 (changed)").arg(name) : name);
    m_store->setToolTip(path);
    m_store->setVisible(!name.isEmpty());
}

void StatusBar::refreshClock()
{
    const std::string mode = m_session.clockMode();
    const bool real = mode.empty() || mode == "real";
    m_clock->setVisible(!real);
    if (real)
        return;
    const QString time = toText(formatTime(m_session.now()));
    m_clock->setText(mode == "frozen" ? tr("Clock frozen at %1").arg(time)
                                      : tr("Clock set: %1").arg(time));
}

void StatusBar::copyUrl()
{
    if (const gateway::GatewayAddresses *addresses = m_session.addresses()) {
        m_clipboard.copyPlain(toText(addresses->proxyUrl()));
        showHint({});
    }
}

void StatusBar::showHint(const QString &hint) { m_hint->setText(hint); }

QString StatusBar::profileName(const std::string &profile)
{
    const QString text = toText(profile);
    const qsizetype dash = text.indexOf(QLatin1Char('-'));
    return dash < 0 ? text : text.left(dash).toUpper() + QLatin1Char(' ') + text.mid(dash + 1);
}

} // namespace postern::gui
