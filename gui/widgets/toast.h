// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/shell/page.h"

#include <QFrame>
#include <QString>

#include <functional>

class QHBoxLayout;
class QPushButton;
class QTimer;
class QVBoxLayout;

namespace postern::gui {

/// One short message in a row: a sign and a word for its kind, the text, perhaps "Undo", details
/// that fold out. Goes after 8 s, unless the pointer is on it or its details are read.
class Toast : public QFrame
{
    Q_OBJECT
public:
    /// \param undo empty: cannot be undone
    Toast(Notices::Kind kind, const QString &text, const QString &details,
          std::function<void()> undo, QWidget *parent);
    void start(int milliseconds);
    [[nodiscard]] Notices::Kind kind() const noexcept { return m_kind; }
    [[nodiscard]] const QString &text() const noexcept { return m_text; }
    [[nodiscard]] bool isRead() const noexcept { return m_read; } ///< its details are open
    void withdrawUndo(); ///< it would undo something else by now
    [[nodiscard]] static QString word(Notices::Kind kind); ///< "Error"
    [[nodiscard]] static QString icon(Notices::Kind kind);

Q_SIGNALS:
    void closed();
    void resized(); ///< details were folded out or in

protected:
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void addDetails(QHBoxLayout *row, QVBoxLayout *column, const QString &details);
    void end();

    Notices::Kind m_kind;
    QString m_text;
    QTimer *m_timer;
    QPushButton *m_undo = nullptr;
    bool m_read = false;
    int m_time = 0;
};

} // namespace postern::gui
