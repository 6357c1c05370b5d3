// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "core/json/parse.h"

#include <QByteArray>
#include <QtLogging>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Published test vectors, read where they are: the folder that POSTERN_VECTORS names, or
/// ../shared/vectors beside the checkout.
namespace vectors {

inline std::string folder()
{
    const QByteArray given = qgetenv("POSTERN_VECTORS");
    if (!given.isEmpty())
        return given.toStdString();
    return POSTERN_SOURCE_DIR "/../shared/vectors";
}

inline std::optional<std::string> readFile(std::string_view path)
{
    std::ifstream file(folder() + "/" + std::string(path), std::ios::binary);
    if (!file)
        return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

/// The file's text; where a set was taken from a repository with links, the text of a link is the
/// name of the file beside it.
inline std::optional<std::string> readLinked(std::string_view path)
{
    std::optional<std::string> text = readFile(path);
    constexpr std::size_t kLongestName = 255;
    if (!text || text->empty() || text->size() > kLongestName
        || text->find_first_of("/{[\"\n") != std::string::npos)
        return text;
    const std::string folder(path.substr(0, path.rfind('/') + 1));
    std::optional<std::string> other = readFile(folder + *text);
    return other ? other : text;
}

/// The file's JSON; null if it is not there or not JSON.
inline postern::Json readJson(std::string_view path)
{
    const std::optional<std::string> text = readLinked(path);
    if (!text)
        return {};
    // Published sets hold faulty tokens, but are themselves well-formed.
    return postern::parseJson(*text).value_or(postern::Json());
}

/// What errata.json says about test number `id` of that file; empty if nothing.
inline std::string_view erratum(const postern::Json &errata, std::string_view file, std::int64_t id)
{
    const postern::Json *cases = errata.find("cases");
    if (!cases)
        return {};
    for (const postern::Json &row : cases->items()) {
        const postern::Json *ids = row.find("tcId");
        if (!ids || row.stringOr("file", "") != file)
            continue;
        for (const postern::Json &one : ids->items()) {
            if (one.asInteger() == id) {
                const std::string_view expect = row.stringOr("expect", "");
                return expect == "policy" ? row.stringOr("default", "") : expect;
            }
        }
    }
    return {};
}

/// Counts agreements; prints one table row; lists the first differences.
class Tally
{
public:
    explicit Tally(std::string set) : m_set(std::move(set)) {}

    void note(bool agrees, std::string_view what)
    {
        ++m_cases;
        if (agrees)
            return;
        ++m_differ;
        if (m_shown++ < 10)
            std::printf("  differs: %s: %.*s\n", m_set.c_str(), static_cast<int>(what.size()),
                        what.data());
    }
    /// A case whose answer the set leaves open.
    void skip() { ++m_skipped; }
    int differ() const { return m_differ; }
    int cases() const { return m_cases; }
    void print() const
    {
        std::printf("%-52s %5d cases %5d agree %3d differ %3d out of scope\n", m_set.c_str(),
                    m_cases, m_cases - m_differ, m_differ, m_skipped);
        std::fflush(stdout);
    }

private:
    std::string m_set;
    int m_cases = 0;
    int m_differ = 0;
    int m_skipped = 0;
    int m_shown = 0;
};

} // namespace vectors
