// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/empty_state.h"

#include "gui/text/mnemonic.h"
#include "gui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace postern::gui {

EmptyState::EmptyState(const QString &icon, const QString &sentence, QWidget *parent)
    : QWidget(parent),
      m_icon(icon),
      m_picture(new QLabel),
      m_sentence(new QLabel(sentence)),
      m_buttons(new QHBoxLayout)
{
    setObjectName(QStringLiteral("empty"));
    m_picture->setAlignment(Qt::AlignCenter);
    m_sentence->setObjectName(QStringLiteral("emptySentence"));
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setMaximumWidth(m_sentence->fontMetrics().averageCharWidth() * 70);
    m_sentence->setMinimumWidth(m_sentence->fontMetrics().averageCharWidth() * 30);
    m_buttons->setSpacing(8);
    m_buttons->addStretch();
    m_buttons->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addStretch(2);
    column->addWidget(m_picture);
    auto *centre = new QHBoxLayout;
    centre->addStretch();
    centre->addWidget(m_sentence, 1);
    centre->addStretch();
    column->addLayout(centre);
    column->addLayout(m_buttons);
    column->addStretch(3);
    const auto paint = [this] {
        m_picture->setPixmap(
            Theme::instance().icon(m_icon, Role::Muted).pixmap(QSize(48, 48), devicePixelRatioF()));
    };
    paint();
    connect(&Theme::instance(), &Theme::changed, this, paint);
}

void EmptyState::setSentence(const QString &sentence) { m_sentence->setText(sentence); }

QPushButton *EmptyState::addButton(const QString &name, const QString &text,
                                   std::function<void()> run)
{
    auto *button = new QPushButton(text);
    button->setObjectName(name);
    button->setAccessibleName(withoutMnemonic(text));
    button->setAutoDefault(true); // Enter presses it
    const bool first = focusProxy() == nullptr;
    if (first)
        setFocusProxy(button);
    button->setDefault(first);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    connect(button, &QPushButton::clicked, this, [run = std::move(run)] { run(); });
    return button;
}

} // namespace postern::gui
