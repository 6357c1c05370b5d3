// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/text/filter.h"

#include <QLineEdit>

#include <functional>
#include <optional>
#include <vector>

class QAction;
class QCompleter;
class QStringListModel;

namespace postern::gui {

/// The line that a list is filtered with: completes fields and values, has a green or red frame
/// with a sign, and says in the status bar what is wrong. Esc clears, then leaves.
class FilterEdit : public QLineEdit
{
    Q_OBJECT
public:
    struct Fault
    {
        qsizetype position = 0;
        QString message; ///< a sentence for the user
    };
    /// \return what is wrong with a text; nullopt: nothing
    using Parse = std::function<std::optional<Fault>(const QString &text)>;

    explicit FilterEdit(QWidget *parent = nullptr);
    /// \param parse called while typing
    void setGrammar(std::vector<FilterField> fields, Parse parse);
    /// The values offered for a field, as the list knows them now.
    void setValues(const QString &field, const QStringList &values);
    [[nodiscard]] QString message() const { return m_message; } ///< empty: the text is right
    /// Adds a term, as "Filter by this" does: `field:value`, quoted where it must be.
    void addTerm(const QString &field, const QString &value, bool exclude = false);

Q_SIGNALS:
    void filterChanged(const QString &text); ///< a text without fault
    void left(); ///< Esc in the empty line, or Down: the list should have the focus

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void check();
    void complete();
    void insertCompletion(const QString &text);
    [[nodiscard]] qsizetype termStart() const;

    std::vector<FilterField> m_fields;
    Parse m_parse;
    QString m_message;
    QAction *m_sign;
    QCompleter *m_completer;
    QStringListModel *m_offers;
};

} // namespace postern::gui
