// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_locator.h"

#include <utility>

namespace postern::gateway {

void RedisLocator::wait(std::unique_ptr<RedisCall> call)
{
    m_waiting.push_back(std::move(call));
    learn();
}

void RedisLocator::learn()
{
    if (m_inquiry.running())
        return;
    m_inquiry.start();
    ask();
}

void RedisLocator::ask()
{
    auto call = std::make_unique<RedisCall>();
    call->words = question();
    call->deadline = m_place.reactor.now() + m_inquiry.share(m_settings->timeout);
    call->finish = [this](Result<RedisValue> answer, const auto &) { learned(std::move(answer)); };
    asked().send(std::move(call));
}

void RedisLocator::learned(Result<RedisValue> answer)
{
    const std::optional<Error> useless =
        answer ? take(*answer) : std::optional(std::move(answer.error()));
    if (useless && m_inquiry.next())
        return ask();
    m_inquiry.stop();
    for (auto &call : std::exchange(m_waiting, {})) {
        if (useless)
            finishCall(*call, std::unexpected(RedisFault{RedisFault::Kind::Unsent, *useless}));
        else
            send(std::move(call));
    }
}

void RedisLocator::retry(std::unique_ptr<RedisCall> call, RedisAnswer answer)
{
    const bool overdue = !answer && answer.error().kind == RedisFault::Kind::TimedOut;
    if (overdue || call->tries > 0)
        return finishCall(*call, std::move(answer));
    ++call->tries;
    send(std::move(call));
}

} // namespace postern::gateway
