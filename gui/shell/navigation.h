// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QButtonGroup;
class QVBoxLayout;

namespace postern::gui {

/// The pages at the left: icons and words, or icons alone.
class Navigation : public QWidget
{
    Q_OBJECT
public:
    explicit Navigation(QWidget *parent = nullptr);
    void add(const QString &id, const QString &title);
    void setCurrent(const QString &id);
    void setCollapsed(bool collapsed);
    [[nodiscard]] bool isCollapsed() const noexcept { return m_collapsed; }

Q_SIGNALS:
    void chosen(const QString &id);

private:
    QButtonGroup *m_buttons;
    QVBoxLayout *m_column;
    bool m_collapsed = false;
};

} // namespace postern::gui
