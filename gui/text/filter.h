// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <QString>
#include <QStringList>
#include <QVariant>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace postern::gui {

/// A field that a filter may name.
struct FilterField
{
    enum class Kind : std::uint8_t { Text, Number, Duration, Time, State };
    QString name; ///< "status"
    Kind kind = Kind::Text;
    QStringList values; ///< offered by completion; for State: all there are
    QString help;
};

/// One grammar for every list: words (contains), `field:value`, `-` negation, `"…"` phrase, `*`
/// wildcard, `a|b`, `>`, `>=`, `<`, `<=` for numbers, durations ("200ms") and times, `is:` and
/// `has:` states. All terms must hold. Case is ignored.
class Filter
{
public:
    /// What an item has: the texts of a field (none: it has none); with an empty name all texts
    /// that plain words are looked for in.
    using Values = std::function<QStringList(const QString &field)>;

    Filter() = default; ///< lets everything through
    /// \return the filter, or InvalidArgument whose `where` is "OFFSET" of the term at fault
    [[nodiscard]] static Result<Filter> parse(QStringView text,
                                              const std::vector<FilterField> &fields);
    [[nodiscard]] bool matches(const Values &values) const;
    [[nodiscard]] bool isEmpty() const noexcept { return m_terms.empty(); }

private:
    struct Term
    {
        QString field; ///< empty: a word
        FilterField::Kind kind = FilterField::Kind::Text;
        bool negated = false;
        std::vector<QString> alternatives; ///< lower case
        enum class Comparison : std::uint8_t {
            None,
            Less,
            LessEqual,
            Greater,
            GreaterEqual
        } comparison{};
        double bound = 0;
    };
    std::vector<Term> m_terms;
};

} // namespace postern::gui
