// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/gateway_bar.h"

#include "core/clock.h"
#include "gui/session/session.h"
#include "gui/shell/page.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTcpServer>
#include <QToolButton>

#include <utility>

namespace postern::gui {

namespace {

constexpr std::uint16_t kProxyPort = 9080, kAdminPort = 9180;
const QString kProxySetting = QStringLiteral("gateway/proxyPort");
const QString kAdminSetting = QStringLiteral("gateway/adminPort");

QToolButton *button(const QString &name, const QString &text, const QString &icon)
{
    auto *made = new QToolButton;
    made->setObjectName(name);
    made->setAccessibleName(text);
    made->setText(text);
    if (!icon.isEmpty())
        made->setIcon(Theme::instance().icon(icon));
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    made->setFocusPolicy(Qt::TabFocus);
    return made;
}

} // namespace

GatewayBar::GatewayBar(Shell &shell, QWidget *parent)
    : QWidget(parent),
      m_shell(shell),
      m_startStop(button(QStringLiteral("gatewayStartStop"), tr("Start"), QStringLiteral("start"))),
      m_restart(button(QStringLiteral("gatewayRestart"), tr("Restart"), QStringLiteral("restart"))),
      m_clock(button(QStringLiteral("gatewayClock"), tr("Clock: real"), QStringLiteral("clock"))),
      m_proxy(button(QStringLiteral("copyProxyUrl"), {}, QStringLiteral("copy"))),
      m_admin(button(QStringLiteral("copyAdminUrl"), {}, QStringLiteral("copy"))),
      m_state(new QLabel)
{
    m_state->setObjectName(QStringLiteral("barState"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_startStop, m_restart, m_state,
                                                            m_proxy, m_admin, m_clock})
        layout->addWidget(widget);
    layout->addStretch();
    buildClock();
    connect(m_startStop, &QToolButton::clicked, this,
            [this] { m_shell.session().addresses() ? stop() : start(); });
    connect(m_restart, &QToolButton::clicked, this, &GatewayBar::restart);
    connect(m_proxy, &QToolButton::clicked, this, [this] {
        if (const auto *at = m_shell.session().addresses())
            m_shell.clipboard().copyPlain(toText(at->proxyUrl()));
    });
    connect(m_admin, &QToolButton::clicked, this, [this] {
        if (const auto *at = m_shell.session().addresses())
            m_shell.clipboard().copyPlain(toText(at->adminUrl()));
    });
    connect(&shell.session(), &Session::stateChanged, this, &GatewayBar::update);
    connect(&shell.session(), &Session::clockChanged, this, &GatewayBar::updateClock);
    connect(&shell.session(), &Session::startFailed, this, [this](const Error &error) {
        if (error.code == Errc::PortInUse)
            portTaken(error);
        else
            m_shell.notices().show(Notices::Kind::Error, tr("The gateway does not start."),
                                   toText(describe(error)));
    });
    update();
    updateClock();
}

gateway::GatewayOptions GatewayBar::options() const
{
    gateway::GatewayOptions options;
    const QSettings &settings = m_shell.settings();
    const auto port = [&settings](const QString &name, std::uint16_t otherwise) {
        return static_cast<std::uint16_t>(settings.value(name, otherwise).toUInt());
    };
    options.proxy.port = port(kProxySetting, kProxyPort);
    options.admin.port = port(kAdminSetting, kAdminPort);
    return options;
}

void GatewayBar::start()
{
    if (m_shell.session().state() == Session::State::Stopped)
        m_shell.session().startGateway(options());
}

void GatewayBar::stop() { m_shell.session().stopGateway(); }

void GatewayBar::restart()
{
    if (m_shell.session().state() != Session::State::Running) {
        start();
        return;
    }
    m_again = true;
    stop();
}

void GatewayBar::update()
{
    const Session &session = m_shell.session();
    const Session::State state = session.state();
    const auto *at = session.addresses();
    const bool running = state == Session::State::Running;
    m_startStop->setText(running ? tr("Stop") : tr("Start"));
    m_startStop->setAccessibleName(m_startStop->text());
    m_startStop->setIcon(
        Theme::instance().icon(running ? QStringLiteral("stop") : QStringLiteral("start")));
    m_startStop->setEnabled(running || state == Session::State::Stopped);
    m_startStop->setToolTip(running ? tr("Stop the gateway (Shift+F5)")
                                    : tr("Start the gateway (F5)"));
    m_restart->setEnabled(running);
    m_restart->setToolTip(tr("Stop and start the gateway (F5)"));
    switch (state) {
    case Session::State::Closed:
        m_state->setText(tr("no store is open"));
        break;
    case Session::State::Stopped:
        m_state->setText(tr("○ stopped"));
        break;
    case Session::State::Starting:
        m_state->setText(tr("… starting"));
        break;
    case Session::State::Running:
        m_state->setText(tr("● running"));
        break;
    case Session::State::Attached:
        m_state->setText(tr("● attached"));
        break;
    case Session::State::Lost:
        m_state->setText(tr("! does not answer"));
        break;
    }
    m_proxy->setVisible(at);
    m_admin->setVisible(at && at->admin.port != 0);
    m_clock->setEnabled(at);
    if (at) {
        m_proxy->setText(tr("Proxy %1:%2").arg(toText(at->proxy.host)).arg(at->proxy.port));
        m_proxy->setAccessibleName(tr("Copy the proxy's URL, %1").arg(toText(at->proxyUrl())));
        m_proxy->setToolTip(tr("Copy %1").arg(toText(at->proxyUrl())));
        m_admin->setText(tr("Admin :%1").arg(at->admin.port));
        m_admin->setAccessibleName(tr("Copy the Admin API's URL, %1").arg(toText(at->adminUrl())));
        m_admin->setToolTip(tr("Copy %1").arg(toText(at->adminUrl())));
    }
    if (state == Session::State::Stopped && std::exchange(m_again, false))
        start();
}

void GatewayBar::buildClock()
{
    m_clock->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(m_clock);
    const auto add = [this, menu](const QString &text, const char *member, const char *value) {
        menu->addAction(text, this,
                        [this, member, value] { changeClock(member, QString::fromLatin1(value)); });
    };
    add(tr("+30 &s"), "advance", "30s");
    add(tr("+1 &h"), "advance", "1h");
    add(tr("+1 &d"), "advance", "24h");
    menu->addAction(tr("Set &to…"), this, &GatewayBar::askForTime);
    menu->addSeparator();
    add(tr("&Freeze"), "mode", "frozen");
    add(tr("Let it &run"), "mode", "ticking");
    add(tr("&Real time"), "mode", "real");
    m_clock->setMenu(menu);
}

void GatewayBar::changeClock(const char *member, const QString &value)
{
    m_shell.session().setClock(Json::object({{member, toOctets(value)}, {"force", true}}));
}

void GatewayBar::updateClock()
{
    const std::string mode = m_shell.session().clockMode();
    const QString time = toText(formatTime(m_shell.session().now()));
    m_clock->setText(mode == "frozen"        ? tr("Clock: frozen at %1").arg(time)
                         : mode == "ticking" ? tr("Clock: set, %1").arg(time)
                                             : tr("Clock: real"));
    m_clock->setAccessibleName(m_clock->text());
    m_clock->setToolTip(tr("The gateway's time: claims, windows and caches follow it"));
}

void GatewayBar::askForTime()
{
    auto *dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("clockDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Set the gateway's clock"));
    dialog->setLabelText(tr("&Time (RFC 3339, UNIX seconds, +90s, -1h):"));
    dialog->setTextValue(toText(formatTime(m_shell.session().now())));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &text) {
        const auto time = parseTime(toOctets(text.trimmed()), m_shell.session().now());
        if (time)
            changeClock("set", toText(formatTime(*time, true)));
        else
            m_shell.notices().show(Notices::Kind::Warning, tr("This is not a time: %1").arg(text),
                                   toText(describe(time.error())));
    });
    dialog->open();
}

std::uint16_t GatewayBar::freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : std::uint16_t(0);
}

void GatewayBar::portTaken(const Error &error)
{
    auto *box = new QMessageBox(this);
    box->setObjectName(QStringLiteral("portTaken"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Warning);
    box->setWindowTitle(tr("Port taken"));
    // "127.0.0.1:9080"
    const QString port = toText(error.where).section(u':', -1);
    box->setText(tr("Port %1 is used by another program.").arg(port));
    box->setInformativeText(toText(error.detail)); // which one, if that is known
    QPushButton *any = box->addButton(tr("Use a &free port"), QMessageBox::AcceptRole);
    any->setObjectName(QStringLiteral("useFreePort"));
    QPushButton *choose = box->addButton(tr("&Choose…"), QMessageBox::ActionRole);
    choose->setObjectName(QStringLiteral("choosePort"));
    box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(any);
    const bool admin = port == QString::number(options().admin.port);
    connect(any, &QPushButton::clicked, this, [this, admin] {
        m_shell.settings().setValue(admin ? kAdminSetting : kProxySetting, freePort());
        start();
    });
    connect(choose, &QPushButton::clicked, this, &GatewayBar::choosePort);
    box->open();
}

void GatewayBar::choosePort()
{
    auto *dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("portDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Choose a port"));
    dialog->setLabelText(tr("&Port of the proxy:"));
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setIntRange(1, 65535);
    dialog->setIntValue(options().proxy.port);
    connect(dialog, &QInputDialog::intValueSelected, this, [this](int port) {
        m_shell.settings().setValue(kProxySetting, port);
        start();
    });
    dialog->open();
}

} // namespace postern::gui
