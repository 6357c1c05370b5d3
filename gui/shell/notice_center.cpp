// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/notice_center.h"

#include "gui/text/privacy.h"
#include "gui/theme/theme.h"
#include "gui/widgets/toast.h"

#include <QAccessible>
#include <QDialog>
#include <QDialogButtonBox>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace postern::gui {

namespace {

constexpr const char *kOfStep = "ofStep"; ///< tells of a step that can be, or was, taken back
constexpr int kShare = 5; ///< the strip takes at most one part in so many of the window's height

} // namespace

NoticeCenter::NoticeCenter(QWidget *window, std::function<void()> undo)
    : QObject(window),
      m_window(window),
      m_strip(new QWidget(window)),
      m_undo(std::move(undo))
{
    m_strip->setObjectName(QStringLiteral("notices"));
    m_strip->hide();
    auto *column = new QVBoxLayout(m_strip);
    column->setContentsMargins(6, 4, 6, 2);
    column->setSpacing(4);
    window->installEventFilter(this);
    connect(&Privacy::instance(), &Privacy::changed, this, &NoticeCenter::dismissAll);
}

void NoticeCenter::show(Kind kind, const QString &text, const QString &details, bool undoable)
{
    add(kind, text, details, undoable, undoable);
}

void NoticeCenter::showStep(const QString &text) { add(Kind::Info, text, {}, false, true); }

void NoticeCenter::withdrawUndo()
{
    for (const QPointer<Toast> &toast : m_toasts) {
        if (toast)
            toast->withdrawUndo();
    }
}

void NoticeCenter::remove(const std::function<bool(const Toast &)> &which)
{
    std::erase_if(m_toasts, [&which](const QPointer<Toast> &toast) {
        if (toast && !which(*toast))
            return false;
        if (toast) {
            toast->hide();
            toast->deleteLater();
        }
        return true;
    });
}

void NoticeCenter::add(Kind kind, const QString &text, const QString &details, bool undoable,
                       bool ofStep)
{
    m_history.push_back({QDateTime::currentDateTime(), kind, text, details});
    if (m_history.size() > kHistory)
        m_history.pop_front();
    if (ofStep) // an older notice's button would undo this change, not its own
        remove([](const Toast &toast) { return toast.property(kOfStep).toBool(); });
    // one that says all of it and more is enough
    if (kind == Kind::Error) {
        const QString shown = Privacy::instance().text(text);
        remove([&shown](const Toast &toast) {
            return toast.kind() == Kind::Error && shown.contains(toast.text());
        });
        const bool told = std::ranges::any_of(m_toasts, [&shown](const QPointer<Toast> &toast) {
            return toast->kind() == Kind::Error && toast->text().contains(shown);
        });
        if (told)
            return arrange();
    }
    while (m_toasts.size() >= kShown)
        remove([oldest = m_toasts.front().data()](const Toast &toast) { return &toast == oldest; });
    const Privacy &privacy = Privacy::instance();
    auto *toast = new Toast(kind, privacy.text(text), privacy.text(details),
                            undoable ? m_undo : std::function<void()>(), m_strip);
    connect(toast, &Toast::closed, this, [this, toast] {
        std::erase(m_toasts, toast);
        arrange();
    });
    connect(toast, &Toast::resized, this, &NoticeCenter::arrange);
    toast->setProperty(kOfStep, ofStep);
    m_toasts.emplace_back(toast);
    m_strip->layout()->addWidget(toast);
    arrange();
    toast->start(kTime);
    QAccessibleAnnouncementEvent announcement(m_window, toast->accessibleName());
    QAccessible::updateAccessibility(&announcement);
}

void NoticeCenter::dismissAll()
{
    remove([](const Toast &) { return true; });
    arrange();
}

void NoticeCenter::arrange()
{
    const QMargins margins = m_strip->layout()->contentsMargins();
    const int width = m_window->width() - margins.left() - margins.right();
    int room = m_window->height() / kShare - margins.top() - margins.bottom();
    remove([](const Toast &) { return false; }); // those that are gone
    const auto heightOf = [&](const Toast &toast) {
        return toast.heightForWidth(width) + m_strip->layout()->spacing();
    };
    const auto counts = [this](const Toast &toast) { // whatever its size
        return toast.isRead() || &toast == m_toasts.back();
    };
    for (const QPointer<Toast> &toast : m_toasts)
        room -= counts(*toast) ? heightOf(*toast) : 0;
    for (auto toast = m_toasts.rbegin(); toast != m_toasts.rend(); ++toast) {
        const int height = counts(**toast) ? 0 : heightOf(**toast);
        (*toast)->setVisible(height == 0 || height <= room);
        room -= height;
    }
    m_strip->setVisible(!m_toasts.empty());
}

bool NoticeCenter::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        arrange();
    return QObject::eventFilter(watched, event);
}

void NoticeCenter::openHistory()
{
    auto *dialog = new QDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("noticeHistory"));
    dialog->setWindowTitle(tr("Messages"));
    auto *list = new QTreeWidget;
    list->setObjectName(QStringLiteral("noticeList"));
    list->setAccessibleName(tr("Messages, newest first"));
    list->setRootIsDecorated(false);
    list->setHeaderLabels({tr("Time"), tr("Kind"), tr("Message")});
    list->setUniformRowHeights(true);
    for (auto notice = m_history.rbegin(); notice != m_history.rend(); ++notice) {
        auto *item = new QTreeWidgetItem(
            list,
            {QLocale().toString(notice->time.time(), QLocale::ShortFormat),
             Toast::word(notice->kind), Privacy::instance().text(notice->text)});
        item->setIcon(1, Theme::instance().icon(Toast::icon(notice->kind)));
        item->setToolTip(2, Privacy::instance().text(notice->details));
    }
    list->resizeColumnToContents(0);
    list->resizeColumnToContents(1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *column = new QVBoxLayout(dialog);
    if (m_history.empty())
        column->addWidget(new QLabel(tr("No messages yet.")));
    column->addWidget(list);
    column->addWidget(buttons);
    dialog->resize(m_window->fontMetrics().averageCharWidth() * 90,
                   m_window->fontMetrics().height() * 22);
    dialog->open();
}

} // namespace postern::gui
