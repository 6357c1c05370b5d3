// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/secret_field.h"

#include "gui/shell/secret_clipboard.h"
#include "gui/theme/theme.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QStyle>
#include <QStyleOptionFrame>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace postern::gui {

namespace {

constexpr QChar kDot(0x2022);
constexpr qsizetype kDots = 10; // says nothing about the length

QToolButton *iconButton(QWidget *parent, const QString &name, const QString &icon,
                        const QString &text)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(name);
    button->setIcon(Theme::instance().icon(icon));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

SecretField::SecretField(SecretClipboard &clipboard, const QString &what, QWidget *parent)
    : QWidget(parent),
      m_clipboard(clipboard),
      m_what(what),
      m_edit(new QLineEdit(this)),
      m_eye(iconButton(this, QStringLiteral("eye"), QStringLiteral("eye"),
                       tr("Show or hide: %1").arg(what))),
      m_copy(iconButton(this, QStringLiteral("copy"), QStringLiteral("copy"),
                        tr("Copy: %1").arg(what)))
{
    m_eye->setCheckable(true);
    m_edit->setObjectName(QStringLiteral("secret"));
    m_edit->setAccessibleName(what);
    m_edit->setFont(Theme::monospace());
    m_edit->setReadOnly(true);
    setFocusProxy(m_edit);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(4);
    row->addWidget(m_edit, 1);
    row->addWidget(m_eye);
    row->addWidget(m_copy);
    for (QWidget *part : std::initializer_list<QWidget *>{m_edit, m_eye, m_copy})
        part->installEventFilter(this);
    connect(m_eye, &QToolButton::toggled, this, &SecretField::setRevealed);
    connect(m_copy, &QToolButton::clicked, this, &SecretField::copy);
    connect(m_edit, &QLineEdit::textEdited, this, &SecretField::takeTyped);
    display();
}

void SecretField::setSecret(const QString &secret)
{
    if (m_locked || (secret == m_secret && m_typing))
        return; // do not pull the text from under the cursor
    m_secret = secret;
    m_typing = false;
    display();
}

void SecretField::setReadOnly(bool readOnly) { m_edit->setReadOnly(readOnly); }

void SecretField::setPlaceholderText(const QString &text) { m_edit->setPlaceholderText(text); }

void SecretField::setRevealed(bool revealed)
{
    const bool shown = revealed && !m_locked;
    if (shown != m_eye->isChecked()) {
        m_eye->setChecked(shown); // comes back here
        return;
    }
    m_revealed = shown;
    m_typing = false;
    m_eye->setIcon(
        Theme::instance().icon(m_revealed ? QStringLiteral("eye-off") : QStringLiteral("eye")));
    display();
}

void SecretField::setLocked(bool locked)
{
    m_locked = locked;
    if (locked) {
        m_secret.fill(QChar(0));
        m_secret.clear();
        m_edit->clear();
    }
    m_eye->setEnabled(!locked);
    m_copy->setEnabled(!locked);
    setRevealed(false);
    display();
}

void SecretField::makeRoom()
{
    QStyleOptionFrame frame;
    frame.initFrom(m_edit);
    frame.lineWidth = style()->pixelMetric(QStyle::PM_DefaultFrameWidth, &frame, m_edit);
    frame.rect.setRect(0, 0, 1000, m_edit->sizeHint().height());
    const int taken = frame.rect.width()
        - style()->subElementRect(QStyle::SE_LineEditContents, &frame, m_edit).width();
    const QFontMetrics &metrics = m_edit->fontMetrics(); // and room for the cursor at both ends
    const int needed = metrics.horizontalAdvance(m_secret) + taken + 2 * metrics.averageCharWidth();
    m_edit->setMinimumWidth(std::max(m_edit->minimumWidth(), needed));
}

void SecretField::copy()
{
    if (!m_locked && !m_secret.isEmpty())
        m_clipboard.copySecret(m_secret);
}

void SecretField::display()
{
    const QLineEdit::EchoMode echo = m_revealed ? QLineEdit::Normal : QLineEdit::Password;
    if (m_edit->echoMode() != echo)
        m_edit->setEchoMode(echo);
    const bool dots = !m_revealed && !m_typing && (m_locked || !m_secret.isEmpty());
    m_edit->setText(dots ? QString(kDots, kDot) : m_secret);
    m_edit->setCursorPosition(0);
    m_eye->setEnabled(!m_locked && !m_secret.isEmpty());
    m_copy->setEnabled(!m_locked && !m_secret.isEmpty());
}

void SecretField::takeTyped(const QString &text)
{
    if (m_locked)
        return display();
    QString typed = text;
    if (!m_revealed && !m_typing) { // over the dots
        typed.remove(kDot);
        m_typing = true;
        m_edit->setText(typed);
    }
    m_secret = typed;
    m_eye->setEnabled(!m_secret.isEmpty());
    m_copy->setEnabled(!m_secret.isEmpty());
    Q_EMIT edited(m_secret);
}

bool SecretField::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn && watched == m_edit && !m_revealed)
        QTimer::singleShot(0, m_edit, &QLineEdit::selectAll); // after a click has set the cursor
    if (event->type() == QEvent::FocusOut) {
        QTimer::singleShot(0, this, [this] {
            const QWidget *focus = QApplication::focusWidget();
            if (focus && isAncestorOf(focus))
                return;
            setRevealed(false);
        });
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace postern::gui
