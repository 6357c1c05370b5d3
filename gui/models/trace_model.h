// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <QAbstractListModel>
#include <QString>

#include <vector>

namespace postern::gui {

/// The decision trace of one request as lines: its steps, what was noted beside them, what it did
/// not come to, and what to do about it. Texts are the gateway's own. Main thread.
class TraceModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum class Line : std::uint8_t { Step, Note, NotReached, Fix };
    enum class Outcome : std::uint8_t { Ok, Failed, Note };
    enum Role {
        LineRole = Qt::UserRole, ///< Line as int
        OutcomeRole, ///< Outcome as int
        SignRole, ///< "✓", "✗", "–"
        TitleRole, ///< "4  label  acl"
        TextRole, ///< the sentence
    };

    explicit TraceModel(QObject *parent = nullptr) : QAbstractListModel(parent) {}

    void setTrace(Json trace);
    [[nodiscard]] const Json &trace() const noexcept { return m_trace; }
    [[nodiscard]] int stepCount() const noexcept { return m_steps; } ///< they come first
    [[nodiscard]] int failedStep() const noexcept { return m_failed; } ///< -1: none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final;

private:
    struct Row
    {
        Line line = Line::Step;
        Outcome outcome = Outcome::Note;
        QString title, text;
    };
    void addStep(const Json &step);
    void addTexts(const char *member, Line line, const QString &title);

    Json m_trace = Json::object();
    std::vector<Row> m_rows;
    int m_steps = 0;
    int m_failed = -1;
};

} // namespace postern::gui
