// SPDX-License-Identifier: Apache-2.0
#include "gui/models/object_lint.h"

#include "core/secret/reference.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace postern::gui {

namespace {

constexpr int kPause = 100; // ms
constexpr std::string_view kRoot = "/apisix";
/// What rules about consumers look at.
constexpr std::array<std::string_view, 9> kCollections{
    "/consumers", "/consumer_groups", "/routes",       "/services",     "/upstreams",
    "/ssls",      "/plugin_configs",  "/global_rules", "/secrets/vault"};

std::vector<gateway::LintObject> objectsOf(const Workspace &workspace)
{
    std::vector<gateway::LintObject> objects;
    const auto add = [&](const std::string &key) {
        objects.push_back({std::string(kRoot) + key, *workspace.value(key)});
    };
    for (const std::string_view collection : kCollections) {
        for (const std::string &key : workspace.keys(collection)) {
            add(key);
            if (collection != "/consumers")
                continue;
            for (const std::string &credential : workspace.keys(key + "/credentials"))
                add(credential);
        }
    }
    return objects;
}

bool isSame(const std::vector<gateway::ConfigFinding> &one,
            const std::vector<gateway::ConfigFinding> &two)
{
    return std::ranges::equal(one, two, [](const auto &a, const auto &b) {
        return a.id == b.id && a.text == b.text && a.pointer == b.pointer && a.other == b.other;
    });
}

} // namespace

bool isToldBy(const Error &refusal, const std::vector<gateway::ConfigFinding> &findings)
{
    return refusal.detail.starts_with("duplicate ")
        && std::ranges::contains(findings, gateway::LoginMark::Duplicate,
                                 &gateway::ConfigFinding::mark);
}

ObjectLint::ObjectLint(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kPause);
    connect(&m_timer, &QTimer::timeout, this, &ObjectLint::start);
    const auto again = [this] {
        ++m_asked;
        m_timer.start();
    };
    connect(&session.workspace(), &Workspace::changed, this, again);
    connect(&session.workspace(), &Workspace::cleared, this, [this, again] {
        m_known.clear();
        again();
    });
    connect(&session, &Session::clockChanged, this, again);
    again();
}

const std::vector<gateway::ConfigFinding> &ObjectLint::of(std::string_view key) const
{
    static const std::vector<gateway::ConfigFinding> kNone;
    const auto found = m_findings.find(key);
    return found == m_findings.end() ? kNone : found->second;
}

bool ObjectLint::isKnown(std::string_view key) const { return m_known.contains(key); }

ObjectLint::Keys ObjectLint::consumersAmong(const std::vector<gateway::LintObject> &objects)
{
    Keys keys;
    keys.reserve(objects.size());
    for (const gateway::LintObject &object : objects) {
        std::string key = object.key.substr(kRoot.size());
        if (key.starts_with("/consumers/"))
            keys.insert(std::move(key));
    }
    return keys;
}

void ObjectLint::start()
{
    if (m_session.workspace().isLocked()) { // sealed secrets say nothing: what was found stays
        m_done = m_asked;
        return;
    }
    const std::int64_t now =
        std::chrono::floor<std::chrono::seconds>(m_session.now()).time_since_epoch().count();
    // a variable of this process is one of the gateway's only if it is hosted here
    const bool isHere =
        m_session.state() != Session::State::Attached && m_session.state() != Session::State::Lost;
    QThreadPool::globalInstance()->start([self = QPointer<ObjectLint>(this), number = m_asked, now,
                                          isHere, objects = objectsOf(m_session.workspace())] {
        const SecretResolver secrets;
        auto findings = gateway::lintConfig(objects, {now, isHere ? &secrets : nullptr});
        Keys known = consumersAmong(objects);
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, number, findings = std::move(findings), known = std::move(known)]() mutable {
                if (!self || self->m_asked != number)
                    return;
                self->m_done = number;
                self->take(std::move(findings), std::move(known));
            },
            Qt::QueuedConnection);
    });
}

void ObjectLint::take(std::vector<gateway::ConfigFinding> findings, Keys known)
{
    decltype(m_findings) next;
    m_warnings = 0;
    for (gateway::ConfigFinding &finding : findings) {
        finding.key.erase(0, kRoot.size());
        if (!finding.other.empty())
            finding.other.erase(0, kRoot.size());
        if (finding.key.starts_with("/consumers/") && finding.level != LintLevel::Info)
            ++m_warnings;
        next[finding.key].push_back(std::move(finding));
    }
    std::vector<std::string> keys;
    for (const auto &[key, list] : next) {
        const auto old = m_findings.find(key);
        if (old == m_findings.end() || !isSame(old->second, list))
            keys.push_back(key);
    }
    for (const auto &[key, list] : m_findings) {
        if (!next.contains(key))
            keys.push_back(key);
    }
    std::ranges::copy_if(known, std::back_inserter(keys),
                         [this](const std::string &key) { return !m_known.contains(key); });
    m_findings = std::move(next);
    m_known = std::move(known);
    Q_EMIT changed(keys);
}

} // namespace postern::gui
