// SPDX-License-Identifier: Apache-2.0
#include "core/store/store.h"

#include "core/hash_index.h"
#include "core/store/memory_store.h"
#include "core/store/sqlite_store.h"

#include <algorithm>
#include <format>

namespace postern {

Result<std::unique_ptr<Store>> openStore(std::string_view uri, const StoreOptions &options)
{
    if (uri == "memory:" || uri == "memory")
        return std::make_unique<MemoryStore>();
    constexpr std::string_view kSqlite = "sqlite:";
    if (uri.starts_with(kSqlite))
        return SqliteStore::open(uri.substr(kSqlite.size()), options);
    return fail(Errc::Unsupported,
                std::format("\"{}\" names no known store; write memory: or sqlite:PATH", uri));
}

Result<void> checkTransaction(const Transaction &transaction)
{
    std::vector<std::string_view> keys;
    keys.reserve(transaction.puts.size() + transaction.deletes.size());
    for (const Transaction::Put &put : transaction.puts)
        keys.emplace_back(put.key);
    keys.insert(keys.end(), transaction.deletes.begin(), transaction.deletes.end());
    if (std::ranges::contains(keys, std::string_view()))
        return fail(Errc::InvalidArgument, "a key must not be empty");
    // Hashes first: 100,000 keys with a common prefix take long to sort.
    std::vector<std::uint64_t> hashes(keys.size());
    std::ranges::transform(keys, hashes.begin(), hashText);
    if (!anyRepeats(hashes))
        return {};
    std::ranges::sort(keys);
    const auto twice = std::ranges::adjacent_find(keys);
    if (twice != keys.end())
        return fail(Errc::InvalidArgument, "the transaction names a key twice",
                    std::string(*twice));
    return {};
}

Error conflict(const Transaction::Expect &expect, std::uint64_t actual)
{
    std::string detail = actual == 0
        ? std::format("expected revision {}, but it does not exist", expect.modRevision)
        : expect.modRevision == 0
        ? "it exists already"
        : std::format("expected revision {}, found {}", expect.modRevision, actual);
    return {Errc::Conflict, std::move(detail), expect.key};
}

} // namespace postern
