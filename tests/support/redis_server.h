// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace postern::test {

/// A real redis-server on a free loopback port, with nothing saved to disk. Ends with the object,
/// and with the test should that crash. Part of the environment: a test without it fails.
class RedisServer
{
public:
    enum class Kind : std::uint8_t { Plain, Tls, Cluster, Sentinel };

    RedisServer() = default;
    ~RedisServer();
    RedisServer(const RedisServer &) = delete;
    RedisServer &operator=(const RedisServer &) = delete;

    /// \param options as on its command line: {"--requirepass", "secret"}
    /// \return false if it does not answer (its output is printed)
    [[nodiscard]] bool start(const QStringList &options = {}, Kind kind = Kind::Plain);
    /// The same server on the same port, empty.
    [[nodiscard]] bool startAgain();
    void kill(); ///< at once, as a crash does
    void freeze(); ///< accepts connections and says nothing
    void thaw();

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    /// What redis-cli prints for a command, without the last end of line.
    [[nodiscard]] std::string command(std::initializer_list<const char *> words,
                                      const QStringList &login = {}) const;
    /// Waits until a command prints this text. \return false after 60 s
    [[nodiscard]] bool eventually(std::initializer_list<const char *> words, std::string_view text,
                                  const QStringList &login = {}) const;

private:
    [[nodiscard]] bool run();

    QTemporaryDir m_directory;
    QStringList m_options;
    Kind m_kind = Kind::Plain;
    std::uint16_t m_port = 0;
    std::unique_ptr<QProcess> m_process;
};

/// A port that nobody listens on.
[[nodiscard]] std::uint16_t freePort();

} // namespace postern::test
