// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/filter_edit.h"

#include "gui/theme/theme.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QCompleter>
#include <QFocusEvent>
#include <QKeyEvent>
#include <QStatusTipEvent>
#include <QStringListModel>
#include <QStyle>

#include <algorithm>

namespace postern::gui {

FilterEdit::FilterEdit(QWidget *parent)
    : QLineEdit(parent),
      m_sign(new QAction(this)),
      m_completer(new QCompleter(this)),
      m_offers(new QStringListModel(this))
{
    setObjectName(QStringLiteral("filter"));
    setAccessibleName(tr("Filter"));
    setPlaceholderText(tr("Filter"));
    setClearButtonEnabled(true);
    addAction(m_sign, QLineEdit::LeadingPosition);
    m_sign->setIcon(Theme::instance().icon(QStringLiteral("filter"), Role::Muted));
    m_completer->setModel(m_offers);
    m_completer->setWidget(this); // not setCompleter(): a term is completed, not the line
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_completer->setCompletionMode(QCompleter::PopupCompletion);
    m_completer->popup()->setObjectName(QStringLiteral("completions"));
    m_completer->popup()->setAccessibleName(tr("Completions"));
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this,
            &FilterEdit::insertCompletion);
    connect(this, &QLineEdit::textChanged, this, &FilterEdit::check);
    connect(this, &QLineEdit::textEdited, this, &FilterEdit::complete);
}

void FilterEdit::setGrammar(std::vector<FilterField> fields, Parse parse)
{
    m_fields = std::move(fields);
    m_parse = std::move(parse);
    check();
}

void FilterEdit::setValues(const QString &field, const QStringList &values)
{
    const auto found = std::ranges::find(m_fields, field, &FilterField::name);
    if (found != m_fields.end())
        found->values = values;
}

void FilterEdit::addTerm(const QString &field, const QString &value, bool exclude)
{
    const bool quote = value.isEmpty() || std::ranges::any_of(value, [](QChar c) {
                           return c.isSpace() || QStringLiteral("\"|*<>:").contains(c);
                       });
    QString term = exclude ? QStringLiteral("-") : QString();
    if (!field.isEmpty())
        term += field + QLatin1Char(':');
    term += quote ? QStringLiteral("\"%1\"").arg(value) : value;
    setText(text().trimmed().isEmpty() ? term : text().trimmed() + QLatin1Char(' ') + term);
}

void FilterEdit::check()
{
    const std::optional<Fault> fault = m_parse ? m_parse(text()) : std::nullopt;
    m_message = fault ? fault->message : QString();
    const bool empty = text().trimmed().isEmpty();
    setProperty("verdict",
                fault       ? QVariant(QStringLiteral("wrong"))
                    : empty ? QVariant()
                            : QVariant(QStringLiteral("right")));
    m_sign->setIcon(fault       ? Theme::instance().icon(QStringLiteral("warning"), Role::Denied)
                        : empty ? Theme::instance().icon(QStringLiteral("filter"), Role::Muted)
                                : Theme::instance().icon(QStringLiteral("check"), Role::Allowed));
    m_sign->setToolTip(m_message);
    setToolTip(m_message);
    setAccessibleDescription(m_message);
    update();
    QStatusTipEvent tip(m_message);
    if (window() != this)
        QApplication::sendEvent(parentWidget() ? parentWidget() : this, &tip);
    if (!fault)
        Q_EMIT filterChanged(text());
}

qsizetype FilterEdit::termStart() const
{
    const QString before = text().left(cursorPosition());
    qsizetype start = 0;
    bool quoted = false;
    for (qsizetype at = 0; at < before.size(); ++at) {
        if (before.at(at) == QLatin1Char('"'))
            quoted = !quoted;
        else if (!quoted && before.at(at).isSpace())
            start = at + 1;
    }
    if (start < before.size() && before.at(start) == QLatin1Char('-'))
        ++start;
    return start;
}

void FilterEdit::complete()
{
    const QString term = text().mid(termStart(), cursorPosition() - termStart());
    const qsizetype colon = term.indexOf(QLatin1Char(':'));
    QStringList offers;
    for (const FilterField &field : m_fields) {
        if (colon < 0)
            offers.append(field.name + QLatin1Char(':'));
        else if (field.name.compare(term.left(colon), Qt::CaseInsensitive) == 0)
            for (const QString &value : field.values)
                offers.append(field.name + QLatin1Char(':') + value);
    }
    m_offers->setStringList(offers);
    m_completer->setCompletionPrefix(term);
    const bool useful = !term.isEmpty() && m_completer->completionCount() > 0
        && m_completer->currentCompletion() != term;
    if (!useful) {
        m_completer->popup()->hide();
        return;
    }
    QRect place = cursorRect();
    place.setWidth(m_completer->popup()->sizeHintForColumn(0) + 40);
    place.translate(0, 4);
    m_completer->complete(place);
}

void FilterEdit::insertCompletion(const QString &completion)
{
    const qsizetype start = termStart();
    QString line = text();
    line.replace(start, cursorPosition() - start, completion);
    setText(line);
    setCursorPosition(static_cast<int>(start + completion.size()));
    if (completion.endsWith(QLatin1Char(':')))
        complete(); // now its values
}

void FilterEdit::keyPressEvent(QKeyEvent *event)
{
    const bool popup = m_completer->popup()->isVisible();
    if (popup
        && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter
            || event->key() == Qt::Key_Tab || event->key() == Qt::Key_Escape)) {
        event->ignore(); // the popup's
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        if (text().isEmpty())
            Q_EMIT left();
        else
            clear();
        return;
    }
    if (event->key() == Qt::Key_Down && !popup)
        return Q_EMIT left();
    QLineEdit::keyPressEvent(event);
}

void FilterEdit::focusOutEvent(QFocusEvent *event)
{
    if (event->reason() != Qt::PopupFocusReason)
        m_completer->popup()->hide();
    QLineEdit::focusOutEvent(event);
}

} // namespace postern::gui
