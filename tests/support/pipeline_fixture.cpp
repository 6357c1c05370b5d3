// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pipeline_fixture.h"

#include "core/bytes/encoding.h"
#include "core/jose/jws.h"
#include "gateway/pipeline/step_text.h"

#include <tuple>

namespace postern::gateway::testing {

PipelineFixture::PipelineFixture(PluginEnv env) : compiler(env), snapshot(compiler.apply({}, 0)) {}

void PipelineFixture::put(std::string_view path, std::string_view json)
{
    putAll({{std::string(path), std::string(json)}});
}

void PipelineFixture::putAll(const std::vector<std::pair<std::string, std::string>> &documents)
{
    ++revision;
    std::vector<Change> changes;
    for (const auto &[path, json] : documents) {
        const std::string key = "/apisix/" + path;
        changes.push_back(
            {key, std::make_shared<const Document>(Document{key, json, revision, revision}),
             revision});
    }
    snapshot = compiler.apply(changes, revision);
}

void PipelineFixture::remove(std::string_view path)
{
    ++revision;
    snapshot = compiler.apply({{"/apisix/" + std::string(path), nullptr, revision}}, revision);
}

Verdict PipelineFixture::send(std::string_view method, std::string_view target, Headers headers)
{
    exchange.clear();
    // Exact-size copies, so that the sanitizer sees a view that reaches too far.
    m_target = target;
    m_path = decodePercent(target.substr(0, target.find('?')));
    m_texts.clear();
    m_texts.reserve(headers.size() * 2);
    Request &request = exchange.request;
    request.method = exchange.arena.copy(method);
    request.target = m_target;
    request.path = m_path;
    const std::size_t question = m_target.find('?');
    if (question != std::string::npos)
        request.query = std::string_view(m_target).substr(question + 1);
    request.host = request.hostName = "localhost";
    request.peer = "127.0.0.1";
    for (const auto &[name, value] : headers) {
        const std::string &ownName = m_texts.emplace_back(name);
        const std::string &ownValue = m_texts.emplace_back(value);
        request.headers.append(ownName, ownValue);
    }
    TraceRecord &trace = exchange.trace;
    std::tie(trace.method, trace.methodSize) = trace.put(method);
    std::tie(trace.target, trace.targetSize) = trace.put(target);
    std::tie(trace.host, trace.hostSize) = trace.put("localhost");
    std::tie(trace.peer, trace.peerSize) = trace.put("127.0.0.1");
    exchange.snapshot = snapshot;
    exchange.now = Timestamp(std::chrono::seconds(now)) + offset;
    return decide(exchange, merged);
}

int PipelineFixture::get(std::string_view target, Headers headers)
{
    return send("GET", target, headers) == Verdict::Continue ? 200 : exchange.reply.status;
}

std::string PipelineFixture::replyHeader(std::string_view name) const
{
    return std::string(exchange.reply.headers.value(name));
}

std::string PipelineFixture::upstreamHeader(std::string_view name) const
{
    return std::string(exchange.request.headers.value(name));
}

std::string PipelineFixture::steps() const
{
    std::string out;
    for (std::size_t i = 0; i < exchange.trace.events; ++i) {
        const StepView view = viewOf(exchange.trace, i);
        if (!out.empty())
            out += "; ";
        out += std::string(stepName(view.step)) + ' ' + std::string(outcomeName(view.outcome));
        if (view.outcome != Outcome::Ok)
            out += ' ' + std::string(slug(view.reason));
    }
    return out;
}

std::string PipelineFixture::failure() const
{
    for (std::size_t i = exchange.trace.events; i-- > 0;) {
        const StepView view = viewOf(exchange.trace, i);
        if (view.outcome == Outcome::Failed)
            return std::string(slug(view.reason));
    }
    return {};
}

bool PipelineFixture::traceHolds(std::string_view text) const
{
    const std::string_view all(exchange.trace.text.data(), exchange.trace.used);
    return all.contains(text);
}

void PipelineFixture::setTime(std::int64_t unixSeconds) { now = unixSeconds; }

std::string mint(std::string_view header, std::string_view payload, Alg alg, const Key &key)
{
    return signJws(header, payload, alg, key, true).value_or("");
}

std::string mintHs256(std::string_view payload, std::string_view secret)
{
    return mint(R"({"alg":"HS256","typ":"JWT"})", payload, Alg::HS256,
                *Key::fromSecret(Secret(secret)));
}

std::string jsonText(std::string_view text) { return Json(text).dump(); }

} // namespace postern::gateway::testing
