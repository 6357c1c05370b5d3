// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace postern {

/// A JSON value that keeps what a token debugger and an Admin API must keep: member order and the
/// exact spelling of numbers. A plain value: copy, compare, move. Any thread, no shared state.
class Json
{
public:
    enum class Type : std::uint8_t { Null, Boolean, Number, String, Array, Object };
    using Member = std::pair<std::string, Json>;
    using Array = std::vector<Json>;
    using Object = std::vector<Member>; ///< in the order written; names are unique

    Json() noexcept = default; ///< null
    Json(std::nullptr_t) noexcept {}
    /// Exactly bool: a pointer must not become `true`.
    template <std::same_as<bool> T> Json(T value) : m_value(std::in_place_index<1>, value) {}
    Json(int value) : Json(static_cast<std::int64_t>(value)) {}
    Json(unsigned value) : Json(static_cast<std::uint64_t>(value)) {}
    Json(std::int64_t value);
    Json(std::uint64_t value);
    Json(long long value) : Json(static_cast<std::int64_t>(value)) {}
    Json(unsigned long long value) : Json(static_cast<std::uint64_t>(value)) {}
    Json(double value); ///< shortest spelling that reads back the same; not finite becomes null
    Json(std::string value) : m_value(std::move(value)) {}
    Json(std::string_view value) : m_value(std::string(value)) {}
    Json(const char *value) : m_value(std::string(value)) {}
    Json(Array value) : m_value(std::move(value)) {}
    Json(Object value) : m_value(std::move(value)) {}

    [[nodiscard]] static Json array() { return Json(Array{}); }
    [[nodiscard]] static Json object() { return Json(Object{}); }
    /// `Json::object({{"a", 1}, {"b", "x"}})`; names must be unique.
    [[nodiscard]] static Json object(std::initializer_list<Member> members)
    {
        return Json(Object(members));
    }
    /// A number with this exact spelling, which must be a valid JSON number.
    [[nodiscard]] static Json number(std::string lexeme);

    [[nodiscard]] Type type() const noexcept { return static_cast<Type>(m_value.index()); }
    [[nodiscard]] bool isNull() const noexcept { return type() == Type::Null; }
    [[nodiscard]] bool isBool() const noexcept { return type() == Type::Boolean; }
    [[nodiscard]] bool isNumber() const noexcept { return type() == Type::Number; }
    [[nodiscard]] bool isString() const noexcept { return type() == Type::String; }
    [[nodiscard]] bool isArray() const noexcept { return type() == Type::Array; }
    [[nodiscard]] bool isObject() const noexcept { return type() == Type::Object; }

    // Accessors for a value whose type was checked; a wrong type gives the empty value.
    [[nodiscard]] bool asBool(bool otherwise = false) const noexcept;
    [[nodiscard]] const std::string &asString() const noexcept;
    [[nodiscard]] const Array &items() const noexcept;
    [[nodiscard]] const Object &members() const noexcept;
    [[nodiscard]] Array &items(); ///< makes the value an array if it is none
    [[nodiscard]] Object &members(); ///< makes the value an object if it is none

    /// The number as written ("1.0", "18446744073709551617"); empty if not a number.
    [[nodiscard]] std::string_view lexeme() const noexcept;
    [[nodiscard]] double asDouble(double otherwise = 0) const noexcept;
    /// The number if it is integral ("5", "5.0", "5e0") and fits.
    [[nodiscard]] std::optional<std::int64_t> asInteger() const noexcept;

    [[nodiscard]] std::size_t size() const noexcept; ///< items or members; 0 for scalars
    void push_back(Json value) { items().push_back(std::move(value)); }

    /// The member of that name, or nullptr (also if this is not an object).
    [[nodiscard]] const Json *find(std::string_view name) const noexcept;
    [[nodiscard]] Json *find(std::string_view name) noexcept;
    [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name); }
    /// The member's string, or `otherwise` if absent or not a string.
    [[nodiscard]] std::string_view stringOr(std::string_view name,
                                            std::string_view otherwise) const noexcept;
    /// Sets or appends a member; keeps the place of an existing one. Makes this an object.
    Json &set(std::string_view name, Json value);
    bool erase(std::string_view name);

    /// Compact JSON text; pretty with `indent` > 0. Numbers as they were written, "/" not escaped,
    /// control characters escaped, other text as UTF-8.
    [[nodiscard]] std::string dump(int indent = 0) const;
    void dumpTo(std::string &out) const; ///< appends compact text

    /// Equal as JSON: numbers by value, objects regardless of member order.
    [[nodiscard]] bool operator==(const Json &other) const noexcept;

private:
    struct Number
    {
        std::string lexeme;
    };
    std::variant<std::monostate, bool, Number, std::string, Array, Object> m_value;
};

} // namespace postern
