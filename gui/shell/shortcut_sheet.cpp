// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/shortcut_sheet.h"

#include "gui/shell/commands.h"
#include "gui/shell/shortcut_file.h"
#include "gui/text/mnemonic.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPixmap>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace postern::gui {

namespace {

constexpr int kId = Qt::UserRole, kKeys = Qt::UserRole + 1;

QString nameOf(const CommandInfo &info) { return withoutMnemonic(info.text); }

} // namespace

ShortcutSheet::ShortcutSheet(Commands &commands, ShortcutFile &file, QWidget *parent)
    : QDialog(parent),
      m_commands(commands),
      m_file(file),
      m_filter(new QLineEdit),
      m_list(new QTreeWidget),
      m_keys(new QKeySequenceEdit),
      m_set(new QPushButton(tr("&Use these keys"))),
      m_reset(new QPushButton(tr("&Reset"))),
      m_message(new QLabel)
{
    setObjectName(QStringLiteral("shortcutSheet"));
    setWindowTitle(tr("Keyboard shortcuts"));
    m_filter->setObjectName(QStringLiteral("shortcutFilter"));
    m_filter->setAccessibleName(tr("Filter by command or keys"));
    m_filter->setPlaceholderText(tr("Filter by command or keys"));
    m_filter->setClearButtonEnabled(true);
    m_list->setObjectName(QStringLiteral("shortcutList"));
    m_list->setAccessibleName(tr("Commands and their keys"));
    m_list->setHeaderLabels({tr("Command"), tr("Menu"), tr("Keys")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_keys->setObjectName(QStringLiteral("shortcutKeys"));
    m_keys->setAccessibleName(tr("New keys"));
    m_keys->setMaximumSequenceLength(1);
    m_set->setObjectName(QStringLiteral("shortcutSet"));
    m_reset->setObjectName(QStringLiteral("shortcutReset"));
    m_message->setObjectName(QStringLiteral("shortcutMessage"));
    m_message->setForegroundRole(QPalette::PlaceholderText);
    auto *label = new QLabel(tr("&New keys:"));
    label->setBuddy(m_keys);
    auto *row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_keys);
    row->addWidget(m_set);
    row->addWidget(m_reset);
    row->addWidget(m_message, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_filter);
    column->addWidget(m_list, 1);
    column->addLayout(row);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_filter, &QLineEdit::textChanged, this, &ShortcutSheet::filter);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutSheet::showCurrent);
    connect(m_set, &QPushButton::clicked, this, [this] { assign(m_keys->keySequence()); });
    connect(m_reset, &QPushButton::clicked, this, &ShortcutSheet::reset);
    fill();
    resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 30);
    m_filter->setFocus();
}

void ShortcutSheet::restore(Commands &commands, const ShortcutFile &file)
{
    const auto list = commands.list(); // a copy: setShortcut() changes it
    for (const CommandInfo &info : list) {
        commands.action(info.id)->setProperty("ownKeys", info.shortcut);
        if (const auto keys = file.keys(info.id))
            commands.setShortcut(info.id, *keys);
    }
}

void ShortcutSheet::fill()
{
    QPixmap blank(m_list->iconSize().isValid() ? m_list->iconSize() : QSize(16, 16));
    blank.fill(Qt::transparent); // texts stand below each other
    for (const CommandInfo &info : m_commands.list()) {
        auto *item = new QTreeWidgetItem(m_list,
                                         {nameOf(info), m_commands.menuTitle(info.menu),
                                          info.shortcut.toString(QKeySequence::NativeText)});
        item->setData(0, kId, info.id);
        item->setData(0, kKeys, QVariant::fromValue(info.shortcut));
        item->setIcon(
            0, info.icon.isEmpty() ? QIcon(blank) : Theme::instance().icon(info.icon, Role::Muted));
    }
    m_list->resizeColumnToContents(0);
    m_list->resizeColumnToContents(1);
    m_list->setCurrentItem(m_list->topLevelItem(0));
}

void ShortcutSheet::filter(const QString &text)
{
    for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
        QTreeWidgetItem *item = m_list->topLevelItem(row);
        const bool fits = item->text(0).contains(text, Qt::CaseInsensitive)
            || item->text(2).contains(text, Qt::CaseInsensitive)
            || item->text(1).contains(text, Qt::CaseInsensitive);
        item->setHidden(!fits);
    }
}

QString ShortcutSheet::currentId() const
{
    const QTreeWidgetItem *item = m_list->currentItem();
    return item ? item->data(0, kId).toString() : QString();
}

void ShortcutSheet::showCurrent()
{
    const QTreeWidgetItem *item = m_list->currentItem();
    m_keys->setKeySequence(item ? item->data(0, kKeys).value<QKeySequence>() : QKeySequence());
    m_message->clear();
}

QString ShortcutSheet::owner(const QKeySequence &keys, const QString &except) const
{
    const auto &list = m_commands.list();
    const auto found = std::ranges::find_if(
        list, [&](const CommandInfo &info) { return info.id != except && info.shortcut == keys; });
    return found == list.end() || keys.isEmpty() ? QString() : nameOf(*found);
}

void ShortcutSheet::assign(const QKeySequence &keys)
{
    const QString id = currentId();
    if (id.isEmpty())
        return;
    if (const QString taken = owner(keys, id); !taken.isEmpty()) {
        m_message->setText(tr("Taken by “%1”.").arg(taken));
        return;
    }
    m_commands.setShortcut(id, keys);
    m_list->currentItem()->setData(0, kKeys, QVariant::fromValue(keys));
    m_list->currentItem()->setText(2, keys.toString(QKeySequence::NativeText));
    const bool own = keys == m_commands.action(id)->property("ownKeys").value<QKeySequence>();
    const auto kept = m_file.set(id, own ? std::nullopt : std::optional(keys));
    m_message->setText(kept ? tr("Kept.") : toText(describe(kept.error())));
}

void ShortcutSheet::reset()
{
    const QString id = currentId();
    if (id.isEmpty())
        return;
    const auto keys = m_commands.action(id)->property("ownKeys").value<QKeySequence>();
    m_keys->setKeySequence(keys);
    assign(keys);
}

} // namespace postern::gui
