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

/// Shows notices over the lower right corner of a window, newest below, and keeps a history.
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
    void show(Kind kind, const QString &text, const QString &details, bool undoable) override;
    [[nodiscard]] const std::deque<Notice> &history() const noexcept { return m_history; }
    void openHistory(); ///< a dialog
    void dismissAll();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void arrange();

    QWidget *m_window;
    std::function<void()> m_undo;
    std::deque<Notice> m_history;
    std::vector<QPointer<Toast>> m_toasts;
};

} // namespace postern::gui
