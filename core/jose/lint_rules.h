// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/lint.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What lint.cpp runs. For core/jose only.
namespace postern {

/// A token as the rules see it. All references outlive the run.
struct LintSubject
{
    const DecodedJws &jws; ///< undecodable parts are empty
    std::span<const Error> faults; ///< what a strict decoder refuses
    const Json &claims; ///< null if the payload is no JSON
    std::size_t size; ///< of the whole token
    const LintOptions &options;
    std::optional<SecretMatch> secret; ///< a known secret that signed it
    bool fromList = false; ///< found in `options.secrets`, not in the built-in list
};

/// Takes the findings of one rule.
class LintReport
{
public:
    explicit LintReport(std::vector<LintFinding> &out) : m_out(out) {}
    void begin(const LintRule &rule) noexcept { m_rule = &rule; }
    void add(std::string text, std::string place = {})
    {
        m_out.push_back({m_rule->id, m_rule->level, std::move(text), std::move(place)});
    }

private:
    std::vector<LintFinding> &m_out;
    const LintRule *m_rule = nullptr;
};

/// Who says it besides lint.
enum class ToldBy : std::uint8_t { Lint, Verdict };

struct LintCheck
{
    LintRule rule;
    ToldBy toldBy; ///< Verdict: verifying reports it by itself
    void (*run)(const LintSubject &subject, LintReport &report);
};

[[nodiscard]] std::span<const LintCheck> lintHeaderChecks() noexcept;
[[nodiscard]] std::span<const LintCheck> lintClaimChecks() noexcept;
[[nodiscard]] std::span<const LintCheck> lintContentChecks() noexcept;
[[nodiscard]] std::span<const LintCheck> lintKeyChecks() noexcept;

/// Whether text claims to say more than it shows: zero-width and direction-changing characters.
[[nodiscard]] bool hasInvisibleCharacters(std::string_view text) noexcept;

} // namespace postern
