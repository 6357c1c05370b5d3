// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/shell/page.h"

#include <QFrame>
#include <QString>

#include <functional>

class QLabel;
class QTimer;
class QVBoxLayout;

namespace postern::gui {

/// One short message over the lower edge of a window: a sign and a word for its kind, the text,
/// details that fold out, perhaps "Undo". Goes after 8 s, unless it has the focus or the pointer.
class Toast : public QFrame
{
    Q_OBJECT
public:
    /// \param undo empty: cannot be undone
    Toast(Notices::Kind kind, const QString &text, const QString &details,
          std::function<void()> undo, QWidget *parent);
    void start(int milliseconds);
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
    void addDetails(QVBoxLayout *column, const QString &details);
    void end();

    QTimer *m_timer;
    int m_time = 0;
};

} // namespace postern::gui
