// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/navigation.h"

#include "gui/theme/theme.h"

#include <QButtonGroup>
#include <QToolButton>
#include <QVBoxLayout>

namespace postern::gui {

Navigation::Navigation(QWidget *parent)
    : QWidget(parent),
      m_buttons(new QButtonGroup(this)),
      m_column(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("navigation"));
    setAccessibleName(tr("Pages"));
    m_column->setContentsMargins(8, 10, 8, 10);
    m_column->setSpacing(4);
    m_column->addStretch();
}

void Navigation::add(const QString &id, const QString &title)
{
    auto *button = new QToolButton;
    button->setObjectName(QStringLiteral("page.") + id);
    button->setText(title);
    button->setAccessibleName(title);
    button->setToolTip(title);
    button->setIcon(Theme::instance().icon(id));
    button->setIconSize({20, 20});
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->setMinimumHeight(button->fontMetrics().height() + 18);
    m_buttons->addButton(button);
    m_column->insertWidget(m_column->count() - 1, button);
    connect(button, &QToolButton::clicked, this, [this, id] { Q_EMIT chosen(id); });
    setCollapsed(m_collapsed);
}

void Navigation::setCurrent(const QString &id)
{
    const auto buttons = m_buttons->buttons();
    for (QAbstractButton *button : buttons) {
        const bool current = button->objectName() == QStringLiteral("page.") + id;
        button->setChecked(current);
        const QString name = current ? id : button->objectName().mid(5);
        button->setIcon(Theme::instance().icon(name, current ? Role::Accent : Role::Muted));
    }
}

void Navigation::setCollapsed(bool collapsed)
{
    m_collapsed = collapsed;
    int widest = 0;
    const auto buttons = m_buttons->buttons();
    for (QAbstractButton *button : buttons) {
        static_cast<QToolButton *>(button)->setToolButtonStyle(
            collapsed ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
        widest = std::max(widest, button->fontMetrics().horizontalAdvance(button->text()));
    }
    setFixedWidth(collapsed ? 56 : std::max(128, widest + 70));
}

} // namespace postern::gui
