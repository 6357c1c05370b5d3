// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/desktop/single_instance.h"

#include <QDBusAbstractAdaptor>
#include <QVariantMap>

namespace postern::gui {

/// The interface that desktops start and raise applications with.
class FreedesktopApplication : public QDBusAbstractAdaptor
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Application")
public:
    explicit FreedesktopApplication(SingleInstance *instance)
        : QDBusAbstractAdaptor(instance),
          m_instance(instance)
    {
    }

public Q_SLOTS:
    // The names are the specification's.
    void Activate(const QVariantMap &platformData) // NOLINT(readability-identifier-naming)
    {
        m_instance->activate(tokenOf(platformData));
    }
    void Open(const QStringList &uris, // NOLINT(readability-identifier-naming)
              const QVariantMap &platformData)
    {
        m_instance->open(uris, tokenOf(platformData));
    }
    void ActivateAction(const QString &name, // NOLINT(readability-identifier-naming)
                        const QVariantList & /*parameter*/, const QVariantMap &platformData)
    {
        m_instance->runAction(name, tokenOf(platformData));
    }

private:
    [[nodiscard]] static QString tokenOf(const QVariantMap &platformData)
    {
        return platformData.value(QStringLiteral("activation-token")).toString();
    }

    SingleInstance *m_instance;
};

} // namespace postern::gui
