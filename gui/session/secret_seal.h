// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/store/seal.h"

#include <string_view>
#include <utility>

namespace postern::gui {

/// Takes the secrets out of objects in memory while the window is locked: each secret member
/// becomes a sealed text, as a store keeps it at rest. The key is made for one lock, lies in secure
/// memory (not swapped, not in a core dump where the system allows that) and goes with this object.
///
/// What it is good for: no widget, model, dialog, core file or swap space of a locked window holds
/// a secret in clear. What it is not: unlocking asks for nothing, so whoever may attach a debugger
/// to this process finds the key; and memory that was freed before is not overwritten.
class SecretSeal
{
public:
    /// \return what Sealer::make() and randomOctets() say
    [[nodiscard]] static Result<SecretSeal> make();
    /// \param key of a Workspace: "/consumers/jack" \return whether there was a secret
    bool seal(std::string_view key, Json &object) const;
    /// The reverse; what is not sealed stays.
    bool open(std::string_view key, Json &object) const;

private:
    explicit SecretSeal(Sealer sealer) : m_sealer(std::move(sealer)) {}
    Sealer m_sealer;
};

} // namespace postern::gui
