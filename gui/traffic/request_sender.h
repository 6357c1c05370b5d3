// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/control/client.h"
#include "gateway/request/recorded_exchange.h"

#include <QObject>
#include <QThreadPool>

#include <functional>

namespace postern::gui {

/// Sends requests in threads of its own. Answers come in the main thread, as long as the sender
/// lives. Main thread.
class RequestSender : public QObject
{
    Q_OBJECT
public:
    using Done = std::function<void(const gateway::WebRequest &sent,
                                    Result<gateway::ClientResponse> answer)>;

    explicit RequestSender(QObject *parent = nullptr);
    ~RequestSender() override; ///< waits for what is under way, at most the time-out

    void send(gateway::WebRequest request, Done done);
    /// Runs `work` in one of the threads, then what it returns in the main thread.
    void run(std::function<std::function<void()>()> work);

private:
    QThreadPool m_pool;
    int m_cancel; ///< a descriptor: read by requests under way
};

/// What was sent and answered, as an exchange; its trace is not known here.
[[nodiscard]] gateway::RecordedExchange recordOf(const gateway::WebRequest &sent,
                                                 const gateway::ClientResponse &answer);

} // namespace postern::gui
