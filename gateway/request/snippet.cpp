// SPDX-License-Identifier: Apache-2.0
#include "gateway/request/snippet.h"

#include "core/json/json.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::array kKinds{
    SnippetInfo{SnippetKind::Curl, "curl", "cURL"},
    SnippetInfo{SnippetKind::Httpie, "httpie", "HTTPie"},
    SnippetInfo{SnippetKind::Fetch, "fetch", "JavaScript fetch"},
    SnippetInfo{SnippetKind::Python, "python", "Python requests"},
    SnippetInfo{SnippetKind::CppQt, "cpp-qt", "C++/Qt"},
    SnippetInfo{SnippetKind::Raw, "raw", "Raw HTTP"},
    SnippetInfo{SnippetKind::Postern, "postern", "postern request"},
    SnippetInfo{SnippetKind::Hurl, "hurl", "Hurl"},
};

std::string quoted(std::string_view text) { return Json(text).dump(); }

/// "X-Api-Key" → "X_API_KEY".
std::string variableName(std::string_view header)
{
    std::string name;
    for (const char c : header) {
        const auto letter = static_cast<unsigned char>(c);
        name += std::isalnum(letter) ? static_cast<char>(std::toupper(letter)) : '_';
    }
    return name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) ? "_" + name
                                                                                  : name;
}

/// Writes one kind; what they differ in is how a header's value is spelled.
class Writer
{
public:
    Writer(const WebRequest &request, SnippetSecrets secrets, const SecretPlaces &places)
        : m_request(request),
          m_secrets(secrets),
          m_places(places)
    {
    }

    [[nodiscard]] std::string curl() const
    {
        std::string text = "curl";
        if (m_request.insecure)
            text += " -k";
        if (m_request.method == "HEAD")
            text += " -I";
        else if (m_request.method != (m_request.body.empty() ? "GET" : "POST"))
            text += " -X " + shellWord(m_request.method);
        text += " " + shellUrl();
        for (const auto &[name, value] : m_request.headers)
            text += " \\\n  -H " + shellHeader(name, value);
        // curl adds a type of its own to data unless it is told not to
        if (!m_request.body.empty() && !m_request.header("Content-Type"))
            text += " \\\n  -H 'Content-Type:'";
        if (!m_request.body.empty())
            text += " \\\n  --data-raw " + shellWord(m_request.body);
        return text;
    }

    [[nodiscard]] std::string httpie() const
    {
        std::string text = "http";
        if (m_request.insecure)
            text += " --verify=no";
        if (!m_request.body.empty())
            text += " --raw=" + shellWord(m_request.body);
        text += " " + shellWord(m_request.method) + " " + shellUrl();
        for (const auto &[name, value] : m_request.headers)
            text += " \\\n  " + shellHeader(name, value, ":");
        return text;
    }

    [[nodiscard]] std::string fetch() const
    {
        std::string text =
            std::format("const response = await fetch({}, {{\n  method: {},\n",
                        sum(" + ", quoted, kNode, m_request.url), quoted(m_request.method));
        if (!m_request.headers.empty()) {
            text += "  headers: {\n";
            for (const auto &[name, value] : m_request.headers)
                text += std::format("    {}: {},\n", quoted(name),
                                    hides(name) ? variable(kNode, name) : quoted(value));
            text += "  },\n";
        }
        if (!m_request.body.empty())
            text += std::format("  body: {},\n", quoted(m_request.body));
        return text + "});\nconsole.log(response.status, await response.text());\n";
    }

    [[nodiscard]] std::string python() const
    {
        const bool environment =
            std::ranges::any_of(m_request.headers,
                                [this](const auto &header) { return hides(header.first); })
            || std::ranges::any_of(piecesOf(m_request.url),
                                   [](const TargetPiece &one) { return !one.secret.empty(); });
        std::string text = environment ? "import os\nimport requests\n\n" : "import requests\n\n";
        text += std::format("response = requests.request(\n    {},\n    {},\n",
                            quoted(m_request.method), sum(" + ", quoted, kPython, m_request.url));
        if (!m_request.headers.empty()) {
            text += "    headers={\n";
            for (const auto &[name, value] : m_request.headers)
                text += std::format("        {}: {},\n", quoted(name),
                                    hides(name) ? variable(kPython, name) : quoted(value));
            text += "    },\n";
        }
        if (!m_request.body.empty())
            text += std::format("    data={}.encode(),\n", quoted(m_request.body));
        if (m_request.insecure)
            text += "    verify=False,\n";
        return text + ")\nprint(response.status_code, response.text)\n";
    }

    [[nodiscard]] std::string cppQt() const
    {
        const auto literal = [](std::string_view part) {
            return std::format("QStringLiteral({})", quoted(part));
        };
        std::string text = std::format("QNetworkRequest request(QUrl({}));\n",
                                       sum(" + ", literal, kQt, m_request.url));
        for (const auto &[name, value] : m_request.headers)
            text += std::format("request.setRawHeader({}, {});\n", quoted(name),
                                hides(name) ? "qgetenv(" + quoted(variableName(name)) + ")"
                                            : quoted(value));
        text += std::format(
            "QNetworkReply *reply = manager.sendCustomRequest(request, {}, QByteArray({}));\n",
            quoted(m_request.method), m_request.body.empty() ? "" : quoted(m_request.body));
        return text;
    }

    [[nodiscard]] std::string raw() const
    {
        const auto plain = [](std::string_view part) { return std::string(part); };
        const std::string target = m_request.target();
        std::string text =
            std::format("{} {} HTTP/1.1\r\n", m_request.method, sum("", plain, kShell, target));
        if (!m_request.header("Host"))
            text += std::format("Host: {}\r\n", m_request.host());
        for (const auto &[name, value] : m_request.headers)
            text += std::format("{}: {}\r\n", name, hides(name) ? variable(kShell, name) : value);
        if (!m_request.body.empty() && !m_request.header("Content-Length"))
            text += std::format("Content-Length: {}\r\n", m_request.body.size());
        return text + "\r\n" + m_request.body;
    }

    [[nodiscard]] std::string postern() const
    {
        std::string text = "postern request";
        if (m_request.method != "GET")
            text += " -X " + shellWord(m_request.method);
        text += " " + shellUrl();
        for (const auto &[name, value] : m_request.headers)
            text += " \\\n  -H " + shellHeader(name, value);
        if (!m_request.body.empty())
            text += " \\\n  --data " + shellWord(m_request.body);
        return text;
    }

    [[nodiscard]] std::string hurl(int status) const
    {
        const auto plain = [](std::string_view part) { return std::string(part); };
        std::string text =
            std::format("{} {}\n", m_request.method, sum("", plain, kHurl, m_request.url));
        for (const auto &[name, value] : m_request.headers)
            text += std::format("{}: {}\n", name, hides(name) ? variable(kHurl, name) : value);
        if (m_request.insecure)
            text += "[Options]\ninsecure: true\n";
        if (!m_request.body.empty())
            text += std::format("```\n{}\n```\n", m_request.body);
        text += status == 0 ? "HTTP *\n" : std::format("HTTP {}\n", status);
        return text;
    }

private:
    /// How a variable of the environment is spelled: what stands before and behind its name.
    using Spelling = std::pair<std::string_view, std::string_view>;
    static constexpr Spelling kShell{"$", ""}, kQuotedShell{"\"$", "\""}, kNode{"process.env.", ""},
        kPython{"os.environ[\"", "\"]"}, kQt{"qEnvironmentVariable(\"", "\")"}, kHurl{"{{", "}}"};

    [[nodiscard]] static std::string variable(Spelling spelling, std::string_view name)
    {
        return std::format("{}{}{}", spelling.first, variableName(name), spelling.second);
    }

    [[nodiscard]] bool hides(std::string_view name) const
    {
        return m_secrets == SnippetSecrets::Variable && m_places.isSecretHeader(name);
    }

    [[nodiscard]] std::vector<TargetPiece> piecesOf(std::string_view url) const
    {
        if (m_secrets == SnippetSecrets::Variable)
            return targetPieces(url, m_places);
        return {TargetPiece{url}};
    }

    /// A URL as literals and variables with a sign between them.
    [[nodiscard]] std::string sum(std::string_view sign, auto literal, Spelling spelling,
                                  std::string_view url) const
    {
        std::string text;
        for (const TargetPiece &piece : piecesOf(url)) {
            text += text.empty() ? "" : sign;
            text += piece.secret.empty() ? literal(piece.text) : variable(spelling, piece.secret);
        }
        return text.empty() ? literal({}) : text;
    }

    [[nodiscard]] std::string shellUrl() const
    {
        return sum("", shellWord, kQuotedShell, m_request.url);
    }

    [[nodiscard]] std::string shellHeader(std::string_view name, std::string_view value,
                                          std::string_view separator = ": ") const
    {
        if (hides(name))
            return std::format("\"{}{}${}\"", name, separator, variableName(name));
        if (value.empty()) // "Name:" would take it away
            return shellWord(std::format("{};", name));
        return shellWord(std::format("{}{}{}", name, separator, value));
    }

    const WebRequest &m_request;
    SnippetSecrets m_secrets;
    const SecretPlaces &m_places;
};

} // namespace

std::span<const SnippetInfo> snippetKinds() noexcept { return kKinds; }

std::string snippet(SnippetKind kind, const WebRequest &request, SnippetSecrets secrets, int status,
                    const SecretPlaces &places)
{
    const Writer writer(request, secrets, places);
    switch (kind) {
    case SnippetKind::Curl:
        return writer.curl();
    case SnippetKind::Httpie:
        return writer.httpie();
    case SnippetKind::Fetch:
        return writer.fetch();
    case SnippetKind::Python:
        return writer.python();
    case SnippetKind::CppQt:
        return writer.cppQt();
    case SnippetKind::Raw:
        return writer.raw();
    case SnippetKind::Postern:
        return writer.postern();
    case SnippetKind::Hurl:
        return writer.hurl(status);
    }
    return {};
}

std::string shellWord(std::string_view text)
{
    const bool plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) || std::string_view("%+,-./:=@_").contains(static_cast<char>(c));
    });
    if (plain)
        return std::string(text);
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'')
            word += "'\\''";
        else
            word += c;
    }
    return word + '\'';
}

} // namespace postern::gateway
