// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/jose_subject.h"

#include <memory>
#include <string>

namespace postern::bench {

/// Debian's libjose (the library under the `jose` command), loaded at run time: its development
/// package is not needed. The key is parsed once; a token costs what the command does with it.
class LibJose
{
public:
    /// nullptr where the library is not installed or does not know the algorithm.
    [[nodiscard]] static std::unique_ptr<LibJose> make(const Subject &of);
    ~LibJose();
    LibJose(const LibJose &) = delete;
    LibJose &operator=(const LibJose &) = delete;

    /// Splits, verifies, and reads the claims.
    [[nodiscard]] bool verify(const std::string &token) const;
    /// \return the compact token; empty: failed
    [[nodiscard]] std::string sign(const Subject &of) const;
    /// Header and claims as JSON, the signature as octets.
    [[nodiscard]] bool parse(const std::string &token) const;
    /// Header and claims as indented text.
    [[nodiscard]] std::string inspect(const std::string &token) const;

private:
    struct Api;
    struct Value;
    LibJose(const Api &api, Value *key);
    static const Api *api();

    const Api &m_api;
    Value *m_key;
};

} // namespace postern::bench
