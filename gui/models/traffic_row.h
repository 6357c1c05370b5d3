// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gui/text/filter.h"

#include <QByteArray>
#include <QSet>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <memory>
#include <vector>

namespace postern::gui {

/// Some consecutive traces, packed: they share most of their text. Immutable; any thread.
class TraceBlock
{
public:
    static constexpr std::size_t kTraces = 128; ///< at most

    explicit TraceBlock(const std::vector<QByteArray> &texts);
    [[nodiscard]] QByteArray text(std::size_t index) const;
    [[nodiscard]] std::vector<QByteArray> texts() const;

private:
    QByteArray m_packed;
    std::vector<qsizetype> m_ends;
    bool m_isPacked = false;
};

enum class TrafficDecision : std::uint8_t {
    None, ///< nobody decided: read from an archive
    Allowed,
    Anonymous, ///< allowed as the anonymous consumer
    Denied,
    Unmatched,
    Failed
};
/// "allowed", "anonymous", "denied", "no route", "failed": as the list and the filter say it.
[[nodiscard]] QString decisionWord(TrafficDecision decision);
/// "✓", "✗", "!", "?".
[[nodiscard]] QString decisionSign(TrafficDecision decision);

/// A decided request as the list shows it. Texts that repeat are shared.
struct TrafficRow
{
    quint64 number = 0; ///< counted by the model, from 1
    quint64 repeatOf = 0; ///< number of the request that this one repeats; 0: none
    qint64 time = 0; ///< milliseconds since 1970
    quint32 micros = 0;
    quint16 status = 0;
    quint16 index = 0; ///< in the block
    TrafficDecision decision = TrafficDecision::None;
    bool marked = false;
    QString id, method, path, host, route, consumer, credential, reason;
    QString plugin; ///< what decided against it
    QString plugins; ///< all that ran, blanks between
    QString comment;
    std::shared_ptr<const TraceBlock> block;

    [[nodiscard]] Json trace() const; ///< what `explainTrace` explains
};

/// The traces of rows, each block unpacked once. Any thread.
[[nodiscard]] std::vector<Json> tracesOf(const std::vector<TrafficRow> &rows);

/// Makes rows of traces as the control API tells them. One thread at a time.
class TrafficReader
{
public:
    [[nodiscard]] std::vector<TrafficRow> read(const std::vector<QByteArray> &texts);

private:
    QString shared(std::string_view text);
    void readSteps(const Json &trace, TrafficRow &row);
    TrafficRow readRow(const Json &trace);

    QSet<QString> m_texts;
};

/// What the filter of the traffic knows: status:401 method:POST path:/get* decision:denied …
[[nodiscard]] const std::vector<FilterField> &trafficFields();
/// A row's texts for Filter::matches().
[[nodiscard]] QStringList trafficValues(const TrafficRow &row, const QString &field);

} // namespace postern::gui
