// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_connection.h"

#include "gateway/remote/redis_tls.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <format>
#include <utility>

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace postern::gateway {
namespace {

constexpr std::size_t kDeepestValue = 8;
constexpr long long kLongestList = 65'536; // CLUSTER SLOTS is the longest; room is made at once

std::string textOf(const redisReply &reply)
{
    return reply.str ? std::string(reply.str, reply.len) : std::string();
}

RedisValue valueOf(const redisReply &reply, std::size_t depth = 0)
{
    RedisValue value;
    switch (reply.type) {
    case REDIS_REPLY_INTEGER:
    case REDIS_REPLY_BOOL:
        value.type = RedisValue::Type::Integer;
        value.integer = reply.integer;
        break;
    case REDIS_REPLY_NIL:
        break;
    case REDIS_REPLY_ERROR:
        value.type = RedisValue::Type::Error;
        value.text = textOf(reply);
        break;
    case REDIS_REPLY_ARRAY:
    case REDIS_REPLY_MAP:
    case REDIS_REPLY_SET:
    case REDIS_REPLY_PUSH:
        value.type = RedisValue::Type::Array;
        for (std::size_t i = 0; i < reply.elements && depth < kDeepestValue; ++i)
            value.items.push_back(valueOf(*reply.element[i], depth + 1));
        break;
    default:
        value.type = RedisValue::Type::Text;
        value.text = textOf(reply);
    }
    return value;
}

/// A server that does not know a command repeats its arguments, a password among them.
std::string withoutArguments(std::string_view text)
{
    return std::string(text.substr(0, text.find(", with args")));
}

} // namespace

RedisConnection::RedisConnection(RedisPlace place, RedisAddress address,
                                 std::shared_ptr<const RedisSettings> settings,
                                 const RedisLogin &login, Owner &owner, RedisReceiver &receiver)
    : m_place(place),
      m_address(std::move(address)),
      m_settings(std::move(settings)),
      m_login(login),
      m_owner(owner),
      m_receiver(receiver)
{
}

RedisConnection::~RedisConnection()
{
    if (m_timer)
        m_place.reactor.cancel(m_timer);
    if (m_connecting >= 0) {
        if (m_state != State::Ended)
            m_place.reactor.remove(m_connecting);
        ::close(m_connecting);
    }
    if (m_context) {
        if (m_state != State::Ended)
            m_place.reactor.remove(m_context->c.fd);
        redisAsyncFree(m_context);
    }
}

void RedisConnection::begin()
{
    m_used = m_place.reactor.now();
    m_connectDeadline = m_used + m_settings->connectTimeout;
    arm();
    const std::string &host = m_address.host;
    if (const auto numeric =
            SocketAddress::fromNumeric(host == "localhost" ? "127.0.0.1" : host, m_address.port)) {
        connectTo(*numeric);
        return;
    }
    m_place.resolver.resolve(
        host, m_address.port,
        [this, &reactor = m_place.reactor,
         alive = std::weak_ptr(m_alive)](const Resolver::Found &found) {
            reactor.post([this, alive, found] {
                if (alive.expired() || m_state != State::Resolving)
                    return;
                if (found)
                    connectTo(found->front());
                else
                    end(std::format("the name is not known ({})", found.error().detail));
            });
        });
}

void RedisConnection::connectTo(const SocketAddress &address)
{
    const auto descriptor = startConnect(address);
    if (!descriptor)
        return end(descriptor.error().detail);
    m_connecting = *descriptor;
    m_state = State::Connecting;
    if (const auto watched = m_place.reactor.add(m_connecting, this, EPOLLOUT); !watched)
        end(watched.error().detail);
}

void RedisConnection::onEvents(std::uint32_t events)
{
    if (m_state == State::Connecting)
        return connected();
    if (m_state == State::Ended)
        return;
    m_handling = true;
    if (events & (EPOLLIN | EPOLLERR | EPOLLHUP | EPOLLRDHUP))
        redisAsyncHandleRead(m_context);
    if (m_context->err == 0 && (events & EPOLLOUT))
        redisAsyncHandleWrite(m_context);
    m_handling = false;
    settle();
}

void RedisConnection::connected()
{
    if (const int code = connectError(m_connecting); code != 0) {
        std::array<char, 128> text{};
        return end(::strerror_r(code, text.data(), text.size()));
    }
    redisOptions options{};
    options.type = REDIS_CONN_USERFD;
    options.endpoint.fd = m_connecting;
    options.options = REDIS_OPT_NONBLOCK | REDIS_OPT_NOAUTOFREE;
    m_context = redisAsyncConnectWithOptions(&options);
    if (!m_context)
        return end("out of memory");
    // hiredis would connect by itself; this socket stands already.
    m_context->c.flags |= REDIS_CONNECTED;
    m_context->c.reader->maxelements = kLongestList;
    m_watched = EPOLLOUT;
    m_connecting = -1; // hiredis closes it
    attachHooks();
    if (m_login.tls && !startTls())
        return;
    greet();
}

void RedisConnection::attachHooks()
{
    // Only remembered: epoll is told once, after hiredis is done.
    const auto hook = []<std::uint32_t Bits, bool On>() {
        return +[](void *self) {
            auto &wanted = static_cast<RedisConnection *>(self)->m_wanted;
            wanted = On ? wanted | Bits : wanted & ~Bits;
        };
    };
    auto &ev = m_context->ev;
    ev.data = this;
    ev.addRead = hook.operator()<EPOLLIN, true>();
    ev.delRead = hook.operator()<EPOLLIN, false>();
    ev.addWrite = hook.operator()<EPOLLOUT, true>();
    ev.delWrite = hook.operator()<EPOLLOUT, false>();
    ev.cleanup = [](void *self) { static_cast<RedisConnection *>(self)->m_wanted = 0; };
    m_wanted = EPOLLIN;
}

bool RedisConnection::startTls()
{
    if (const auto started =
            startRedisTls(*m_context, m_address.host, m_login.verify, m_settings->trust.get());
        !started) {
        end(started.error().detail);
        return false;
    }
    return true;
}

void RedisConnection::greet()
{
    m_state = State::Greeting;
    std::vector<std::pair<Purpose, std::vector<std::string>>> words;
    if (!m_login.password.empty()) {
        std::vector<std::string> auth{"AUTH"};
        if (!m_login.user.empty())
            auth.push_back(m_login.user);
        auth.emplace_back(m_login.password.view());
        words.emplace_back(Purpose::Auth, std::move(auth));
    }
    if (m_login.database != 0)
        words.emplace_back(Purpose::Select,
                           std::vector<std::string>{"SELECT", std::to_string(m_login.database)});
    if (!m_login.role.empty())
        words.emplace_back(Purpose::Role, std::vector<std::string>{"ROLE"});
    m_greetings = words.size();
    if (words.empty())
        return ready();
    for (auto &[purpose, line] : words) {
        put({purpose, nullptr}, line);
        for (std::string &word : line)
            wipe(word);
    }
    flush();
}

void RedisConnection::ready()
{
    m_state = State::Ready;
    while (!m_queue.empty() && m_state == State::Ready) {
        auto call = std::move(m_queue.front());
        m_queue.pop_front();
        transmit(std::move(call));
    }
    flush();
}

void RedisConnection::send(std::unique_ptr<RedisCall> call)
{
    const auto deadline = call->deadline;
    if (m_state != State::Ready) {
        m_queue.push_back(std::move(call));
    } else {
        m_used = m_place.reactor.now();
        transmit(std::move(call));
        flush();
    }
    if (m_state != State::Ended && (!m_timer || deadline < m_timerAt))
        arm();
}

void RedisConnection::transmit(std::unique_ptr<RedisCall> call)
{
    if (std::exchange(call->asking, false))
        put({Purpose::Asking, nullptr}, {"ASKING"});
    // put() keeps the call: its words stay where they are
    const std::vector<std::string> &words = call->words;
    put({Purpose::Call, std::move(call)}, words);
}

void RedisConnection::put(Sent sent, const std::vector<std::string> &words)
{
    std::vector<const char *> texts;
    std::vector<std::size_t> sizes;
    for (const std::string &word : words) {
        texts.push_back(word.data());
        sizes.push_back(word.size());
    }
    m_sent.push_back(std::move(sent));
    const int put = redisAsyncCommandArgv(
        m_context,
        [](redisAsyncContext *, void *reply, void *self) {
            // Without a reply the context is being freed: what is left was answered by end().
            if (reply)
                static_cast<RedisConnection *>(self)->received(
                    valueOf(*static_cast<const redisReply *>(reply)));
        },
        this, static_cast<int>(texts.size()), texts.data(), sizes.data());
    if (put != REDIS_OK && m_fatal.empty())
        m_fatal = "the connection is closing";
}

/// Writes at once what can be written: one system call instead of three.
void RedisConnection::flush()
{
    if (m_handling || m_state == State::Ended)
        return;
    settle();
}

/// What follows when hiredis is done for now.
void RedisConnection::settle()
{
    if (m_state == State::Ended)
        return;
    if (m_context->err == 0 && m_fatal.empty() && (m_wanted & EPOLLOUT)) {
        m_handling = true;
        redisAsyncHandleWrite(m_context);
        m_handling = false;
    }
    if (!m_fatal.empty())
        return end(m_fatal);
    if (m_context->err != 0)
        return end(m_context->errstr ? m_context->errstr : "the connection broke");
    watch();
}

void RedisConnection::watch()
{
    if (m_wanted == m_watched)
        return;
    m_place.reactor.modify(m_context->c.fd, this, m_wanted);
    m_watched = m_wanted;
}

void RedisConnection::received(RedisValue value)
{
    if (m_sent.empty())
        return;
    Sent sent = std::move(m_sent.front());
    m_sent.pop_front();
    if (sent.call)
        m_receiver.answered(std::move(sent.call), std::move(value));
    else if (sent.purpose != Purpose::Call && sent.purpose != Purpose::Asking)
        greeted(sent.purpose, value);
}

void RedisConnection::greeted(Purpose purpose, const RedisValue &value)
{
    const bool isRole =
        purpose == Purpose::Role && value.type == RedisValue::Type::Array && !value.items.empty();
    if (value.isError() && purpose != Purpose::Role && m_fatal.empty())
        m_fatal = withoutArguments(value.text);
    else if (isRole && value.items.front().text != m_login.role && m_fatal.empty())
        m_fatal = std::format("it is a {}, not the {}", value.items.front().text, m_login.role);
    if (--m_greetings == 0 && m_fatal.empty())
        ready();
}

void RedisConnection::end(std::string reason)
{
    if (m_state == State::Ended)
        return;
    const std::string why = std::move(reason);
    m_state = State::Ended;
    if (m_timer)
        m_place.reactor.cancel(std::exchange(m_timer, 0));
    if (m_connecting >= 0)
        m_place.reactor.remove(m_connecting);
    if (m_context)
        m_place.reactor.remove(m_context->c.fd);
    auto queue = std::move(m_queue);
    auto sent = std::move(m_sent);
    m_owner.ended(*this);
    // Whoever is answered may start again at once, with another connection.
    for (Sent &each : sent) {
        if (each.call)
            answer(std::move(each.call), RedisFault::Kind::Closed, why);
    }
    for (auto &call : queue)
        answer(std::move(call), RedisFault::Kind::Unsent, why);
}

void RedisConnection::answer(std::unique_ptr<RedisCall> call, RedisFault::Kind kind,
                             const std::string &reason)
{
    m_receiver.answered(
        std::move(call),
        std::unexpected(RedisFault{kind, Error{Errc::LimitStore, reason, m_address.text()}}));
}

/// One timer for everything: it is set anew when it fires, not with each command.
void RedisConnection::arm()
{
    auto at = m_state == State::Ready ? m_used + m_settings->idle : m_connectDeadline;
    for (const auto &call : m_queue)
        at = std::min(at, call->deadline);
    for (const Sent &sent : m_sent) {
        if (sent.call)
            at = std::min(at, sent.call->deadline);
    }
    if (m_timer)
        m_place.reactor.cancel(m_timer);
    m_timerAt = at;
    m_timer = m_place.reactor.callAfter(
        std::max(at - Reactor::Clock::now(), Reactor::Clock::duration::zero()), [this] {
            m_timer = 0;
            expire();
        });
}

void RedisConnection::expire()
{
    const auto now = m_place.reactor.now();
    if (m_state != State::Ready && now >= m_connectDeadline)
        return end(std::format("no connection within {} ms", m_settings->connectTimeout.count()));
    expireCalls(now);
    if (m_state == State::Ended)
        return;
    const bool waits = !m_queue.empty()
        || std::ranges::any_of(m_sent, [](const Sent &sent) { return !!sent.call; });
    if (!waits && m_state == State::Ready && (m_late || now >= m_used + m_settings->idle))
        return end("unused");
    arm();
}

void RedisConnection::expireCalls(Reactor::Clock::time_point now)
{
    std::vector<std::unique_ptr<RedisCall>> overdue;
    for (Sent &sent : m_sent) {
        if (sent.call && now >= sent.call->deadline) {
            overdue.push_back(std::move(sent.call));
            m_late = true;
        }
    }
    for (auto &call : m_queue) {
        if (now >= call->deadline)
            overdue.push_back(std::move(call));
    }
    std::erase(m_queue, nullptr);
    if (m_late)
        m_owner.late(*this);
    for (auto &call : overdue)
        answer(std::move(call), RedisFault::Kind::TimedOut,
               std::format("no answer within {} ms", m_settings->timeout.count()));
}

} // namespace postern::gateway
