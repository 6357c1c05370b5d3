// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/toast.h"

#include "gui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QEnterEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

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
    const QFontMetrics metrics = message->fontMetrics();
    message->setMinimumWidth(
        std::min(metrics.horizontalAdvance(text) + 8, metrics.averageCharWidth() * 50));
    message->setMinimumHeight(message->heightForWidth(message->minimumWidth()));
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(sign, 0, Qt::AlignTop);
    row->addWidget(message, 1);
    if (undo) {
        auto *button = new QPushButton(tr("&Undo"));
        button->setObjectName(QStringLiteral("toastUndo"));
        button->setAccessibleName(tr("Undo: %1").arg(text));
        connect(button, &QPushButton::clicked, this, [this, undo = std::move(undo)] {
            undo();
            end();
        });
        row->addWidget(button, 0, Qt::AlignTop);
    }
    auto *close = new QToolButton;
    close->setObjectName(QStringLiteral("toastClose"));
    close->setIcon(Theme::instance().icon(QStringLiteral("close"), Role::Muted));
    close->setToolTip(tr("Close"));
    close->setAccessibleName(tr("Close this message"));
    close->setAutoRaise(true);
    connect(close, &QToolButton::clicked, this, &Toast::end);
    row->addWidget(close, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 8, 10);
    column->addLayout(row);
    if (!details.isEmpty())
        addDetails(column, details);
}

void Toast::addDetails(QVBoxLayout *column, const QString &details)
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
    auto *row = new QHBoxLayout;
    row->addSpacing(24);
    row->addWidget(more);
    row->addWidget(copy);
    row->addStretch();
    column->addLayout(row);
    auto *text = new QLabel(details);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text->setForegroundRole(QPalette::PlaceholderText);
    text->setContentsMargins(30, 0, 0, 0);
    text->hide();
    column->addWidget(text);
    connect(more, &QToolButton::toggled, this, [this, text](bool shown) {
        text->setVisible(shown);
        m_timer->stop(); // it is being read
        layout()->activate();
        adjustSize();
        Q_EMIT resized();
    });
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
