// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "core/model/keys.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace postern::gateway {

/// How a file has the secrets of its objects.
enum class SecretForm : std::uint8_t {
    Values, ///< as they are
    References, ///< `$env://JACK_CRED_JACK_KEY_KEY`; what is a reference already stays
    Masked ///< "********", to be looked at: no gateway takes it
};

/// Rewrites the secrets of objects, those of their plugins and their own (a private key, a token).
class SecretRewriter
{
public:
    explicit SecretRewriter(SecretForm form) : m_form(form) {}

    /// \param key whose the object is: names its variables
    void rewrite(Json &object, const StorageKey &key);
    /// The variables that the references read, in the order of their making; each once.
    [[nodiscard]] std::vector<std::string> takeVariables() { return std::move(m_variables); }

private:
    void replace(Json &secret, std::string_view name);
    [[nodiscard]] std::string variable(std::string_view text);

    SecretForm m_form;
    std::vector<std::string> m_variables;
    std::unordered_set<std::string> m_used;
};

} // namespace postern::gateway
