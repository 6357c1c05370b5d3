// SPDX-License-Identifier: Apache-2.0
#include "gui/models/traffic_row.h"

#include "core/clock.h"
#include "core/json/parse.h"
#include "gui/text/qt_bytes.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

namespace postern::gui {

namespace {

constexpr std::size_t kPackFrom = 8; // fewer are not worth it
constexpr qsizetype kSharedTexts = 20'000; // more are no longer shared: somebody makes them up

struct DecisionRow
{
    std::string_view name; ///< in a trace
    const char *word, *sign;
};
constexpr std::array kDecisions{
    DecisionRow{"", "", ""},
    DecisionRow{"allowed", QT_TRANSLATE_NOOP("postern::gui", "allowed"), "✓"},
    DecisionRow{"", QT_TRANSLATE_NOOP("postern::gui", "anonymous"), "✓"},
    DecisionRow{"denied", QT_TRANSLATE_NOOP("postern::gui", "denied"), "✗"},
    DecisionRow{"unmatched", QT_TRANSLATE_NOOP("postern::gui", "no route"), "?"},
    DecisionRow{"failed", QT_TRANSLATE_NOOP("postern::gui", "failed"), "!"},
};

const DecisionRow &rowOf(TrafficDecision decision)
{
    return kDecisions[static_cast<std::size_t>(decision)];
}

TrafficDecision decisionOf(std::string_view name)
{
    const auto *found = std::ranges::find(kDecisions, name, &DecisionRow::name);
    return found == kDecisions.end() ? TrafficDecision::None
                                     : static_cast<TrafficDecision>(found - kDecisions.begin());
}

qint64 millisecondsOf(std::string_view time)
{
    const auto parsed = parseTime(time, Timestamp{});
    return parsed
        ? std::chrono::duration_cast<std::chrono::milliseconds>(parsed->time_since_epoch()).count()
        : 0;
}

quint32 microsOf(const Json &trace)
{
    const Json *timing = trace.find("timing");
    const Json *total = timing ? timing->find("total_us") : nullptr;
    const std::int64_t micros = total ? total->asInteger().value_or(0) : 0;
    return static_cast<quint32>(
        std::clamp<std::int64_t>(micros, 0, std::numeric_limits<quint32>::max()));
}

std::string_view detailOf(const Json &step, std::string_view name)
{
    const Json *detail = step.find("detail");
    return detail ? detail->stringOr(name, "") : std::string_view();
}

QStringList statesOf(const TrafficRow &row)
{
    QStringList states;
    if (row.marked)
        states += QStringLiteral("marked");
    if (!row.comment.isEmpty())
        states += QStringLiteral("commented");
    if (row.repeatOf != 0)
        states += QStringLiteral("repeated");
    if (row.decision == TrafficDecision::Anonymous)
        states += QStringLiteral("anonymous");
    return states;
}

FilterField field(const char *name, FilterField::Kind kind, const QString &help,
                  const QStringList &values = {})
{
    return {QString::fromLatin1(name), kind, values, help};
}

QString tr(const char *text) { return QCoreApplication::translate("postern::gui", text); }

} // namespace

TraceBlock::TraceBlock(const std::vector<QByteArray> &texts)
{
    for (const QByteArray &text : texts) {
        m_packed += text;
        m_ends.push_back(m_packed.size());
    }
    m_isPacked = texts.size() >= kPackFrom;
    if (m_isPacked)
        m_packed = qCompress(m_packed, 1);
}

QByteArray TraceBlock::text(std::size_t index) const
{
    const QByteArray all = m_isPacked ? qUncompress(m_packed) : m_packed;
    const qsizetype begin = index == 0 ? 0 : m_ends[index - 1];
    return all.sliced(begin, m_ends[index] - begin);
}

std::vector<QByteArray> TraceBlock::texts() const
{
    const QByteArray all = m_isPacked ? qUncompress(m_packed) : m_packed;
    std::vector<QByteArray> texts;
    qsizetype begin = 0;
    for (const qsizetype end : m_ends) {
        texts.push_back(all.sliced(begin, end - begin));
        begin = end;
    }
    return texts;
}

std::vector<Json> tracesOf(const std::vector<TrafficRow> &rows)
{
    std::vector<Json> traces;
    const TraceBlock *unpacked = nullptr;
    std::vector<QByteArray> texts;
    for (const TrafficRow &row : rows) {
        if (row.block && row.block.get() != unpacked) {
            unpacked = row.block.get();
            texts = row.block->texts();
        }
        const QByteArray text = row.block ? texts[row.index] : QByteArrayLiteral("{}");
        traces.push_back(parseJson({text.constData(), static_cast<std::size_t>(text.size())})
                             .value_or(Json::object()));
    }
    return traces;
}

QString decisionWord(TrafficDecision decision)
{
    const char *word = rowOf(decision).word;
    return *word == '\0' ? QString() : tr(word);
}

QString decisionSign(TrafficDecision decision) { return QString::fromUtf8(rowOf(decision).sign); }

Json TrafficRow::trace() const
{
    if (!block)
        return Json::object();
    const QByteArray text = block->text(index);
    return parseJson({text.constData(), static_cast<std::size_t>(text.size())})
        .value_or(Json::object());
}

std::vector<TrafficRow> TrafficReader::read(const std::vector<QByteArray> &texts)
{
    std::vector<TrafficRow> rows;
    rows.reserve(texts.size());
    std::vector<QByteArray> kept; // of the block that is being filled
    std::size_t first = 0;
    const auto close = [&] {
        const auto block = std::make_shared<const TraceBlock>(kept);
        for (std::size_t i = first; i < rows.size(); ++i)
            rows[i].block = block;
        first = rows.size();
        kept.clear();
    };
    for (const QByteArray &text : texts) {
        const auto trace = parseJson({text.constData(), static_cast<std::size_t>(text.size())});
        if (!trace)
            continue;
        rows.push_back(readRow(*trace));
        rows.back().index = static_cast<quint16>(kept.size());
        kept.push_back(text);
        if (kept.size() == TraceBlock::kTraces)
            close();
    }
    close();
    return rows;
}

TrafficRow TrafficReader::readRow(const Json &trace)
{
    TrafficRow row;
    const Json *status = trace.find("status");
    row.status = static_cast<quint16>(status ? status->asInteger().value_or(0) : 0);
    row.time = millisecondsOf(trace.stringOr("time", ""));
    row.micros = microsOf(trace);
    row.decision = decisionOf(trace.stringOr("decision", ""));
    row.id = toText(trace.stringOr("id", ""));
    row.path = toText(trace.stringOr("target", ""));
    row.method = shared(trace.stringOr("method", ""));
    row.host = shared(trace.stringOr("host", ""));
    row.route = shared(trace.stringOr("route", ""));
    row.consumer = shared(trace.stringOr("consumer", ""));
    row.reason = shared(trace.stringOr("reason", ""));
    readSteps(trace, row);
    return row;
}

void TrafficReader::readSteps(const Json &trace, TrafficRow &row)
{
    std::string plugins;
    std::string credential;
    const std::string_view deciding = trace.stringOr("step", "");
    const Json *steps = trace.find("steps");
    for (const Json &step : steps ? steps->items() : Json::Array()) {
        const std::string_view name = step.stringOr("step", "");
        const std::string_view subject = step.stringOr("subject", "");
        const bool good = step.stringOr("outcome", "") == "ok";
        if (name == "route" || name == "upstream" || name == "client" || subject.empty())
            continue;
        if (!plugins.contains(subject))
            (plugins += plugins.empty() ? "" : " ") += subject;
        if (!good && name == deciding)
            row.plugin = shared(subject);
        if (good && name == "extract") {
            credential = subject;
        } else if (good && name == "consumer") {
            const std::string_view id = detailOf(step, "credential");
            credential = std::string(subject) + (id.empty() ? "" : " / ") + std::string(id);
        }
        if (row.decision == TrafficDecision::Allowed
            && detailOf(step, "what") == "anonymous_consumer")
            row.decision = TrafficDecision::Anonymous;
    }
    if (row.decision == TrafficDecision::Allowed)
        row.plugin.clear();
    row.plugins = shared(plugins);
    row.credential = shared(credential);
}

QString TrafficReader::shared(std::string_view text)
{
    if (text.empty())
        return {};
    const QString fresh = toText(text);
    if (const auto found = m_texts.constFind(fresh); found != m_texts.constEnd())
        return *found;
    if (m_texts.size() < kSharedTexts)
        m_texts.insert(fresh);
    return fresh;
}

const std::vector<FilterField> &trafficFields()
{
    using Kind = FilterField::Kind;
    static const std::vector<FilterField> fields{
        field("status", Kind::Number, tr("Answer's status: status:401, status:>=400")),
        field("method", Kind::Text, tr("Method of the request"),
              {QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"),
               QStringLiteral("DELETE"), QStringLiteral("PATCH"), QStringLiteral("HEAD")}),
        field("path", Kind::Text, tr("Path and query: path:/get*")),
        field("host", Kind::Text, tr("Host the request was sent to")),
        field("consumer", Kind::Text, tr("Who it was")),
        field("credential", Kind::Text, tr("Kind and name of the credential")),
        field("route", Kind::Text, tr("Route that matched")),
        field("decision", Kind::Text, tr("What was decided"),
              {QStringLiteral("allowed"), QStringLiteral("anonymous"), QStringLiteral("denied"),
               QStringLiteral("unmatched"), QStringLiteral("failed")}),
        field("plugin", Kind::Text, tr("A plugin that ran")),
        field("reason", Kind::Text, tr("Why it was refused")),
        field("time", Kind::Duration, tr("How long it took: time:>200ms")),
        field("comment", Kind::Text, tr("Words of a comment")),
        field("is", Kind::State, tr("Marks and states"),
              {QStringLiteral("marked"), QStringLiteral("commented"), QStringLiteral("repeated"),
               QStringLiteral("anonymous")}),
    };
    return fields;
}

QStringList trafficValues(const TrafficRow &row, const QString &field)
{
    const auto list = [](const QString &text) {
        return text.isEmpty() ? QStringList() : QStringList(text);
    };
    if (field.isEmpty())
        return {row.path,       row.method,   QString::number(row.status),
                row.route,      row.consumer, row.reason,
                row.credential, row.comment,  row.plugins};
    switch (field.at(0).unicode()) {
    case 's':
        return {QString::number(row.status)};
    case 'm':
        return {row.method};
    case 'p':
        if (field == u"path")
            return {row.path};
        return row.plugins.isEmpty() ? QStringList() : row.plugins.split(u' ');
    case 'h':
        return list(row.host);
    case 'c':
        return list(field == u"consumer"      ? row.consumer
                        : field == u"comment" ? row.comment
                                              : row.credential);
    case 'r':
        return list(field == u"route" ? row.route : row.reason);
    case 'd':
        // an anonymous one is an allowed one, too
        if (row.decision == TrafficDecision::Anonymous)
            return {QStringLiteral("anonymous"), QStringLiteral("allowed")};
        return list(QString::fromLatin1(rowOf(row.decision).name.data(),
                                        static_cast<qsizetype>(rowOf(row.decision).name.size())));
    case 't':
        return {QStringLiteral("%1us").arg(row.micros)};
    case 'i':
        return statesOf(row);
    default:
        return {};
    }
}

} // namespace postern::gui
