// SPDX-License-Identifier: Apache-2.0
#include "gui/theme/theme.h"

#include "gui/theme/icon_engine.h"
#include "gui/theme/style.h"

#include <QApplication>
#include <QFontDatabase>
#include <QMessageBox>
#include <QStyleHints>

namespace postern::gui {

namespace {

struct Shades
{
    QRgb light, dark;
};

constexpr auto kRoles = static_cast<std::size_t>(Role::Count);

/// Every colour of the window, in the order of Role.
constexpr std::array<Shades, kRoles> kShades{{
    {0xfff6f8fa, 0xff1f2329}, // Window
    {0xffffffff, 0xff16181c}, // Base
    {0xff1b1f24, 0xffe6e9ee}, // Text
    {0xff57606a, 0xff9aa4b2}, // Muted
    {0xff0a58ca, 0xff6ea8fe}, // Accent
    {0xff1a7f37, 0xff6fdc8c}, // Allowed
    {0xff8a5a00, 0xffe3b341}, // Warning
    {0xffb42318, 0xffff8a80}, // Denied
    {0xffb3245f, 0xffff8ab5}, // JwtHeader
    {0xff6f42c1, 0xffc4a7ff}, // JwtPayload
    {0xff0b7285, 0xff66d9e8}, // JwtSignature
    {0xffd5dbe1, 0xff3a414b}, // Line
    {0xffd9e7ff, 0xff27406a}, // Selection
    {0xfffff1b8, 0xff4a3d12}, // Mark
}};

QPalette paletteFor(bool dark)
{
    const auto shade = [dark](Role role) { return Theme::color(role, dark); };
    QPalette palette(shade(Role::Text), shade(Role::Window), shade(Role::Line), shade(Role::Line),
                     shade(Role::Line), shade(Role::Text), shade(Role::Base));
    palette.setColor(QPalette::Window, shade(Role::Window));
    palette.setColor(QPalette::Button, shade(dark ? Role::Window : Role::Base));
    palette.setColor(QPalette::ButtonText, shade(Role::Text));
    palette.setColor(QPalette::AlternateBase, shade(Role::Window));
    palette.setColor(QPalette::Highlight, shade(Role::Selection));
    palette.setColor(QPalette::HighlightedText, shade(Role::Text));
    palette.setColor(QPalette::Accent, shade(Role::Accent));
    palette.setColor(QPalette::Link, shade(Role::Accent));
    palette.setColor(QPalette::LinkVisited, shade(Role::JwtPayload));
    palette.setColor(QPalette::ToolTipBase, shade(Role::Base));
    palette.setColor(QPalette::ToolTipText, shade(Role::Text));
    palette.setColor(QPalette::PlaceholderText, shade(Role::Muted));
    palette.setColor(QPalette::BrightText, shade(Role::Denied));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, shade(Role::Muted));
    return palette;
}

} // namespace

Theme &Theme::instance()
{
    static Theme theme;
    return theme;
}

Theme::Theme()
{
    QApplication::setStyle(new Style);
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this,
            [this] { setChoice(m_choice); });
    m_dark = QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
    QApplication::setPalette(paletteFor(m_dark));
}

void Theme::setChoice(Choice choice)
{
    m_choice = choice;
    const bool dark = choice == Choice::System
        ? QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark
        : choice == Choice::Dark;
    if (dark == m_dark)
        return;
    m_dark = dark;
    QApplication::setPalette(paletteFor(dark));
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (QWidget *const window : windows) { // they keep a picture of their sign
        auto *const box = qobject_cast<QMessageBox *>(window);
        if (box && box->icon() != QMessageBox::NoIcon)
            box->setIcon(box->icon());
    }
    Q_EMIT changed();
}

Theme::Choice Theme::choice() const noexcept { return m_choice; }

bool Theme::isDark() const noexcept { return m_dark; }

QColor Theme::color(Role role) const { return color(role, m_dark); }

QColor Theme::color(Role role, bool dark)
{
    const Shades &shades = kShades.at(static_cast<std::size_t>(role));
    return QColor::fromRgba(dark ? shades.dark : shades.light);
}

QIcon Theme::icon(const QString &name, Role role) const
{
    return name.isEmpty() ? QIcon() : QIcon(new IconEngine(name, role));
}

QFont Theme::monospace()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    return font;
}

} // namespace postern::gui
