// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_key_file.h"

#include "cli/output.h"
#include "core/config/yaml.h"
#include "core/crypto/secret_generator.h"

#include <QFile>
#include <QSaveFile>

#include <algorithm>
#include <array>
#include <format>

namespace postern::cli {

namespace {

constexpr std::string_view kBlanks = " \t";

Result<std::string> read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::Io, file.errorString().toStdString(), path.toStdString());
    return file.readAll().toStdString();
}

Result<void> write(const Config::Admin::Key &entry)
{
    const QString path = QString::fromStdString(entry.file);
    const Result<std::string> text = read(path).and_then([&entry](const std::string &before) {
        return withValue(before, entry.line, entry.column, entry.key);
    });
    if (!text)
        return std::unexpected(text.error());
    // An empty value may stand where it is not looked for, as on a line of its own.
    if (const auto parsed = parseYaml(*text, entry.file, {}); !parsed)
        return std::unexpected(parsed.error());
    QSaveFile file(path); // keeps the file's permissions
    if (file.open(QIODevice::WriteOnly)
        && file.write(text->data(), static_cast<qint64>(text->size())) >= 0 && file.commit())
        return {};
    return fail(Errc::Io, file.errorString().toStdString(), entry.file);
}

} // namespace

Result<std::string> withValue(std::string_view text, std::size_t line, std::size_t column,
                              std::string_view value)
{
    std::size_t begin = 0;
    for (std::size_t at = 1; at < line && begin != std::string_view::npos; ++at) {
        const std::size_t feed = text.find('\n', begin);
        begin = feed == std::string_view::npos ? feed : feed + 1;
    }
    const auto refuse = [line] {
        return fail(Errc::Config, std::format("there is no empty key on line {}", line));
    };
    if (begin == std::string_view::npos || column == 0 || begin + column > text.size())
        return refuse();
    const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
    const std::size_t colon = text.find(':', begin + column - 1);
    if (colon == std::string_view::npos || colon >= end)
        return refuse();
    std::size_t from = text.find_first_not_of(kBlanks, colon + 1);
    from = std::min(from, end);
    std::string_view rest = text.substr(from, end - from);
    std::size_t size = 0;
    for (const std::string_view empty : {"\"\"", "''", "null", "~"}) {
        if (rest.starts_with(empty))
            size = empty.size();
    }
    rest.remove_prefix(size);
    const std::size_t next = rest.find_first_not_of(kBlanks);
    constexpr std::string_view kEnds = "#,}";
    if (next != std::string_view::npos && !kEnds.contains(rest[next]))
        return refuse();
    const bool blank = from > colon + 1;
    const bool commented = size == 0 && next != std::string_view::npos && rest[next] == '#';
    return std::string(text.substr(0, from))
        .append(blank ? "" : " ")
        .append(std::format("\"{}\"", value))
        .append(commented ? " " : "")
        .append(text.substr(from + size));
}

Result<void> fillAdminKeys(Config &config, const Console &console)
{
    for (Config::Admin::Key &entry : config.admin.keys) {
        if (entry.line == 0)
            continue;
        const auto generated = generateSecret(SecretKind::AdminKey);
        if (!generated)
            return std::unexpected(generated.error());
        entry.key = generated->text.view();
        if (const auto written = write(entry); written)
            console.note(
                std::format("{}: the empty key of \"{}\" was filled in", entry.file, entry.name));
        else
            console.note(std::format("the key of \"{}\" holds for this run only: {}", entry.name,
                                     describe(written.error())));
    }
    return {};
}

} // namespace postern::cli
