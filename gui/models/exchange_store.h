// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/request/recorded_exchange.h"

#include <QHash>
#include <QString>

#include <cstddef>
#include <deque>

namespace postern::gui {

/// What is known of exchanges besides their traces: those this window sent itself and those read
/// from archives. Bounded; the oldest go first. Main thread.
class ExchangeStore
{
public:
    static constexpr std::size_t kMax = 2'000;

    /// \param id of the trace
    void put(const QString &id, gateway::RecordedExchange exchange);
    [[nodiscard]] const gateway::RecordedExchange *find(const QString &id) const;

private:
    QHash<QString, gateway::RecordedExchange> m_exchanges;
    std::deque<QString> m_order;
};

} // namespace postern::gui
