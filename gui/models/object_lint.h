// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/lint/config_lint.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace postern::gui {

class Session;
class Workspace;

/// Whether a finding says what the refusal says, of two logins that are the same.
[[nodiscard]] bool isToldBy(const Error &refusal,
                            const std::vector<gateway::ConfigFinding> &findings);

/// What gateway/lint finds about the objects of a workspace, staged edits included. Looked for in
/// the background after each change; only the newest result counts. Main thread.
class ObjectLint : public QObject
{
    Q_OBJECT
public:
    explicit ObjectLint(Session &session, QObject *parent = nullptr);

    /// \param key as the workspace has it
    [[nodiscard]] const std::vector<gateway::ConfigFinding> &of(std::string_view key) const;
    /// Whether the object has been looked at, as it is or as it was a moment ago.
    [[nodiscard]] bool isKnown(std::string_view key) const;
    [[nodiscard]] std::size_t warnings() const noexcept { return m_warnings; }
    [[nodiscard]] bool isBusy() const noexcept { return m_done != m_asked; }

Q_SIGNALS:
    /// Whose findings are others now, or known now.
    void changed(const std::vector<std::string> &keys);

private:
    void start();
    struct Hash
    {
        using is_transparent = void;
        [[nodiscard]] std::size_t operator()(std::string_view key) const noexcept
        {
            return std::hash<std::string_view>()(key);
        }
    };
    using Keys = std::unordered_set<std::string, Hash, std::equal_to<>>;
    [[nodiscard]] static Keys consumersAmong(const std::vector<gateway::LintObject> &objects);
    /// \param known keys of consumers and credentials
    void take(std::vector<gateway::ConfigFinding> findings, Keys known);

    Session &m_session;
    QTimer m_timer;
    std::uint64_t m_asked = 0, m_done = 0;
    std::map<std::string, std::vector<gateway::ConfigFinding>, std::less<>> m_findings;
    Keys m_known; ///< asked for by every row of a list that is filtered by state
    std::size_t m_warnings = 0;
};

} // namespace postern::gui
