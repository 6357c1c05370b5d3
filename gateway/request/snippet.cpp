// SPDX-License-Identifier: Apache-2.0
#include "gateway/request/snippet.h"

#include "core/json/json.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>

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
    for (const char c : header)
        name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

/// Writes one kind; what they differ in is how a header's value is spelled.
class Writer
{
public:
    Writer(const WebRequest &request, SnippetSecrets secrets)
        : m_request(request),
          m_secrets(secrets)
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
        text += " " + shellWord(m_request.url);
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
        text += " " + shellWord(m_request.method) + " " + shellWord(m_request.url);
        for (const auto &[name, value] : m_request.headers)
            text += " \\\n  " + shellHeader(name, value, ":");
        return text;
    }

    [[nodiscard]] std::string fetch() const
    {
        std::string text = std::format("const response = await fetch({}, {{\n  method: {},\n",
                                       quoted(m_request.url), quoted(m_request.method));
        if (!m_request.headers.empty()) {
            text += "  headers: {\n";
            for (const auto &[name, value] : m_request.headers)
                text +=
                    std::format("    {}: {},\n", quoted(name),
                                hides(name) ? "process.env." + variableName(name) : quoted(value));
            text += "  },\n";
        }
        if (!m_request.body.empty())
            text += std::format("  body: {},\n", quoted(m_request.body));
        return text + "});\nconsole.log(response.status, await response.text());\n";
    }

    [[nodiscard]] std::string python() const
    {
        const bool environment = std::ranges::any_of(
            m_request.headers, [this](const auto &h) { return hides(h.first); });
        std::string text = environment ? "import os\nimport requests\n\n" : "import requests\n\n";
        text += std::format("response = requests.request(\n    {},\n    {},\n",
                            quoted(m_request.method), quoted(m_request.url));
        if (!m_request.headers.empty()) {
            text += "    headers={\n";
            for (const auto &[name, value] : m_request.headers)
                text += std::format("        {}: {},\n", quoted(name),
                                    hides(name) ? "os.environ[" + quoted(variableName(name)) + "]"
                                                : quoted(value));
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
        std::string text = std::format("QNetworkRequest request(QUrl(QStringLiteral({})));\n",
                                       quoted(m_request.url));
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
        std::string text = std::format("{} {} HTTP/1.1\r\n", m_request.method, m_request.target());
        if (!m_request.header("Host"))
            text += std::format("Host: {}\r\n", m_request.host());
        for (const auto &[name, value] : m_request.headers)
            text += std::format("{}: {}\r\n", name, hides(name) ? "$" + variableName(name) : value);
        if (!m_request.body.empty() && !m_request.header("Content-Length"))
            text += std::format("Content-Length: {}\r\n", m_request.body.size());
        return text + "\r\n" + m_request.body;
    }

    [[nodiscard]] std::string postern() const
    {
        std::string text = "postern request";
        if (m_request.method != "GET")
            text += " -X " + shellWord(m_request.method);
        text += " " + shellWord(m_request.url);
        for (const auto &[name, value] : m_request.headers)
            text += " \\\n  -H " + shellHeader(name, value);
        if (!m_request.body.empty())
            text += " \\\n  --data " + shellWord(m_request.body);
        return text;
    }

    [[nodiscard]] std::string hurl(int status) const
    {
        std::string text = std::format("{} {}\n", m_request.method, m_request.url);
        for (const auto &[name, value] : m_request.headers)
            text += std::format("{}: {}\n", name,
                                hides(name) ? "{{" + variableName(name) + "}}" : value);
        if (m_request.insecure)
            text += "[Options]\ninsecure: true\n";
        if (!m_request.body.empty())
            text += std::format("```\n{}\n```\n", m_request.body);
        text += status == 0 ? "HTTP *\n" : std::format("HTTP {}\n", status);
        return text;
    }

private:
    [[nodiscard]] bool hides(std::string_view name) const
    {
        return m_secrets == SnippetSecrets::Variable && isSecretHeader(name);
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
};

} // namespace

std::span<const SnippetInfo> snippetKinds() noexcept { return kKinds; }

std::string snippet(SnippetKind kind, const WebRequest &request, SnippetSecrets secrets, int status)
{
    const Writer writer(request, secrets);
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
