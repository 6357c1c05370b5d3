// SPDX-License-Identifier: Apache-2.0
#include "gui/text/filter.h"

#include "core/clock.h"
#include "gui/text/qt_bytes.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <utility>

namespace postern::gui {

namespace {

/// A `*` outside quotes, so that a quoted one stays a character.
constexpr QChar kAny(0xFFFE);

QString tr(const char *text) { return QCoreApplication::translate("Filter", text); }

std::unexpected<Error> fault(const QString &message, qsizetype offset)
{
    return fail(Errc::InvalidArgument, toOctets(message), std::to_string(offset));
}

/// What stands between two spaces outside quotes, taken apart.
struct Word
{
    qsizetype offset = 0;
    bool negated = false;
    QString field; ///< before the first colon outside quotes
    bool hasField = false;
    std::vector<QString> alternatives; ///< lower case; `*` is kAny
    bool isOpen = false; ///< a quote is not closed
};

class Scanner
{
public:
    explicit Scanner(QStringView text) : m_text(text) {}

    /// \return false at the end
    bool next(Word &word)
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
        if (m_at == m_text.size())
            return false;
        word = {};
        word.offset = m_at;
        if (m_text[m_at] == u'-') {
            word.negated = true;
            ++m_at;
        }
        word.alternatives.emplace_back();
        while (m_at < m_text.size() && !m_text[m_at].isSpace())
            takeOne(word);
        return true;
    }

private:
    void takeOne(Word &word)
    {
        const QChar letter = m_text[m_at++];
        if (letter == u'"') {
            takePhrase(word);
        } else if (letter == u':' && !word.hasField && word.alternatives.size() == 1
                   && !word.alternatives.front().isEmpty() && !m_quoted) {
            word.hasField = true;
            word.field = std::exchange(word.alternatives.front(), {});
        } else if (letter == u'|') {
            word.alternatives.emplace_back();
        } else {
            word.alternatives.back() += letter == u'*' ? kAny : letter.toLower();
        }
        m_quoted = letter == u'"';
    }
    void takePhrase(Word &word)
    {
        const qsizetype end = m_text.indexOf(u'"', m_at);
        word.isOpen = end < 0;
        const qsizetype stop = end < 0 ? m_text.size() : end;
        word.alternatives.back() += m_text.sliced(m_at, stop - m_at).toString().toLower();
        m_at = end < 0 ? stop : end + 1;
    }

    QStringView m_text;
    qsizetype m_at = 0;
    bool m_quoted = false; ///< what came last was a phrase
};

bool matchesPattern(QStringView text, QStringView pattern)
{
    qsizetype at = 0, star = -1, mark = 0, in = 0;
    while (at < text.size()) {
        if (in < pattern.size() && pattern[in] == kAny) {
            star = in++;
            mark = at;
        } else if (in < pattern.size() && pattern[in] == text[at]) {
            ++in;
            ++at;
        } else if (star >= 0) {
            in = star + 1;
            at = ++mark;
        } else {
            return false;
        }
    }
    while (in < pattern.size() && pattern[in] == kAny)
        ++in;
    return in == pattern.size();
}

std::optional<double> quantityOf(QStringView text, FilterField::Kind kind, Timestamp now)
{
    const std::string octets = toOctets(text);
    if (kind == FilterField::Kind::Duration) {
        const auto duration = parseDuration(octets);
        return duration ? std::optional(std::chrono::duration<double>(*duration).count())
                        : std::nullopt;
    }
    if (kind == FilterField::Kind::Time) {
        const auto time = parseTime(octets, now);
        return time ? std::optional(std::chrono::duration<double>(time->time_since_epoch()).count())
                    : std::nullopt;
    }
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

bool isQuantity(FilterField::Kind kind)
{
    return kind == FilterField::Kind::Number || kind == FilterField::Kind::Duration
        || kind == FilterField::Kind::Time;
}

QString exampleOf(FilterField::Kind kind)
{
    switch (kind) {
    case FilterField::Kind::Duration:
        return QStringLiteral("200ms");
    case FilterField::Kind::Time:
        return QStringLiteral("-1h");
    default:
        return QStringLiteral("400");
    }
}

/// One text of an item against one alternative of a term.
bool matchesText(const QString &text, const QString &wanted, FilterField::Kind kind)
{
    if (kind == FilterField::Kind::State)
        return text.compare(wanted, Qt::CaseInsensitive) == 0;
    const QString lower = text.toLower();
    if (wanted.contains(kAny))
        return matchesPattern(lower, wanted);
    if (!isQuantity(kind))
        return lower.contains(wanted);
    const Timestamp now = Clock().now();
    const auto number = quantityOf(lower, kind, now);
    const auto bound = quantityOf(wanted, kind, now);
    return number && bound ? *number == *bound : lower == wanted;
}

} // namespace

Result<Filter> Filter::parse(QStringView text, const std::vector<FilterField> &fields)
{
    struct Sign
    {
        QStringView text;
        Term::Comparison comparison;
    };
    static constexpr std::array<Sign, 4> kSigns{{{u">=", Term::Comparison::GreaterEqual},
                                                 {u"<=", Term::Comparison::LessEqual},
                                                 {u">", Term::Comparison::Greater},
                                                 {u"<", Term::Comparison::Less}}};
    Filter filter;
    Scanner scanner(text);
    for (Word word; scanner.next(word);) {
        if (word.isOpen)
            return fault(tr("The quotation mark is not closed"), word.offset);
        Term term;
        term.negated = word.negated;
        if (word.hasField) {
            const auto field = std::ranges::find_if(fields, [&word](const FilterField &one) {
                return one.name.compare(word.field, Qt::CaseInsensitive) == 0;
            });
            if (field == fields.end())
                return fault(
                    tr("There is no field \"%1\" here; put words with a colon in quotation marks")
                        .arg(word.field),
                    word.offset);
            term.field = field->name;
            term.kind = field->kind;
            QString &first = word.alternatives.front();
            const auto sign = std::ranges::find_if(
                kSigns, [&first](const Sign &one) { return first.startsWith(one.text); });
            if (sign != kSigns.end() && isQuantity(term.kind)) {
                const auto bound = quantityOf(QStringView(first).sliced(sign->text.size()),
                                              term.kind, Clock().now());
                const QString start = QStringLiteral("%1:%2").arg(term.field, sign->text);
                if (!bound || word.alternatives.size() > 1)
                    return fault(tr("Expected one value behind \"%1\", as in %2")
                                     .arg(start, start + exampleOf(term.kind)),
                                 word.offset);
                term.comparison = sign->comparison;
                term.bound = *bound;
            }
            if (std::ranges::any_of(word.alternatives, &QString::isEmpty))
                return fault(tr("A value is missing behind \"%1:\"").arg(term.field), word.offset);
            const auto isState = [&field](const QString &value) {
                return field->values.contains(value, Qt::CaseInsensitive);
            };
            if (term.kind == FilterField::Kind::State
                && !std::ranges::all_of(word.alternatives, isState))
                return fault(tr("\"%1\" can be: %2")
                                 .arg(term.field, field->values.join(QStringLiteral(", "))),
                             word.offset);
        } else if (std::ranges::any_of(word.alternatives, &QString::isEmpty)) {
            return fault(tr("A word is missing"), word.offset);
        }
        term.alternatives = std::move(word.alternatives);
        filter.m_terms.push_back(std::move(term));
    }
    // All must hold, so what is had cheaply is asked first: texts before states and quantities.
    std::ranges::stable_sort(filter.m_terms, {}, [](const Term &term) {
        return term.field.isEmpty() ? 0 : term.kind == FilterField::Kind::Text ? 1 : 2;
    });
    return filter;
}

bool Filter::matches(const Values &values) const
{
    return std::ranges::all_of(m_terms, [&values](const Term &term) {
        const auto fits = [&term](const QString &text) {
            if (term.comparison != Term::Comparison::None) {
                const auto number = quantityOf(text, term.kind, Clock().now());
                if (!number)
                    return false;
                switch (term.comparison) {
                case Term::Comparison::Less:
                    return *number < term.bound;
                case Term::Comparison::LessEqual:
                    return *number <= term.bound;
                case Term::Comparison::Greater:
                    return *number > term.bound;
                default:
                    return *number >= term.bound;
                }
            }
            return std::ranges::any_of(term.alternatives, [&](const QString &wanted) {
                // a word's wildcards are looked for inside of texts
                if (term.field.isEmpty() && wanted.contains(kAny))
                    return matchesPattern(text.toLower(), kAny + wanted + kAny);
                return matchesText(text, wanted, term.kind);
            });
        };
        return std::ranges::any_of(values(term.field), fits) != term.negated;
    });
}

} // namespace postern::gui
