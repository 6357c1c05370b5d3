// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/lease.h"

#include "core/json/parse.h"

#include <algorithm>
#include <format>

namespace postern::gateway {
namespace {

constexpr std::string_view kFolder = "/postern/leases";

std::string leaseKey(std::string_view key) { return std::string(kFolder).append(key); }

std::optional<Timestamp> endOf(const Document &lease)
{
    const auto object = parseJson(lease.value);
    const Json *end = object ? object->find("ends") : nullptr;
    const auto count = end ? end->asInteger() : std::nullopt;
    return count ? std::optional(Timestamp(Duration(*count))) : std::nullopt;
}

} // namespace

Result<void> Leases::load()
{
    const auto leases = m_store.list(std::string(kFolder) + '/');
    if (!leases)
        return std::unexpected(leases.error());
    for (const Document &lease : *leases) {
        if (const auto end = endOf(lease))
            m_ends[lease.key.substr(kFolder.size())] = *end;
    }
    return {};
}

void Leases::write(Transaction &transaction, const std::string &key, Timestamp now,
                   std::optional<double> seconds)
{
    if (!seconds) {
        remove(transaction, key);
        return;
    }
    constexpr double kLongest = 4e9; // keeps now + ttl inside 64-bit nanoseconds
    const std::chrono::duration<double> span(std::clamp(*seconds, 1.0, kLongest));
    const Timestamp end = now + std::chrono::duration_cast<Duration>(span);
    m_ends[key] = end;
    transaction.puts.push_back(
        {leaseKey(key), std::format(R"({{"ends":{}}})", end.time_since_epoch().count())});
}

void Leases::remove(Transaction &transaction, const std::string &key)
{
    m_ends.erase(key);
    // Another process may have granted one: a key that is not there costs nothing.
    transaction.deletes.push_back(leaseKey(key));
}

Result<Transaction> Leases::expired(Timestamp now)
{
    Transaction transaction;
    for (auto at = m_ends.begin(); at != m_ends.end();) {
        if (at->second > now) {
            ++at;
            continue;
        }
        const std::string stored = leaseKey(at->first);
        const auto lease = m_store.get(stored);
        if (!lease)
            return std::unexpected(lease.error());
        // Another process may have written the object since.
        const auto end = *lease ? endOf(**lease) : std::nullopt;
        if (end && *end > now) {
            at->second = *end;
            ++at;
            continue;
        }
        if (end) {
            transaction.expects.push_back({stored, (*lease)->modRevision});
            transaction.deletes.push_back(at->first);
            transaction.deletes.push_back(stored);
        }
        at = end ? std::next(at) : m_ends.erase(at);
    }
    return transaction;
}

Result<void> endLeases(Store &store, Transaction &transaction)
{
    const auto leases = store.list(std::string(kFolder) + '/');
    if (!leases)
        return std::unexpected(leases.error());
    for (const Document &lease : *leases) {
        if (std::ranges::contains(transaction.puts, lease.key.substr(kFolder.size()),
                                  &Transaction::Put::key))
            transaction.deletes.push_back(lease.key);
    }
    return {};
}

} // namespace postern::gateway
