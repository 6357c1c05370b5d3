// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/remote/redis_client.h"
#include "gateway/remote/redis_servers.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postern::gateway {

/// A client that asks servers where commands belong before it sends them: cluster and sentinels.
/// Commands wait while it asks. Its reactor's thread only.
class RedisLocator : public RedisClient, protected RedisReceiver
{
protected:
    RedisLocator(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings)
        : m_settings(settings),
          m_inquiry(settings->servers),
          m_place(place)
    {
    }

    /// The command is sent again once somebody has said where to; asks, unless it is asking.
    void wait(std::unique_ptr<RedisCall> call);
    void learn();
    [[nodiscard]] bool waiting() const noexcept { return !m_waiting.empty(); }
    /// Sends the command once more, by what is known then; unless that was done before, or its time
    /// is over.
    void retry(std::unique_ptr<RedisCall> call, RedisAnswer answer);
    /// The place of m_inquiry's question.
    [[nodiscard]] virtual RedisServer &asked() = 0;
    [[nodiscard]] virtual std::vector<std::string> question() const = 0;
    /// Remembers what a server said. \return why it is of no use: the next one is asked
    [[nodiscard]] virtual std::optional<Error> take(const RedisValue &answer) = 0;

    std::shared_ptr<const RedisSettings> m_settings;
    RedisInquiry m_inquiry;

private:
    void ask();
    void learned(Result<RedisValue> answer);

    RedisPlace m_place;
    std::vector<std::unique_ptr<RedisCall>> m_waiting;
};

} // namespace postern::gateway
