// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/request/recorded_exchange.h"
#include "gui/models/field_model.h"

#include <string>
#include <vector>

namespace postern::gui {

// An exchange as lines for the inspector. Secrets are replaced in all of them.

[[nodiscard]] std::vector<FieldRow> requestFields(const gateway::RecordedExchange &exchange);
[[nodiscard]] std::vector<FieldRow> responseFields(const gateway::RecordedExchange &exchange);
[[nodiscard]] std::vector<FieldRow> upstreamFields(const gateway::RecordedExchange &exchange);
[[nodiscard]] std::vector<FieldRow> timingFields(const gateway::RecordedExchange &exchange);
/// Header and claims of the token that the request carried, with times for people.
[[nodiscard]] std::vector<FieldRow> tokenFields(const gateway::RecordedExchange &exchange);
/// The token that the request carried; empty: none, or it was not recorded.
[[nodiscard]] std::string tokenOf(const gateway::RecordedExchange &exchange);

/// One line of a comparison.
struct ComparedRow
{
    QString section, name, left, right;
    bool differs = false;
};
/// Two exchanges beside each other: the decision first, then claims, headers, bodies. What differs
/// in every request (Date, Content-Length, trace ids) is left out.
[[nodiscard]] std::vector<ComparedRow> compareExchanges(const gateway::RecordedExchange &left,
                                                        const gateway::RecordedExchange &right);

} // namespace postern::gui
