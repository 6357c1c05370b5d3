// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gui/session/workspace.h"

#include <QStringList>

#include <vector>

namespace postern::gui {

/// What a declarative file of another product has of ours.
struct ForeignObjects
{
    std::vector<Edit> edits; ///< consumers and credentials
    QStringList warnings; ///< what stays out
};

/// kong.yml: consumers with keyauth_credentials, basicauth_credentials, hmacauth_credentials and
/// jwt_secrets. Kong's routes and plugins mean other things and stay out.
[[nodiscard]] ForeignObjects readKong(const Json &root);
/// adc.yaml: consumers with credentials. Services and their routes stay out.
[[nodiscard]] ForeignObjects readAdc(const Json &root);

/// Whether the file is one of adc's: its consumers' credentials have a type, or its services hold
/// their routes.
[[nodiscard]] bool isAdc(const Json &root);

} // namespace postern::gui
