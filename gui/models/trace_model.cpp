// SPDX-License-Identifier: Apache-2.0
#include "gui/models/trace_model.h"

#include "gateway/pipeline/explain.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"

#include <utility>

namespace postern::gui {

namespace {

QString signOf(TraceModel::Outcome outcome)
{
    return outcome == TraceModel::Outcome::Ok    ? QStringLiteral("✓")
        : outcome == TraceModel::Outcome::Failed ? QStringLiteral("✗")
                                                 : QStringLiteral("–");
}

} // namespace

void TraceModel::addStep(const Json &step)
{
    const std::string_view outcome = step.stringOr("outcome", "");
    Row row;
    row.outcome = outcome == "ok" ? Outcome::Ok
        : outcome == "failed"     ? Outcome::Failed
                                  : Outcome::Note;
    const QString subject = toText(step.stringOr("subject", ""));
    row.title = QStringLiteral("%1  %2").arg(++m_steps).arg(toText(step.stringOr("step", "")));
    if (!subject.isEmpty())
        row.title += QStringLiteral("  ") + subject;
    row.text = toText(step.stringOr("text", ""));
    m_rows.push_back(std::move(row));
}

void TraceModel::addTexts(const char *member, Line line, const QString &title)
{
    const Json *list = m_trace.find(member);
    for (const Json &text : list ? list->items() : Json::Array())
        m_rows.push_back({line, Outcome::Note, title, toText(text.asString())});
}

void TraceModel::setTrace(Json trace)
{
    beginResetModel();
    m_trace = std::move(trace);
    m_rows.clear();
    m_steps = 0;
    m_failed = -1;
    const Json *steps = m_trace.find("steps");
    for (const Json &step : steps ? steps->items() : Json::Array()) {
        addStep(step);
        if (m_rows.back().outcome == Outcome::Failed)
            m_failed = m_steps - 1;
    }
    if (m_trace.stringOr("decision", "") == "allowed")
        m_failed = -1;
    addTexts("notes", Line::Note, tr("Note"));
    QStringList rest;
    for (const std::string_view stage : gateway::stagesNotReached(m_trace))
        rest += toText(stage);
    if (!rest.isEmpty())
        m_rows.push_back(
            {Line::NotReached, Outcome::Note, tr("Not reached"), rest.join(QStringLiteral(", "))});
    addTexts("fix", Line::Fix, tr("Fix"));
    endResetModel();
}

int TraceModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant TraceModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    Row row = m_rows[static_cast<std::size_t>(index.row())];
    row.title = Privacy::instance().text(row.title);
    row.text = Privacy::instance().text(row.text);
    switch (role) {
    case Qt::DisplayRole:
        return row.line == Line::Step ? signOf(row.outcome) + u' ' + row.title + u' ' + row.text
                                      : row.title + QStringLiteral(": ") + row.text;
    case Qt::AccessibleTextRole: {
        const QString word = row.outcome == Outcome::Ok ? tr("passed")
            : row.outcome == Outcome::Failed            ? tr("failed")
                                                        : tr("noted");
        return row.line == Line::Step ? row.title + u' ' + word + u' ' + row.text
                                      : row.title + u' ' + row.text;
    }
    case LineRole:
        return static_cast<int>(row.line);
    case OutcomeRole:
        return static_cast<int>(row.outcome);
    case SignRole:
        return row.line == Line::Step ? signOf(row.outcome) : QString();
    case TitleRole:
        return row.title;
    case TextRole:
        return row.text;
    default:
        return {};
    }
}

} // namespace postern::gui
