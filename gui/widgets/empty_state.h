// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include <functional>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace postern::gui {

/// What a view shows while it has nothing to show: one sentence and at most two buttons.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    EmptyState(const QString &icon, const QString &sentence, QWidget *parent = nullptr);

    void setSentence(const QString &sentence);
    /// The first one is what Enter means here. \param name of the object, for tests and settings
    QPushButton *addButton(const QString &name, const QString &text, std::function<void()> run);

private:
    QString m_icon;
    QLabel *m_picture, *m_sentence;
    QHBoxLayout *m_buttons;
};

} // namespace postern::gui
