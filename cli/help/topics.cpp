// SPDX-License-Identifier: Apache-2.0
#include "cli/help/topics.h"

#include "cli/exit_codes.h"
#include "cli/help/document.h"
#include "core/config/gateway_profile.h"
#include "core/error.h"

#include <algorithm>
#include <array>
#include <format>

namespace postern::cli {
namespace {

std::vector<HelpEntry> reasonEntries()
{
    return {
#define X(name, slug, sentence) HelpEntry{slug, sentence},
#include "core/errors.def"
#undef X
    };
}

std::vector<HelpEntry> valueForms()
{
    return {
        {"SECRET",
         "@file (its octets, one trailing newline dropped), env:NAME, b64:TEXT, "
         "b64u:TEXT, hex:TEXT, text:TEXT, - (standard input); anything else is the "
         "secret itself. Never guessed"},
        {"KEY",
         "a file with a PEM, DER, JWK or JWKS (also @file), env:NAME, -, an http or https URL, "
         "the PEM or JSON text itself, consumer:NAME, cred:ID"},
        {"TOKEN",
         "the token, @file, -, or the name of a file; left out: standard input. 'Bearer', "
         "a header line, quotes, a curl line and JSON around it are cut away"},
        {"JSON", "the text, @file or -"},
        {"NAME=VALUE", "name=text, name:=json, name=@file; names are paths as realm.roles[0]"},
        {"TIME", "RFC 3339, UNIX seconds, now, +90s, -1h"},
        {"DURATION", "250ms, 30s, 5m, 1h30m, 7d"},
        {"URI", "memory: or sqlite:PATH"},
        {"HOST:PORT", "127.0.0.1:9080, [::1]:9080, or a port alone; port 0 is any free one"},
    };
}

std::vector<HelpEntry> profileEntries()
{
    std::vector<HelpEntry> entries;
    for (const GatewayProfile &profile : gatewayProfiles())
        entries.push_back({std::string(profile.name), std::string(profile.title)});
    return entries;
}

std::vector<HelpEntry> exitCodeEntries()
{
    std::vector<HelpEntry> entries;
    for (const auto &[code, meaning] : exitCodeTable())
        entries.push_back({std::to_string(code), std::string(meaning)});
    return entries;
}

std::vector<HelpEntry> environmentVariables()
{
    return {
        {"POSTERN_CONFIG",
         "configuration file of gateway and exec; otherwise the nearest "
         "postern.yaml upwards"},
        {"POSTERN_SOCKET",
         "control socket of the gateway that client commands talk to; "
         "otherwise the newest one of this user"},
        {"POSTERN_ADMIN_URL", "Admin API that client commands talk to"},
        {"POSTERN_ADMIN_KEY", "key of the Admin API"},
        {"POSTERN_PROFILE", "the gateway's profile: see 'postern help profiles'"},
        {"POSTERN_CLOCK", "the gateway's time at start"},
        {"POSTERN_OUTPUT", "default of --output"},
        {"POSTERN_ARTIFACTS", "default of exec's --artifacts"},
        {"POSTERN_HOME", "replaces the places in the home and runtime directories"},
        {"SSL_CERT_FILE", "certificate authorities to trust for https, instead of the system's"},
        {"NO_COLOR", "set and not empty: no colour, unless --color always"},
        {"CI", "set and not empty: no hints, and --reveal on a terminal wants --reveal=yes"},
    };
}

constexpr std::array kPages{
    HelpPage{"exit-codes", "EXIT STATUS", "what the exit codes mean",
             "Every command ends with one of these.", "code", exitCodeEntries},
    HelpPage{"reasons", "REASON IDS", "every reason id, as in errors, traces and JSON",
             "A reason id is stable; its sentence may change.", "id", reasonEntries},
    HelpPage{"values", "VALUES", "how secrets, keys, tokens, times are given",
             "An option that names such a value takes all of its forms.", "value", valueForms},
    HelpPage{"profiles", "PROFILES", "whose ways a gateway follows",
             "Set with profile: in the configuration file, POSTERN_PROFILE or --profile.",
             "profile", profileEntries},
    HelpPage{"environment", "ENVIRONMENT", "the environment variables",
             "A flag goes before a variable, a variable before the configuration file.", "variable",
             environmentVariables},
};

} // namespace

std::span<const HelpPage> helpPages() noexcept { return kPages; }

const HelpPage *findHelpPage(std::string_view name) noexcept
{
    const auto *const page = std::ranges::find(kPages, name, &HelpPage::name);
    return page == kPages.end() ? nullptr : page;
}

std::string textOf(const HelpPage &page)
{
    const std::vector<HelpEntry> entries = page.entries();
    std::size_t column = 0;
    for (const HelpEntry &entry : entries)
        column = std::max(column, entry.term.size());
    column += 4;
    std::string text = std::format("{}\n\n", page.intro);
    for (const HelpEntry &entry : entries) {
        std::string term = "  " + entry.term;
        term.resize(column, ' ');
        text += term + wrapped(entry.meaning, column).substr(column);
    }
    return text;
}

Json jsonOf(const HelpPage &page)
{
    Json list = Json::array();
    for (const HelpEntry &entry : page.entries())
        list.push_back(
            Json::object({{std::string(page.key), entry.term}, {"meaning", entry.meaning}}));
    return Json::object({{"version", 1}, {std::string(page.name), std::move(list)}});
}

} // namespace postern::cli
