// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/json/path.h"
#include "core/text/pattern.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// Label lists of the acl plugin: label name -> values, in the order configured. APISIX acl.
struct LabelRule
{
    std::string label;
    std::vector<std::string> values;
};

/// How a value of an external user is read. Absent: detected from the value.
enum class LabelParser : std::uint8_t { Auto, SegmentedText, Json, Table };

/// Compiled acl configuration. Immutable after construction; any thread.
struct AclPolicy
{
    std::vector<LabelRule> allow;
    std::vector<LabelRule> deny;
    std::optional<JsonPath> externalField; ///< where an external user's labels are
    std::string externalKey; ///< the label name they count as
    LabelParser externalParser = LabelParser::Auto;
    std::string externalSeparator; ///< PCRE pattern for SegmentedText
    /// The separator with blanks around it; nullopt if it is no valid pattern (then there are no
    /// values, as in APISIX).
    std::optional<Pattern> externalSplitter;

    /// \param config the plugin's configuration, already valid against its schema
    /// \return the policy, or JsonPath / PluginConfig with APISIX's text in detail
    [[nodiscard]] static Result<AclPolicy> compile(const Json &config);
};

/// Whose labels decide. At most one of the two is set; neither means not authenticated.
struct AclSubject
{
    const Json *consumerLabels = nullptr; ///< object of strings (may be an empty object)
    const Json *externalUser = nullptr; ///< claims of an external identity
};

/// The decision and what decided it.
struct AclDecision
{
    bool allowed = false;
    Errc reason =
        Errc::Internal; ///< NotAuthenticated, LabelDenied, LabelNotAllowed; unused when allowed
    /// "allow_labels.team", "deny_labels.role": the label that matched. When nothing on the allow
    /// list matched: its only label, or "allow_labels" if it has several. Empty without a list.
    std::string rule;
    std::string value; ///< the label value that matched; empty if none
    std::string detail; ///< one sentence for people: what the subject has, what was asked for
};

/// Decides. Deny is looked at first; labels are OR-ed, values are OR-ed; comparison is exact.
/// A pure function: no clock, no store, no side effect.
[[nodiscard]] AclDecision decideAcl(const AclPolicy &policy, const AclSubject &subject);

/// The values a consumer label stands for: a JSON array text, a comma list, or itself. A broken
/// array text stands for nothing; array items that are no strings never match and are left out.
[[nodiscard]] std::vector<std::string> labelValues(std::string_view label);

} // namespace postern
