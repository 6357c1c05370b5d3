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

namespace postern::gui {

namespace {
constexpr const char *kUndoable = "undoable";
}

NoticeCenter::NoticeCenter(QWidget *window, std::function<void()> undo)
    : QObject(window),
      m_window(window),
      m_undo(std::move(undo))
{
    window->installEventFilter(this);
    connect(&Privacy::instance(), &Privacy::changed, this, &NoticeCenter::dismissAll);
}

void NoticeCenter::show(Kind kind, const QString &text, const QString &details, bool undoable)
{
    m_history.push_back({QDateTime::currentDateTime(), kind, text, details});
    if (m_history.size() > kHistory)
        m_history.pop_front();
    if (undoable) { // an older notice's button would undo this change, not its own
        for (const QPointer<Toast> &toast : m_toasts) {
            if (toast && toast->property(kUndoable).toBool()) {
                toast->hide();
                toast->deleteLater();
            }
        }
        std::erase_if(m_toasts, [](const QPointer<Toast> &toast) {
            return toast && toast->property(kUndoable).toBool();
        });
    }
    std::erase_if(m_toasts, [](const QPointer<Toast> &toast) { return !toast; });
    while (m_toasts.size() >= kShown) {
        m_toasts.front()->deleteLater();
        m_toasts.front()->hide();
        m_toasts.erase(m_toasts.begin());
    }
    const Privacy &privacy = Privacy::instance();
    auto *toast = new Toast(kind, privacy.text(text), privacy.text(details),
                            undoable ? m_undo : std::function<void()>(), m_window);
    connect(toast, &Toast::closed, this, [this, toast] {
        std::erase(m_toasts, toast);
        arrange();
    });
    connect(toast, &Toast::resized, this, &NoticeCenter::arrange);
    toast->setProperty(kUndoable, undoable);
    m_toasts.emplace_back(toast);
    toast->show();
    arrange();
    toast->start(kTime);
    QAccessibleAnnouncementEvent announcement(m_window, toast->accessibleName());
    QAccessible::updateAccessibility(&announcement);
}

void NoticeCenter::dismissAll()
{
    for (const QPointer<Toast> &toast : m_toasts) {
        if (toast) {
            toast->hide();
            toast->deleteLater();
        }
    }
    m_toasts.clear();
}

void NoticeCenter::arrange()
{
    const int gap = m_window->fontMetrics().height() / 2;
    int bottom = m_window->height() - gap - m_window->fontMetrics().height() * 2;
    for (auto toast = m_toasts.rbegin(); toast != m_toasts.rend(); ++toast) {
        if (!*toast)
            continue;
        const int most = m_window->width() - 4 * gap;
        (*toast)->setMaximumWidth(std::min(most, m_window->fontMetrics().averageCharWidth() * 80));
        (*toast)->adjustSize();
        bottom -= (*toast)->height();
        const int x = m_window->layoutDirection() == Qt::RightToLeft
            ? 2 * gap
            : m_window->width() - (*toast)->width() - 2 * gap;
        (*toast)->move(x, bottom);
        (*toast)->raise();
        bottom -= gap;
    }
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
