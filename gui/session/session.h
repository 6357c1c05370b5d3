// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json/json.h"
#include "gateway/admin/access/admin_access.h"
#include "gateway/gateway.h"

#include <QByteArray>
#include <QObject>

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace postern::gui {

class Workspace;

/// What the window works on: a store, and the gateway that this process hosts on it; or a gateway
/// that runs elsewhere, through its control API. Lives in the main thread; everything that could
/// block happens in one thread of its own, in the order asked for.
class Session : public QObject
{
    Q_OBJECT
public:
    enum class State {
        Closed, ///< no store yet
        Stopped, ///< a store is open, its gateway does not run
        Starting,
        Running, ///< hosted in this process
        Attached, ///< a gateway elsewhere
        Lost ///< attached, but it does not answer; tried again
    };
    Q_ENUM(State)

    explicit Session(QObject *parent = nullptr);
    ~Session() override; ///< stops the hosted gateway

    /// Opens a store ("sqlite:/path"), closing what was open. Ends in Stopped, or failed().
    void open(std::string store);
    /// Works on a running gateway. \param control "unix:/path" or "http://host:port"
    void attach(std::string control, std::string adminKey = {});
    /// Hosts a gateway on the open store. Ends in Running, or startFailed() and Stopped.
    /// \param options store, clock and control socket are filled in
    void startGateway(gateway::GatewayOptions options);
    void stopGateway();

    [[nodiscard]] State state() const noexcept;
    [[nodiscard]] const std::string &store() const noexcept; ///< "sqlite:/path"; empty: attached
    /// Of the gateway that is attached, as attach() took it; empty: none.
    [[nodiscard]] const std::string &control() const noexcept;
    /// Where the gateway is; nullptr while none runs.
    [[nodiscard]] const gateway::GatewayAddresses *addresses() const noexcept;
    [[nodiscard]] std::string profile() const; ///< "apisix-3.18"

    /// The time that counts: the gateway's where one runs.
    [[nodiscard]] Timestamp now() const;
    /// As POST /v1/clock: {"advance":"30s"}, {"set":TIME}, {"mode":"frozen"}. clockChanged()
    /// follows.
    void setClock(Json change);
    /// "real", "ticking" or "frozen".
    [[nodiscard]] std::string clockMode() const;

    [[nodiscard]] Workspace &workspace() noexcept;

    /// Runs `task` in the session's thread with the Admin API, then `done` with what it returned in
    /// the main thread, unless `context` is gone by then.
    template <class Task, class Done> void ask(QObject *context, Task task, Done done)
    {
        using Answer = std::invoke_result_t<Task, gateway::AdminAccess &>;
        enqueue([alive = whileAlive(context), task = std::move(task),
                 done = std::move(done)](gateway::AdminAccess &admin) mutable {
            auto answer = std::make_shared<Answer>(task(admin));
            post([alive, answer, done = std::move(done)]() mutable {
                if (alive())
                    done(std::move(*answer));
            });
        });
    }
    /// Sends a request to the gateway's control API in the session's thread.
    /// \param done Remote or Timeout, or what the API said
    void askControl(std::string method, std::string target, Json body, QObject *context,
                    std::function<void(Result<Json>)> done);

Q_SIGNALS:
    void stateChanged();
    void clockChanged();
    void failed(const postern::Error &error); ///< the store or the gateway, for a notice
    /// The attached gateway does not answer, or does not take the key; tried again ten times a
    /// second. Once a cause.
    void lost(const postern::Error &error);
    void found(); ///< it answers again after lost()
    /// The gateway does not start: PortInUse names the port.
    void startFailed(const postern::Error &error);
    /// Decided requests, as the control API's JSON texts, oldest first; at most 20 times a second.
    void tracesArrived(const std::vector<QByteArray> &traces);
    void tracesDropped(quint64 count); ///< the gateway's ring was faster

private:
    using Work = std::function<void(gateway::AdminAccess &)>;
    static std::function<bool()> whileAlive(QObject *context);
    void enqueue(Work work);
    static void post(std::function<void()> call);

    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace postern::gui
