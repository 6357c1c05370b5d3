// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "postern_process.h"

#include <QProcess>
#include <QTemporaryDir>

#include <cstdint>
#include <string>
#include <vector>

namespace postern::test {

/// An answer over a raw socket.
struct Answer
{
    int status = 0; ///< 0: none
    std::string text; ///< head and body as received
};
/// One HTTP request to 127.0.0.1, read until the server closes.
/// \param headers whole lines without their ends
[[nodiscard]] Answer call(std::uint16_t port, const std::string &method, const std::string &target,
                          const std::vector<std::string> &headers = {},
                          const std::string &body = {});

/// `postern gateway run` on free ports in a POSTERN_HOME of its own, until it goes out of scope.
class GatewayProcess
{
public:
    explicit GatewayProcess(const std::vector<std::string> &extra = {"--store", "memory:"});
    ~GatewayProcess();

    [[nodiscard]] bool ready() const { return m_ready.isObject(); }
    [[nodiscard]] const Json &readyLine() const { return m_ready; }
    [[nodiscard]] std::uint16_t port(const char *member) const; ///< "proxy", "admin"
    [[nodiscard]] std::string home() const { return m_home.path().toStdString(); }
    [[nodiscard]] Environment environment() const { return {{"POSTERN_HOME", home()}}; }
    /// The Admin API with the key.
    [[nodiscard]] Answer admin(const std::string &method, const std::string &path,
                               const std::string &body = {}) const;
    [[nodiscard]] Ran postern(const std::vector<std::string> &arguments) const;
    QProcess &process() { return m_process; }

private:
    QTemporaryDir m_home;
    QProcess m_process;
    Json m_ready;
};

} // namespace postern::test
