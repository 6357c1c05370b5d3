// SPDX-License-Identifier: Apache-2.0
#include "gui/session/session.h"

#include "gateway/control/control_clock.h"
#include "gateway/pipeline/trace.h"
#include "gui/session/session_worker.h"
#include "gui/session/trace_feed.h"
#include "gui/session/workspace.h"

#include <QCoreApplication>
#include <QMetaObject>
#include <QPointer>

#include <algorithm>

namespace postern::gui {

class Session::Implementation
{
public:
    explicit Implementation(Session &session);

    void setState(State next);
    void show(Result<GatewayFacts> facts, State reached, State otherwise);
    void follow(const GatewayFacts &facts, bool own);
    void applyClock(const ClockReading &reading);
    [[nodiscard]] SessionWorker::Listener listener();
    /// Runs a call in the main thread, unless the session is gone by then.
    void tell(std::function<void(Session &)> call) const;

    Session &owner;
    Workspace workspace;
    TraceFeed feed;
    State state = State::Closed;
    std::string store, control;
    std::optional<GatewayFacts> facts;
    Clock clock; ///< the gateway's, as it was read last
    QPointer<Session> self;
    std::unique_ptr<SessionWorker> worker; ///< last: it ends first
};

Session::Implementation::Implementation(Session &session) : owner(session), self(&session)
{
    worker = std::make_unique<SessionWorker>(listener());
}

void Session::Implementation::tell(std::function<void(Session &)> call) const
{
    // QPointer is copied here and looked at in the main thread
    post([session = self, call = std::move(call)] {
        if (session)
            call(*session);
    });
}

SessionWorker::Listener Session::Implementation::listener()
{
    SessionWorker::Listener listener;
    listener.objects = [this](ObjectNews news) {
        tell([news = std::move(news)](Session &session) mutable {
            session.workspace().update(std::move(news.edits), news.complete);
        });
    };
    listener.clock = [this](const ClockReading &reading) {
        tell([reading](Session &session) { session.m_implementation->applyClock(reading); });
    };
    listener.reached = [this](Result<GatewayFacts> reached) {
        tell([reached = std::move(reached)](Session &session) mutable {
            session.m_implementation->show(std::move(reached), State::Attached, State::Lost);
        });
    };
    listener.failed = [this](const Error &error) {
        tell([error](Session &session) { Q_EMIT session.failed(error); });
    };
    return listener;
}

void Session::Implementation::setState(State next)
{
    state = next;
    Q_EMIT owner.stateChanged();
}

void Session::Implementation::show(Result<GatewayFacts> result, State reached, State otherwise)
{
    if (result) {
        facts = std::move(*result);
        follow(*facts, reached == State::Running);
        const bool again = state == State::Lost;
        setState(reached);
        if (again)
            Q_EMIT owner.found();
        return;
    }
    facts.reset();
    feed.stop();
    setState(otherwise);
    if (otherwise == State::Lost)
        Q_EMIT owner.lost(result.error());
    else
        Q_EMIT owner.startFailed(result.error());
}

void Session::Implementation::follow(const GatewayFacts &gateway, bool own)
{
    const gateway::GatewayAddresses &addresses = gateway.addresses;
    const std::string uri = addresses.controlSocket.empty() && addresses.controlTcp
        ? "http://" + addresses.controlTcp->host + ":" + std::to_string(addresses.controlTcp->port)
        : addresses.controlUri();
    // It may have answered requests already: of our own none shall be missing.
    feed.start(uri, addresses.adminKey, own ? gateway::traceId(0) : std::string());
}

void Session::Implementation::applyClock(const ClockReading &reading)
{
    switch (reading.mode) {
    case Clock::Mode::Real:
        clock.useRealTime();
        break;
    case Clock::Mode::Ticking:
        clock.resume();
        static_cast<void>(clock.set(reading.now + (Clock().now() - reading.real), true));
        break;
    case Clock::Mode::Frozen:
        clock.freeze();
        static_cast<void>(clock.set(reading.now, true));
        break;
    }
    Q_EMIT owner.clockChanged();
}

Session::Session(QObject *parent)
    : QObject(parent),
      m_implementation(std::make_unique<Implementation>(*this))
{
    Implementation &data = *m_implementation;
    connect(&data.feed, &TraceFeed::arrived, this, &Session::tracesArrived);
    connect(&data.feed, &TraceFeed::dropped, this, &Session::tracesDropped);
    data.workspace.setWriter(
        [&data](std::vector<Edit> edits, bool dry, std::function<void(Workspace::Refusals)> done) {
            data.worker->enqueue([&data, edits = std::move(edits), dry,
                                  done = std::move(done)](SessionWorker &worker) {
                Workspace::Refusals refusals = worker.write(edits, dry);
                data.tell([done, refusals = std::move(refusals)](Session &) { done(refusals); });
            });
        });
}

Session::~Session()
{
    m_implementation->feed.stop();
    m_implementation->worker.reset();
}

void Session::open(std::string store)
{
    Implementation &data = *m_implementation;
    data.worker->enqueue([&data, store = std::move(store)](SessionWorker &worker) {
        const auto opened = worker.open(store);
        data.tell([store, opened](Session &session) {
            Implementation &mine = *session.m_implementation;
            mine.feed.stop();
            mine.facts.reset();
            mine.workspace.clear();
            mine.store = opened ? store : std::string();
            mine.control.clear();
            mine.setState(opened ? State::Stopped : State::Closed);
            if (!opened)
                Q_EMIT session.failed(opened.error());
        });
        worker.poll();
    });
}

void Session::attach(std::string control, std::string adminKey)
{
    Implementation &data = *m_implementation;
    data.worker->enqueue([&data, control = std::move(control),
                          adminKey = std::move(adminKey)](SessionWorker &worker) {
        data.tell([control](Session &session) {
            Implementation &mine = *session.m_implementation;
            mine.feed.stop();
            mine.facts.reset();
            mine.workspace.clear();
            mine.store.clear();
            mine.control = control;
            mine.state = State::Closed;
        });
        worker.attach(control, adminKey);
    });
}

void Session::startGateway(gateway::GatewayOptions options)
{
    Implementation &data = *m_implementation;
    if (data.state == State::Attached || data.state == State::Lost) {
        Q_EMIT startFailed(
            {Errc::Unsupported, "open a store first: a gateway elsewhere is attached", {}});
        return;
    }
    data.setState(State::Starting);
    options.clockMode = data.clock.mode();
    if (options.clockMode != Clock::Mode::Real)
        options.clockStart = data.clock.now();
    data.worker->enqueue([&data, options = std::move(options)](SessionWorker &worker) {
        Result<GatewayFacts> started = worker.start(options);
        data.tell([started = std::move(started)](Session &session) {
            Implementation &mine = *session.m_implementation;
            mine.show(started, State::Running, mine.store.empty() ? State::Closed : State::Stopped);
        });
        worker.poll();
    });
}

void Session::stopGateway()
{
    Implementation &data = *m_implementation;
    data.worker->enqueue([&data](SessionWorker &worker) {
        const auto stopped = worker.stopGateway();
        data.tell([stopped](Session &session) {
            Implementation &mine = *session.m_implementation;
            if (mine.state != State::Running)
                return;
            mine.feed.stop();
            mine.facts.reset();
            mine.setState(State::Stopped);
            if (!stopped)
                Q_EMIT session.failed(stopped.error());
        });
        worker.poll();
    });
}

Session::State Session::state() const noexcept { return m_implementation->state; }

const std::string &Session::store() const noexcept { return m_implementation->store; }

const gateway::GatewayAddresses *Session::addresses() const noexcept
{
    return m_implementation->facts ? &m_implementation->facts->addresses : nullptr;
}

std::string Session::profile() const
{
    return m_implementation->facts ? m_implementation->facts->profile
                                   : gateway::GatewayOptions().profile;
}

Timestamp Session::now() const { return m_implementation->clock.now(); }

const std::string &Session::control() const noexcept { return m_implementation->control; }

void Session::setClock(Json change)
{
    Implementation &data = *m_implementation;
    if (!data.facts) {
        // the next gateway starts with it
        if (const auto changed = gateway::changeClock(data.clock, change); !changed)
            Q_EMIT failed(changed.error());
        else
            Q_EMIT clockChanged();
        return;
    }
    data.worker->enqueue([&data, change = std::move(change)](SessionWorker &worker) {
        if (const auto changed = worker.askControl("POST", "/v1/clock", change); !changed)
            data.tell(
                [error = changed.error()](Session &session) { Q_EMIT session.failed(error); });
        worker.pollClock();
    });
}

std::string Session::clockMode() const
{
    switch (m_implementation->clock.mode()) {
    case Clock::Mode::Real:
        return "real";
    case Clock::Mode::Ticking:
        return "ticking";
    case Clock::Mode::Frozen:
        return "frozen";
    }
    return {};
}

Workspace &Session::workspace() noexcept { return m_implementation->workspace; }

void Session::askControl(std::string method, std::string target, Json body, QObject *context,
                         std::function<void(Result<Json>)> done)
{
    m_implementation->worker->enqueue([method = std::move(method), target = std::move(target),
                                       body = std::move(body), alive = whileAlive(context),
                                       done = std::move(done)](SessionWorker &worker) {
        Result<Json> answer = worker.askControl(method, target, body);
        post([alive, done, answer = std::move(answer)] {
            if (alive())
                done(answer);
        });
    });
}

std::function<bool()> Session::whileAlive(QObject *context)
{
    if (context == nullptr)
        return [] { return true; };
    return [pointer = QPointer<QObject>(context)] { return !pointer.isNull(); };
}

void Session::enqueue(Work work)
{
    m_implementation->worker->enqueue(
        [work = std::move(work)](SessionWorker &worker) { work(worker.admin()); });
}

void Session::post(std::function<void()> call)
{
    if (QCoreApplication *const application = QCoreApplication::instance())
        QMetaObject::invokeMethod(application, std::move(call), Qt::QueuedConnection);
}

} // namespace postern::gui
