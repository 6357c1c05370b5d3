// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/shell/page.h"

#include <QDateTime>
#include <QObject>
#include <QPointer>

#include <deque>
#include <vector>

namespace postern::gui {

class Toast;

/// Shows notices in a strip of their own, newest below, and keeps a history. The window gives the
/// strip its place: a notice takes room from the page and never lies over it.
class NoticeCenter : public QObject, public Notices
{
    Q_OBJECT
public:
    struct Notice
    {
        QDateTime time;
        Kind kind;
        QString text, details;
    };
    static constexpr std::size_t kHistory = 200, kShown = 3;
    static constexpr int kTime = 8000; // ms

    /// \param undo takes the last step back
    NoticeCenter(QWidget *window, std::function<void()> undo);
    [[nodiscard]] QWidget *strip() const noexcept { return m_strip; } ///< hidden: nothing to say
    void show(Kind kind, const QString &text, const QString &details, bool undoable) override;
    /// Says that the last step was undone or redone, instead of what was said of steps before.
    void showStep(const QString &text);
    /// The last step is another one: no button undoes what it does not name.
    void withdrawUndo();
    [[nodiscard]] const std::deque<Notice> &history() const noexcept { return m_history; }
    void openHistory(); ///< a dialog
    void dismissAll();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void add(Kind kind, const QString &text, const QString &details, bool undoable, bool ofStep);
    void remove(const std::function<bool(const Toast &)> &which);
    void arrange();

    QWidget *m_window, *m_strip;
    std::function<void()> m_undo;
    std::deque<Notice> m_history;
    std::vector<QPointer<Toast>> m_toasts;
};

} // namespace postern::gui
