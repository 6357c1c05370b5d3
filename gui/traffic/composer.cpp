// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/composer.h"

#include "gateway/request/curl_line.h"
#include "gateway/request/redact.h"
#include "gateway/request/snippet.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/page.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/copy_secrets.h"

#include <QClipboard>
#include <QComboBox>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

constexpr qsizetype kShownAnswer = 1'000'000; // characters
constexpr std::string_view kConsumers = "/consumers";

QPlainTextEdit *editor(const QString &name, const QString &title)
{
    auto *text = new QPlainTextEdit;
    text->setObjectName(name);
    text->setAccessibleName(title);
    text->setFont(Theme::monospace());
    text->setTabChangesFocus(true);
    return text;
}

QWidget *labelled(QPlainTextEdit *edit, const QString &label)
{
    auto *box = new QWidget;
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *title = new QLabel(label);
    title->setBuddy(edit);
    layout->addWidget(title);
    layout->addWidget(edit, 1);
    return box;
}

} // namespace

Composer::Composer(Shell &shell, QWidget *parent)
    : QDialog(parent),
      m_shell(shell),
      m_method(new QComboBox),
      m_consumer(new QComboBox),
      m_url(new QLineEdit),
      m_headers(editor(QStringLiteral("composerHeaders"), tr("Headers, one a line"))),
      m_body(editor(QStringLiteral("composerBody"), tr("Body"))),
      m_answer(editor(QStringLiteral("composerAnswer"), tr("Answer"))),
      m_status(new QLabel),
      m_send(new QPushButton(tr("&Send"))),
      m_copy(new QToolButton)
{
    setObjectName(QStringLiteral("composer"));
    setWindowTitle(tr("Request"));
    build();
    resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 34);
    auto *enter = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this);
    connect(enter, &QShortcut::activated, this, &Composer::send);
    connect(m_send, &QPushButton::clicked, this, &Composer::send);
    connect(&Theme::instance(), &Theme::changed, this, [this] { say(m_status->text(), m_wrong); });
}

void Composer::build()
{
    m_method->setObjectName(QStringLiteral("composerMethod"));
    m_method->setEditable(true);
    for (const char *method : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
        m_method->addItem(QString::fromLatin1(method));
    m_url->setObjectName(QStringLiteral("composerUrl"));
    m_url->setAccessibleName(tr("URL, or a curl line"));
    m_url->setPlaceholderText(tr("http://127.0.0.1:9080/get, or paste a curl line"));
    m_url->installEventFilter(this);
    m_consumer->setObjectName(QStringLiteral("composerConsumer"));
    m_method->setAccessibleName(tr("Method"));
    m_consumer->setAccessibleName(tr("Consumer whose login is added"));
    m_consumer->setToolTip(tr("Adds the login that the route wants: a key, a password, a fresh "
                              "token or a signature"));
    m_headers->installEventFilter(this);
    m_body->installEventFilter(this);
    m_headers->setPlaceholderText(tr("Name: value"));
    m_answer->setReadOnly(true);
    m_answer->setPlaceholderText(tr("The answer comes here."));
    m_status->setObjectName(QStringLiteral("composerStatus"));
    m_status->setWordWrap(true);
    m_send->setObjectName(QStringLiteral("composerSend"));
    m_send->setDefault(true);
    m_send->setIcon(Theme::instance().icon(QStringLiteral("send")));
    m_copy->setObjectName(QStringLiteral("composerCopy"));
    m_copy->setText(tr("Copy as"));
    m_copy->setAccessibleName(m_copy->text());
    m_copy->setPopupMode(QToolButton::InstantPopup);
    m_copy->setFocusPolicy(Qt::StrongFocus);
    auto *menu = new QMenu(m_copy);
    for (const gateway::SnippetInfo &kind : gateway::snippetKinds())
        menu->addAction(toText(kind.name), this,
                        [this, id = static_cast<int>(kind.kind)] { copyAs(id); });
    menu->addSeparator();
    menu->addAction(copyVariablesAction(m_shell));
    m_copy->setMenu(menu);

    auto *grid = new QGridLayout;
    auto *methodLabel = new QLabel(tr("&Method"));
    methodLabel->setBuddy(m_method);
    auto *urlLabel = new QLabel(tr("&URL"));
    urlLabel->setBuddy(m_url);
    auto *asLabel = new QLabel(tr("&As"));
    asLabel->setBuddy(m_consumer);
    for (QLabel *label : {methodLabel, urlLabel, asLabel})
        label->setMinimumWidth(fontMetrics().size(0, label->text()).width());
    grid->addWidget(methodLabel, 0, 0);
    grid->addWidget(m_method, 0, 1);
    grid->addWidget(urlLabel, 0, 2);
    grid->addWidget(m_url, 0, 3);
    grid->addWidget(asLabel, 0, 4);
    grid->addWidget(m_consumer, 0, 5);
    grid->setColumnStretch(3, 1);
    auto *inputs = new QSplitter(Qt::Horizontal);
    inputs->addWidget(labelled(m_headers, tr("&Headers")));
    inputs->addWidget(labelled(m_body, tr("&Body")));
    auto *parts = new QSplitter(Qt::Vertical);
    parts->addWidget(inputs);
    parts->addWidget(labelled(m_answer, tr("A&nswer")));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_status, 1);
    buttons->addWidget(m_copy);
    buttons->addWidget(m_send);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(grid);
    layout->addWidget(parts, 1);
    layout->addLayout(buttons);
}

void Composer::fillConsumers()
{
    const QString current = m_consumer->currentData().toString();
    m_consumer->clear();
    m_consumer->addItem(tr("nobody"), QString());
    for (const std::string &key : m_shell.session().workspace().keys(kConsumers)) {
        const QString name = toText(std::string_view(key).substr(kConsumers.size() + 1));
        m_consumer->addItem(name, name);
    }
    m_consumer->setCurrentIndex(std::max(0, m_consumer->findData(current)));
}

void Composer::edit(const gateway::WebRequest &request, quint64 repeatOf)
{
    fillConsumers();
    m_repeatOf = repeatOf;
    m_insecure = request.insecure;
    setWindowTitle(repeatOf == 0 ? tr("Request") : tr("Edit and repeat #%1").arg(repeatOf));
    m_method->setCurrentText(toText(request.method));
    m_url->setText(toText(request.url));
    m_body->setPlainText(toText(request.body));
    m_answer->clear();
    m_hidden.clear();
    m_revealed = false;
    showHeaders(request.headers);
    say({}, false);
    m_headers->setFocus();
}

void Composer::showHeaders(const gateway::WebRequest::Headers &headers)
{
    QString text;
    for (const auto &[name, value] : headers) {
        std::string shown = value;
        if (gateway::isSecretHeader(name) && !m_revealed) {
            shown = gateway::redactHeader(name, value);
            m_hidden[toOctets(toText(name).toLower())] = value;
        }
        text += toText(name) + QStringLiteral(": ") + toText(shown) + u'\n';
    }
    m_headers->setPlainText(text);
}

void Composer::setRevealed(bool revealed)
{
    const auto now = request();
    if (m_revealed == revealed || !now)
        return;
    m_revealed = revealed;
    m_hidden.clear();
    showHeaders(now->headers);
}

Result<gateway::WebRequest> Composer::request() const
{
    gateway::WebRequest request;
    request.method = toOctets(m_method->currentText().trimmed());
    request.url = toOctets(m_url->text().trimmed());
    request.body = toOctets(m_body->toPlainText());
    request.insecure = m_insecure;
    if (request.url.empty())
        return fail(Errc::InvalidArgument, "there is no URL");
    if (!request.url.contains("://"))
        request.url.insert(0, "http://");
    const QStringList lines = m_headers->toPlainText().split(u'\n');
    for (const QString &line : lines) {
        if (line.trimmed().isEmpty())
            continue;
        const qsizetype colon = line.indexOf(u':');
        if (colon <= 0)
            return fail(Errc::InvalidArgument, "a header is written as Name: value",
                        toOctets(line));
        const std::string name = toOctets(line.left(colon).trimmed());
        std::string value = toOctets(line.mid(colon + 1).trimmed());
        const auto hidden = m_hidden.find(toOctets(line.left(colon).trimmed().toLower()));
        if (hidden != m_hidden.end() && value == gateway::redactHeader(name, hidden->second))
            value = hidden->second;
        request.headers.emplace_back(name, std::move(value));
    }
    return request;
}

void Composer::paste(const std::string &curl)
{
    const auto request = gateway::readCurlLine(curl);
    if (request) {
        edit(*request, 0);
        return;
    }
    if (m_url->text().isEmpty())
        fillConsumers();
    say(tr("This curl line cannot be read: %1").arg(toText(describe(request.error()))), true);
}

bool Composer::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_url && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Paste)) {
        const std::string text = toOctets(QGuiApplication::clipboard()->text());
        if (gateway::looksLikeCurl(text)) {
            paste(text);
            return true;
        }
    }
    // a text area would take it for a line end
    const bool text = watched == m_headers || watched == m_body;
    if (text && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return && key->modifiers() == Qt::ControlModifier) {
            send();
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void Composer::send()
{
    const auto written = request();
    if (!written) {
        say(toText(describe(written.error())), true);
        return;
    }
    say(tr("Sending…"), false);
    Q_EMIT sendWanted(*written, m_consumer->currentData().toString(), m_repeatOf);
}

void Composer::copyAs(int kind)
{
    const auto written = request();
    if (!written) {
        say(toText(describe(written.error())), true);
        return;
    }
    const auto wanted = static_cast<gateway::SnippetKind>(kind);
    using enum gateway::SnippetSecrets;
    if (copiesVariables(m_shell.settings()))
        m_shell.clipboard().copyPlain(toText(gateway::snippet(wanted, *written, Variable)));
    else
        m_shell.clipboard().copySecret(toText(gateway::snippet(wanted, *written, Value)));
}

void Composer::showAnswer(const Result<gateway::ClientResponse> &answer)
{
    if (!answer) {
        say(tr("Not answered: %1").arg(toText(describe(answer.error()))), true);
        m_answer->clear();
        return;
    }
    const bool wrong = answer->status >= 400;
    say(wrong ? tr("✗ %1").arg(answer->status) : tr("✓ %1").arg(answer->status), wrong);
    QString text;
    for (const auto &[name, value] : answer->headers)
        text += toText(name) + QStringLiteral(": ") + toText(gateway::redactHeader(name, value))
            + u'\n';
    text += u'\n' + toText(answer->body).left(kShownAnswer);
    m_answer->setPlainText(text);
}

void Composer::say(const QString &text, bool wrong)
{
    m_wrong = wrong;
    m_status->setText(text);
    QPalette palette = m_status->palette();
    palette.setColor(QPalette::WindowText,
                     Theme::instance().color(wrong ? Role::Denied : Role::Text));
    m_status->setPalette(palette);
}

} // namespace postern::gui
