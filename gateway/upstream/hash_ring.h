// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/pipeline/variables.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace postern::gateway {

struct UpstreamNode;

/// What a consistent hash is taken of: `hash_on` and `key` of an upstream.
/// Immutable after construction; any worker.
class HashKey
{
public:
    HashKey() = default;
    /// \param on "vars", "header", "cookie", "consumer", "vars_combinations"
    HashKey(std::string_view on, std::string_view key);

    /// The request's key; the client's address where there is none or it is empty.
    [[nodiscard]] std::string_view of(Exchange &exchange) const;

private:
    std::optional<Variable> m_variable;
    std::optional<Template> m_template; ///< of vars_combinations
};

/// The points of an upstream's nodes on a circle, 160 per unit of weight, so that a key stays with
/// its node when others come and go. Points and order are those of the original (CRC-32 of
/// "host NUL port", chained), so that it chooses the same nodes.
/// Immutable after construction; built once per compiled upstream.
class HashRing
{
public:
    HashRing(std::span<const UpstreamNode> nodes, HashKey key);

    [[nodiscard]] const HashKey &key() const noexcept { return m_key; }
    /// Where on the circle a key belongs: a position below size(), 0 when there is none.
    [[nodiscard]] std::size_t find(std::string_view key) const noexcept;
    /// The index of the node that a position belongs to.
    [[nodiscard]] std::size_t nodeAt(std::size_t position) const noexcept
    {
        return m_points[position].node;
    }
    [[nodiscard]] std::size_t size() const noexcept { return m_points.size(); }

private:
    struct Point
    {
        std::uint32_t hash, node;
    };
    std::vector<Point> m_points; ///< by hash
    HashKey m_key;
};

} // namespace postern::gateway
