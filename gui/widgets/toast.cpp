// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/toast.h"

#include "gui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QEnterEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace postern::gui {

namespace {

Role roleOf(Notices::Kind kind)
{
    constexpr std::array kRoles{Role::Accent, Role::Allowed, Role::Warning, Role::Denied};
    return kRoles.at(static_cast<std::size_t>(kind));
}

} // namespace

QString Toast::word(Notices::Kind kind)
{
    switch (kind) {
    case Notices::Kind::Success:
        return tr("Done");
    case Notices::Kind::Warning:
        return tr("Warning");
    case Notices::Kind::Error:
        return tr("Error");
    case Notices::Kind::Info:
        break;
    }
    return tr("Note");
}

QString Toast::icon(Notices::Kind kind)
{
    switch (kind) {
    case Notices::Kind::Success:
        return QStringLiteral("allowed");
    case Notices::Kind::Warning:
        return QStringLiteral("warning");
    case Notices::Kind::Error:
        return QStringLiteral("denied");
    case Notices::Kind::Info:
        break;
    }
    return QStringLiteral("info");
}

Toast::Toast(Notices::Kind kind, const QString &text, const QString &details,
             std::function<void()> undo, QWidget *parent)
    : QFrame(parent),
      m_kind(kind),
      m_text(text),
      m_timer(new QTimer(this))
{
    setObjectName(QStringLiteral("toast"));
    setAccessibleName(tr("%1: %2").arg(word(kind), text));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_timer->setSingleShot(true);
    connect(m_timer, &QTimer::timeout, this, &Toast::end);

    auto *sign = new QLabel;
    const auto paint = [sign, kind] {
        sign->setPixmap(Theme::instance()
                            .icon(icon(kind), roleOf(kind))
                            .pixmap(QSize(20, 20), sign->devicePixelRatioF()));
    };
    paint();
    connect(&Theme::instance(), &Theme::changed, sign, paint);
    auto *message = new QLabel(text);
    message->setObjectName(QStringLiteral("toastText"));
    message->setTextFormat(Qt::PlainText);
    message->setWordWrap(true);
    message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(sign);
    row->addWidget(message, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(10, 2, 4, 2);
    column->setSpacing(2);
    column->addLayout(row);
    if (undo) {
        m_undo = new QPushButton(tr("&Undo"));
        m_undo->setObjectName(QStringLiteral("toastUndo"));
        m_undo->setAccessibleName(tr("Undo: %1").arg(text));
        connect(m_undo, &QPushButton::clicked, this, [this, undo = std::move(undo)] {
            undo();
            end();
        });
        row->addWidget(m_undo);
    }
    if (!details.isEmpty())
        addDetails(row, column, details);
    auto *close = new QToolButton;
    close->setObjectName(QStringLiteral("toastClose"));
    close->setIcon(Theme::instance().icon(QStringLiteral("close"), Role::Muted));
    close->setToolTip(tr("Close"));
    close->setAccessibleName(tr("Close this message"));
    close->setAutoRaise(true);
    connect(close, &QToolButton::clicked, this, &Toast::end);
    row->addWidget(close);
}

void Toast::addDetails(QHBoxLayout *row, QVBoxLayout *column, const QString &details)
{
    auto *more = new QToolButton;
    more->setObjectName(QStringLiteral("toastDetails"));
    more->setText(tr("Details"));
    more->setAccessibleName(tr("Details"));
    more->setCheckable(true);
    more->setAutoRaise(true);
    auto *copy = new QToolButton;
    copy->setObjectName(QStringLiteral("toastCopy"));
    copy->setText(tr("Copy"));
    copy->setAccessibleName(tr("Copy the details"));
    copy->setAutoRaise(true);
    connect(copy, &QToolButton::clicked, this,
            [details] { QGuiApplication::clipboard()->setText(details); });
    row->addWidget(more);
    row->addWidget(copy);
    auto *text = new QPlainTextEdit(details); // long ones scroll
    text->setObjectName(QStringLiteral("toastDetailText"));
    text->setAccessibleName(tr("Details"));
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    const auto lines = std::clamp<qsizetype>(details.count(u'\n') + 1 + details.size() / 80, 2, 4);
    text->setFixedHeight(static_cast<int>(lines) * text->fontMetrics().lineSpacing()
                         + 2 * static_cast<int>(text->document()->documentMargin())
                         + 2 * text->frameWidth());
    text->hide();
    column->addWidget(text);
    connect(more, &QToolButton::toggled, this, [this, text](bool shown) {
        text->setVisible(shown);
        m_read = shown;
        m_time = 0; // it stays until it is closed
        m_timer->stop();
        layout()->invalidate();
        Q_EMIT resized();
    });
}

void Toast::withdrawUndo()
{
    if (m_undo)
        m_undo->hide();
}

void Toast::start(int milliseconds)
{
    m_time = milliseconds;
    m_timer->start(milliseconds);
}

void Toast::end()
{
    hide();
    Q_EMIT closed();
    deleteLater();
}

void Toast::enterEvent(QEnterEvent *event)
{
    m_timer->stop();
    QFrame::enterEvent(event);
}

void Toast::leaveEvent(QEvent *event)
{
    if (m_time > 0)
        m_timer->start(m_time);
    QFrame::leaveEvent(event);
}

void Toast::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        return end();
    QFrame::keyPressEvent(event);
}

} // namespace postern::gui
