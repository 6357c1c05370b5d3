// SPDX-License-Identifier: Apache-2.0
#include "gui/models/exchange_fields.h"

#include "core/clock.h"
#include "core/jose/token_view.h"
#include "gateway/http/header_list.h"
#include "gateway/request/redact.h"
#include "gui/models/trace_links.h"
#include "gui/text/local_time.h"
#include "gui/text/qt_bytes.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

namespace postern::gui {

using gateway::RecordedExchange;
using gateway::RecordedMessage;
using gateway::SecretPlaces;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("postern::gui", text); }

QString stepNote(const Json &trace, const QString &key)
{
    QStringList numbers;
    for (const int step : stepsOfPart(trace, key))
        numbers += QString::number(step + 1);
    return numbers.isEmpty() ? QString() : tr("step %1").arg(numbers.join(QStringLiteral(", ")));
}

FieldRow noted(const Json &trace, const QString &name, const QString &value, const QString &key)
{
    return {name, value, key, stepNote(trace, key), false, false};
}

FieldRow plain(const QString &name, const QString &value)
{
    return {name, value, {}, {}, false, false};
}

FieldRow headerRow(const Json &trace, std::string_view name, std::string_view value,
                   const SecretPlaces &places, bool linked)
{
    const QString text = toText(gateway::redactHeader(name, value, places));
    if (!linked)
        return plain(toText(name), text);
    return noted(trace, toText(name), text, QStringLiteral("header:") + toText(name).toLower());
}

/// What the trace alone tells of headers: those a login was taken from.
void addKnownHeaders(const Json &trace, std::vector<FieldRow> &rows)
{
    const std::string_view host = trace.stringOr("host", "");
    if (!host.empty())
        rows.push_back(
            noted(trace, QStringLiteral("Host"), toText(host), QStringLiteral("header:host")));
    for (const std::string &name : SecretPlaces::of(trace).headers)
        rows.push_back(noted(trace, toText(name), toText(gateway::kRedacted),
                             QStringLiteral("header:") + toText(name).toLower()));
}

void addArguments(const Json &trace, std::string_view target, std::vector<FieldRow> &rows)
{
    const std::size_t query = target.find('?');
    if (query == std::string_view::npos)
        return;
    const QString text = toText(gateway::redactTarget(target, SecretPlaces::of(trace)));
    for (const QString &pair : text.mid(text.indexOf(u'?') + 1).split(u'&', Qt::SkipEmptyParts)) {
        const QString name = pair.section(u'=', 0, 0);
        rows.push_back(noted(trace, tr("Argument %1").arg(name), pair.section(u'=', 1),
                             QStringLiteral("argument:") + name.toLower()));
    }
}

void addBody(const RecordedMessage &message, std::vector<FieldRow> &rows)
{
    if (message.bodySize == 0)
        return;
    rows.push_back(plain(tr("Body"), toText(message.body)));
    rows.back().body = true;
    if (message.isCut())
        rows.push_back(
            plain(tr("Body is cut"),
                  tr("%1 of %2 bytes are kept")
                      .arg(QLocale().toString(static_cast<qulonglong>(message.body.size())),
                           QLocale().toString(static_cast<qulonglong>(message.bodySize)))));
}

/// The gateway's own answer, of which the trace keeps the beginning.
void addMessage(const QString &message, std::vector<FieldRow> &rows)
{
    rows.push_back(plain(tr("Body"), message));
    rows.back().body = true;
}

bool isTime(std::string_view claim) noexcept
{
    return claim == "exp" || claim == "nbf" || claim == "iat" || claim == "auth_time";
}

QString claimText(const Json &value)
{
    return value.isString() ? toText(value.asString()) : toText(value.dump());
}

FieldRow claimRow(const Json &trace, std::string_view name, const Json &value)
{
    const QString text = claimText(value);
    FieldRow row = noted(trace, toText(name), text, QStringLiteral("claim:") + toText(name));
    if (isTime(name) && value.isNumber()) {
        const auto seconds = static_cast<std::int64_t>(value.asDouble());
        const Timestamp time{
            std::chrono::seconds(std::clamp<std::int64_t>(seconds, -8'000'000'000, 8'000'000'000))};
        row.value = QStringLiteral("%1  (%2)").arg(text, localTime(time));
        row.tip = QStringLiteral("%1  (%2)").arg(text, toText(formatTime(time)));
    }
    return row;
}

FieldRow receivedRow(const Json &trace)
{
    const std::string_view text = trace.stringOr("time", "");
    FieldRow row = plain(tr("Received"), toText(text));
    if (const auto time = parseTime(text, Timestamp{})) {
        row.tip = row.value;
        row.value = localTime(*time, true);
    }
    return row;
}

std::string argumentOf(std::string_view target, std::string_view wanted)
{
    const std::size_t query = target.find('?');
    std::string_view rest =
        query == std::string_view::npos ? std::string_view() : target.substr(query + 1);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        const std::string_view pair = rest.substr(0, end);
        if (pair.starts_with(wanted) && pair.substr(wanted.size()).starts_with('='))
            return std::string(pair.substr(wanted.size() + 1));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

bool isVolatile(std::string_view header) noexcept
{
    constexpr std::array<std::string_view, 6> kNames{"date",       "content-length",  "connection",
                                                     "user-agent", "x-postern-trace", "host"};
    return std::ranges::any_of(
        kNames, [header](std::string_view n) { return gateway::equalsIgnoringCase(n, header); });
}

class Comparison
{
public:
    void add(const QString &section, const QString &name, const QString &left, const QString &right)
    {
        if (!left.isEmpty() || !right.isEmpty())
            m_rows.push_back({section, name, left, right, left != right});
    }

    void addFields(const QString &section, const std::vector<FieldRow> &left,
                   const std::vector<FieldRow> &right)
    {
        QStringList names;
        for (const auto *rows : {&left, &right}) {
            for (const FieldRow &row : *rows) {
                if (!names.contains(row.name) && !isVolatile(toOctets(row.name)))
                    names += row.name;
            }
        }
        for (const QString &name : std::as_const(names))
            add(section, name, valueOf(left, name), valueOf(right, name));
    }

    [[nodiscard]] std::vector<ComparedRow> take() { return std::move(m_rows); }

private:
    static QString valueOf(const std::vector<FieldRow> &rows, const QString &name)
    {
        QStringList values;
        for (const FieldRow &row : rows) {
            if (row.name == name)
                values += row.value;
        }
        return values.join(QStringLiteral(", "));
    }

    std::vector<ComparedRow> m_rows;
};

QString stepLine(const Json &trace, std::size_t index)
{
    const Json *steps = trace.find("steps");
    if (!steps || index >= steps->size())
        return {};
    const Json &step = steps->items()[index];
    const std::string_view outcome = step.stringOr("outcome", "");
    return QStringLiteral("%1 %2 %3 %4")
        .arg(outcome == "ok"           ? QStringLiteral("✓")
                 : outcome == "failed" ? QStringLiteral("✗")
                                       : QStringLiteral("–"),
             toText(step.stringOr("step", "")), toText(step.stringOr("subject", "")),
             toText(step.stringOr("text", "")));
}

QString memberText(const Json &trace, std::string_view name)
{
    const Json *member = trace.find(name);
    return !member || member->isNull() ? QString()
        : member->isString()           ? toText(member->asString())
                                       : toText(member->dump());
}

} // namespace

std::vector<FieldRow> requestFields(const RecordedExchange &exchange)
{
    const Json &trace = exchange.trace;
    const SecretPlaces places = SecretPlaces::of(trace);
    const RecordedMessage &request = exchange.request;
    const std::string target =
        request.present ? request.target : std::string(trace.stringOr("target", ""));
    const std::string method =
        request.present ? request.method : std::string(trace.stringOr("method", ""));
    std::vector<FieldRow> rows;
    rows.push_back(noted(trace, toText(method), toText(gateway::redactTarget(target, places)),
                         QStringLiteral("start")));
    rows.back().heading = true;
    for (const auto &[name, value] : request.headers)
        rows.push_back(headerRow(trace, name, value, places, true));
    if (!request.present)
        addKnownHeaders(trace, rows);
    addArguments(trace, target, rows);
    addBody(request, rows);
    return rows;
}

std::vector<FieldRow> responseFields(const RecordedExchange &exchange)
{
    const Json &trace = exchange.trace;
    std::vector<FieldRow> rows;
    rows.push_back(
        noted(trace, tr("Status"), memberText(trace, "status"), QStringLiteral("response")));
    rows.back().heading = true;
    for (const auto &[name, value] : exchange.response.headers)
        rows.push_back(headerRow(trace, name, value, {}, false));
    addBody(exchange.response, rows);
    if (!exchange.response.present && !memberText(trace, "message").isEmpty())
        addMessage(memberText(trace, "message"), rows);
    return rows;
}

std::vector<FieldRow> upstreamFields(const RecordedExchange &exchange)
{
    const Json &trace = exchange.trace;
    const Json *upstream = trace.find("upstream");
    const Json *reached = upstream ? upstream->find("reached") : nullptr;
    std::vector<FieldRow> rows;
    if (!reached || !reached->asBool()) {
        rows.push_back({tr("Not reached"),
                        tr("The upstream has not seen this request."),
                        QStringLiteral("upstream"),
                        {},
                        true});
        return rows;
    }
    rows.push_back(
        noted(trace, tr("Address"), memberText(*upstream, "address"), QStringLiteral("upstream")));
    rows.back().heading = true;
    rows.push_back(plain(tr("Node"), memberText(*upstream, "node")));
    rows.push_back(plain(tr("Answer"), memberText(*upstream, "status")));
    const RecordedMessage &sent = exchange.toUpstream;
    if (sent.present)
        rows.push_back(plain(toText(sent.method), toText(sent.target)));
    for (const auto &[name, value] : sent.headers)
        rows.push_back(headerRow(trace, name, value, SecretPlaces::of(trace), false));
    addBody(sent, rows);
    return rows;
}

std::vector<FieldRow> timingFields(const RecordedExchange &exchange)
{
    const Json &trace = exchange.trace;
    const Json *timing = trace.find("timing");
    const auto micros = [](const Json *times, std::string_view name) -> std::optional<double> {
        const Json *value = times ? times->find(name) : nullptr;
        return value && value->isNumber() ? std::optional(value->asDouble()) : std::nullopt;
    };
    const auto text = [](double value) {
        return tr("%1 ms").arg(QLocale().toString(value / 1000, 'f', 3));
    };
    std::vector<FieldRow> rows{receivedRow(trace)};
    const double total = micros(timing, "total_us").value_or(0);
    const double decision = micros(timing, "decision_us").value_or(0);
    rows.push_back(plain(tr("Routing and plugins"), text(decision)));
    const std::array<std::pair<std::string_view, QString>, 5> marks{
        std::pair(std::string_view("decided_us"), tr("Decided after")),
        std::pair(std::string_view("upstream_tried_us"), tr("Upstream asked after")),
        std::pair(std::string_view("upstream_connected_us"), tr("Upstream connected after")),
        std::pair(std::string_view("upstream_first_byte_us"), tr("First byte of the answer after")),
        std::pair(std::string_view("upstream_last_byte_us"), tr("Last byte of the answer after"))};
    for (const auto &[name, label] : marks) {
        if (const auto value = micros(&exchange.timing, name))
            rows.push_back(plain(label, text(*value)));
    }
    if (exchange.timing.isNull())
        rows.push_back(plain(tr("Upstream and transfer"), text(std::max(0.0, total - decision))));
    rows.push_back(plain(tr("Altogether"), text(total)));
    rows.push_back(
        plain(tr("Configuration"), tr("revision %1").arg(memberText(trace, "revision"))));
    return rows;
}

std::string tokenOf(const RecordedExchange &exchange)
{
    const SecretPlaces places = SecretPlaces::of(exchange.trace);
    std::vector<std::string> found;
    found.reserve(places.headers.size() + places.arguments.size() + 1);
    for (const std::string &name : places.headers)
        found.emplace_back(exchange.request.header(name));
    for (const std::string &name : places.arguments)
        found.push_back(argumentOf(exchange.request.target, name));
    found.emplace_back(exchange.request.header("authorization"));
    for (std::string &text : found) {
        text.erase(0, text.rfind(' ') + 1); // the scheme
        if (std::ranges::count(text, '.') == 2)
            return text;
    }
    return {};
}

std::vector<FieldRow> tokenFields(const RecordedExchange &exchange)
{
    const std::string token = tokenOf(exchange);
    if (token.empty())
        return {};
    const TokenView view = viewToken(token);
    std::vector<FieldRow> rows;
    rows.push_back({tr("Header"),
                    {},
                    QStringLiteral("token:header"),
                    stepNote(exchange.trace, QStringLiteral("token:header")),
                    true});
    for (const auto &[name, value] : view.header.members())
        rows.push_back(plain(toText(name), claimText(value)));
    rows.push_back({tr("Claims"), {}, {}, {}, true, false});
    for (const auto &[name, value] : view.payload.members())
        rows.push_back(claimRow(exchange.trace, name, value));
    rows.push_back({tr("Signature"), toText(gateway::kRedacted), QStringLiteral("token:signature"),
                    stepNote(exchange.trace, QStringLiteral("token:signature")), true, false});
    for (const TokenFault &fault : view.faults)
        rows.push_back(plain(tr("Fault"), toText(describe(fault.error))));
    return rows;
}

std::vector<ComparedRow> compareExchanges(const RecordedExchange &left,
                                          const RecordedExchange &right)
{
    Comparison comparison;
    const QString decision = tr("Decision");
    for (const auto &[name, label] :
         {std::pair("decision", tr("Decision")), std::pair("status", tr("Status")),
          std::pair("route", tr("Route")), std::pair("consumer", tr("Consumer")),
          std::pair("reason", tr("Reason"))})
        comparison.add(decision, label, memberText(left.trace, name),
                       memberText(right.trace, name));
    const Json *a = left.trace.find("steps");
    const Json *b = right.trace.find("steps");
    const std::size_t steps = std::max(a ? a->size() : 0, b ? b->size() : 0);
    for (std::size_t i = 0; i < steps; ++i)
        comparison.add(decision, tr("Step %1").arg(i + 1), stepLine(left.trace, i),
                       stepLine(right.trace, i));
    comparison.addFields(tr("Token"), tokenFields(left), tokenFields(right));
    comparison.addFields(tr("Request"), requestFields(left), requestFields(right));
    comparison.addFields(tr("Response"), responseFields(left), responseFields(right));
    return comparison.take();
}

} // namespace postern::gui
