// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/http_date.h"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace postern::gateway {

namespace {

constexpr std::size_t kLeast = 18; ///< characters from the day (or month) on

/// Takes characters off the front; behind the end stand zeros.
struct Cursor
{
    std::string_view rest;

    [[nodiscard]] char at(std::size_t place) const noexcept
    {
        return place < rest.size() ? rest[place] : '\0';
    }
    void skip(std::size_t count) noexcept { rest.remove_prefix(std::min(count, rest.size())); }
    bool take(char c) noexcept
    {
        if (at(0) != c)
            return false;
        skip(1);
        return true;
    }
    /// Exactly `digits` digits.
    std::optional<unsigned> number(std::size_t digits) noexcept
    {
        unsigned value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char c = at(i);
            if (c < '0' || c > '9')
                return std::nullopt;
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        skip(digits);
        return value;
    }
};

struct Parts
{
    unsigned day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0;
};

/// The month by as many letters as tell it apart; 0 if it is none.
unsigned monthOf(const Cursor &cursor) noexcept
{
    switch (cursor.at(0)) {
    case 'J':
        return cursor.at(1) == 'a' ? 1 : cursor.at(2) == 'n' ? 6 : 7;
    case 'F':
        return 2;
    case 'M':
        return cursor.at(2) == 'r' ? 3 : 5;
    case 'A':
        return cursor.at(1) == 'p' ? 4 : 8;
    case 'S':
        return 9;
    case 'O':
        return 10;
    case 'N':
        return 11;
    case 'D':
        return 12;
    default:
        return 0;
    }
}

bool readTime(Cursor &cursor, Parts &parts) noexcept
{
    const auto hour = cursor.number(2);
    if (!hour || !cursor.take(':'))
        return false;
    const auto minute = cursor.number(2);
    if (!minute || !cursor.take(':'))
        return false;
    const auto second = cursor.number(2);
    if (!second)
        return false;
    parts.hour = *hour;
    parts.minute = *minute;
    parts.second = *second;
    return parts.hour < 24 && parts.minute < 60 && parts.second < 60;
}

/// "06 Nov 1994 08:49:37", "06-Nov-94 08:49:37".
bool readDayFirst(Cursor &cursor, Parts &parts) noexcept
{
    const auto day = cursor.number(2);
    if (!day)
        return false;
    const bool imf = cursor.at(0) == ' ';
    if ((!imf && cursor.at(0) != '-') || (imf && cursor.rest.size() < kLeast))
        return false;
    const char separator = cursor.at(0);
    cursor.skip(1);
    parts.day = *day;
    parts.month = monthOf(cursor);
    cursor.skip(3);
    if (parts.month == 0 || !cursor.take(separator))
        return false;
    const auto year = cursor.number(imf ? 4 : 2);
    if (!year || !cursor.take(' '))
        return false;
    parts.year = imf ? *year : *year + (*year < 70 ? 2000 : 1900);
    return readTime(cursor, parts);
}

/// "Nov  6 08:49:37 1994".
bool readMonthFirst(Cursor &cursor, Parts &parts) noexcept
{
    parts.month = monthOf(cursor);
    cursor.skip(4); // whatever stands behind the name
    if (parts.month == 0)
        return false;
    cursor.take(' ');
    const auto day = cursor.number(cursor.at(1) == ' ' ? 1 : 2);
    if (!day || !cursor.take(' ') || !readTime(cursor, parts) || !cursor.take(' '))
        return false;
    const auto year = cursor.number(4);
    parts.day = *day;
    parts.year = year.value_or(0);
    return year.has_value();
}

} // namespace

std::optional<std::int64_t> parseHttpDate(std::string_view text) noexcept
{
    const std::size_t name = text.find_first_of(", ");
    if (name == std::string_view::npos)
        return std::nullopt;
    const bool asctime = text[name] == ' ';
    Cursor cursor{text.substr(name + 1)};
    cursor.skip(std::min(cursor.rest.find_first_not_of(' '), cursor.rest.size()));
    if (cursor.rest.size() < kLeast)
        return std::nullopt;
    Parts parts;
    if (!(asctime ? readMonthFirst(cursor, parts) : readDayFirst(cursor, parts)))
        return std::nullopt;
    using namespace std::chrono;
    const year_month_day date{year(static_cast<int>(parts.year)), month(parts.month),
                              day(parts.day)};
    // nginx lets day 0 pass: the day before the first
    const year_month_day first{date.year(), date.month(), day(1)};
    if (parts.day > 0 && !date.ok())
        return std::nullopt;
    const sys_days days = sys_days(first) + std::chrono::days(static_cast<int>(parts.day) - 1);
    return (sys_seconds(days) + hours(parts.hour) + minutes(parts.minute) + seconds(parts.second))
        .time_since_epoch()
        .count();
}

} // namespace postern::gateway
