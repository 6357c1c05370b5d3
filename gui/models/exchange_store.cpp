// SPDX-License-Identifier: Apache-2.0
#include "gui/models/exchange_store.h"

#include <utility>

namespace postern::gui {

void ExchangeStore::put(const QString &id, gateway::RecordedExchange exchange)
{
    if (id.isEmpty())
        return;
    if (!m_exchanges.contains(id))
        m_order.push_back(id);
    m_exchanges.insert(id, std::move(exchange));
    while (m_order.size() > kMax) {
        m_exchanges.remove(m_order.front());
        m_order.pop_front();
    }
}

const gateway::RecordedExchange *ExchangeStore::find(const QString &id) const
{
    const auto found = m_exchanges.constFind(id);
    return found == m_exchanges.constEnd() ? nullptr : &*found;
}

} // namespace postern::gui
