// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QSet>
#include <QString>

namespace postern::gui {

/// Privacy mode, for screens that others see: user names and what headers and claims hold are
/// dots. The one place that models ask for what they show; what they hold stays, and so do
/// filters, copies and exports. Off at each start. Main thread.
class Privacy : public QObject
{
    Q_OBJECT
public:
    [[nodiscard]] static Privacy &instance();
    void setOn(bool on);
    [[nodiscard]] bool isOn() const noexcept { return m_on; }
    void setNames(const QSet<QString> &names) { m_names = names; } ///< of users, for text()

    [[nodiscard]] QString name(const QString &name) const; ///< of a user or a credential
    [[nodiscard]] QString value(const QString &value) const; ///< of a header, a cookie, a claim
    [[nodiscard]] QString text(const QString &text) const; ///< that may mention users

Q_SIGNALS:
    void changed();

private:
    Privacy() = default;
    bool m_on = false;
    QSet<QString> m_names;
};

} // namespace postern::gui
