// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QString>

#include <array>
#include <cstdint>

namespace postern::gui {

/// What a colour is for. The only source of colours: no widget names one.
enum class Role : std::uint8_t {
    Window, ///< #f6f8fa / #1f2329
    Base, ///< #ffffff / #16181c
    Text,
    Muted,
    Accent,
    Allowed,
    Warning,
    Denied,
    JwtHeader,
    JwtPayload,
    JwtSignature,
    Line, ///< borders
    Selection,
    Mark, ///< linked rows: behind text
    Count
};

/// Light and dark, switched live; follows the desktop unless told otherwise. Main thread.
class Theme : public QObject
{
    Q_OBJECT
public:
    enum class Choice : std::uint8_t { System, Light, Dark };
    Q_ENUM(Choice)

    /// The application's one theme. Sets Fusion and the palette when first used.
    [[nodiscard]] static Theme &instance();
    void setChoice(Choice choice);
    [[nodiscard]] Choice choice() const noexcept;
    [[nodiscard]] bool isDark() const noexcept;
    [[nodiscard]] QColor color(Role role) const;
    [[nodiscard]] static QColor color(Role role, bool dark); ///< the table itself
    /// An icon of our own set (resources/icons), in the colour of `role`, painted anew after a
    /// switch. \param name "consumers", "tokens", "gateway", "access", "eye", "copy", …
    [[nodiscard]] QIcon icon(const QString &name, Role role = Role::Text) const;
    [[nodiscard]] static QFont monospace(); ///< for tokens, keys, ids

Q_SIGNALS:
    void changed();

private:
    Theme();
    Choice m_choice = Choice::System;
    bool m_dark = false;
};

} // namespace postern::gui
