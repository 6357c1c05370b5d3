// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/vault.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "core/json/parse.h"
#include "gateway/control/client.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <utility>
#include <vector>

// What the real client's `secrets enable` and `kv` commands do, for version 1 of the KV engine;
// against `postern vault run` or any Vault.

namespace postern::cli {
namespace {

constexpr std::array kEnableExamples{
    Example{"the manual's engine",
            "postern exec -q --vault -- postern vault enable kv --version 1"},
    Example{"at another path", "postern exec -q --vault -- postern vault enable team/kv/"},
    Example{"as JSON", "postern exec -q --vault -- postern vault enable kv -o json"},
};
constexpr std::array kPutExamples{
    Example{"a secret of one member",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault put "
            "kv/apisix/jack jwt-key=jwt-vault-key'"},
    Example{"from a file",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && printf secret > key.txt "
            "&& postern vault put kv/apisix/jack jwt-key=@key.txt'"},
    Example{"from standard input",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && printf secret | postern "
            "vault put kv/apisix/jack jwt-key=-'"},
};
constexpr std::array kGetExamples{
    Example{"every member",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault put kv/a "
            "x=1 y=2 && postern vault get kv/a'"},
    Example{"one member's value",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault put kv/a "
            "x=1 && postern vault get kv/a x'"},
    Example{"what is not there: exit code 1",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault get kv/a'",
            Needs::Nothing, kNo},
};
constexpr std::array kListExamples{
    Example{"the names below a path",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault put kv/a/b "
            "x=1 && postern vault list kv/a'"},
    Example{"of an engine",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault put kv/a "
            "x=1 && postern vault list kv'"},
    Example{"nothing there: exit code 1",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault list kv'",
            Needs::Nothing, kNo},
};
constexpr std::array kDeleteExamples{
    Example{"a secret",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault put kv/a "
            "x=1 && postern vault delete kv/a'"},
    Example{"what is not there is no error",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault delete "
            "kv/a'"},
    Example{"say nothing",
            "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault delete "
            "kv/a -q'"},
};

struct Options
{
    std::string address;
};

void addAddress(CLI::App &app, Options &options)
{
    app.add_option("--address", options.address,
                   "of the server; otherwise VAULT_ADDR, http://127.0.0.1:8200");
}

std::string trimmed(std::string_view path)
{
    while (path.starts_with('/'))
        path.remove_prefix(1);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return std::string(path);
}

std::string reasonOf(const gateway::ClientResponse &response)
{
    const auto body = parseJson(response.body);
    const Json *const errors = body ? body->find("errors") : nullptr;
    std::string text = std::format("status {}", response.status);
    for (const Json &error : errors ? errors->items() : Json::Array())
        text.append(": ").append(printable(error.asString()));
    return text;
}

/// \return what the server answered with 200 or 204 (then null)
Result<Json> ask(const Options &options, std::string_view method, std::string_view path,
                 std::string body = {}, std::string_view query = {})
{
    const std::string address = options.address.empty()
        ? environment("VAULT_ADDR", "http://127.0.0.1:8200")
        : options.address;
    auto server = gateway::parseWebAddress(address);
    if (!server)
        return std::unexpected(server.error());
    const gateway::VaultAddress vault{
        .server = *server, .prefix = {}, .token = {}, .nameSpace = {}};
    gateway::ClientRequest request{
        .method = std::string(method),
        .target = vault.target(path) + std::string(query),
        .headers = {{"X-Vault-Token", environment("VAULT_TOKEN", "root")},
                    {"X-Vault-Request", "true"}},
        .body = std::move(body)};
    if (const std::string nameSpace = environment("VAULT_NAMESPACE"); !nameSpace.empty())
        request.headers.emplace_back("X-Vault-Namespace", nameSpace);
    const auto response = gateway::ControlClient(*server).send(request);
    if (!response)
        return std::unexpected(response.error());
    if (response->status == 204)
        return Json();
    if (response->status == 200)
        return parseJson(response->body);
    if (response->status == 403)
        return fail(Errc::Remote, reasonOf(*response) + "; is VAULT_TOKEN right?", address);
    if (response->status == 404)
        return fail(Errc::NotFound, reasonOf(*response), std::string(path));
    return fail(Errc::Remote, reasonOf(*response), std::string(path));
}

int said(const Console &console, const std::string &text, Json document)
{
    if (console.json()) {
        Json out = Json::object({{"version", 1}});
        for (auto &[name, value] : document.members())
            out.set(name, std::move(value));
        console.document(out);
    } else if (!console.quiet) {
        console.line(text);
    }
    return kYes;
}

// ---- enable

struct EnableOptions : Options
{
    std::string path, version = "1", description;
};

int enable(const Console &console, const EnableOptions &options)
{
    const std::string path = trimmed(options.path);
    const Json body = Json::object({{"type", "kv"},
                                    {"description", options.description},
                                    {"options", Json::object({{"version", options.version}})}});
    const auto answer = ask(options, "POST", "sys/mounts/" + path, body.dump());
    if (!answer)
        return console.fail(answer.error());
    return said(console, std::format("Success! Enabled the kv secrets engine at: {}/", path),
                Json::object({{"path", path + "/"}}));
}

Run defineEnable(CLI::App &app)
{
    const auto options = std::make_shared<EnableOptions>();
    app.add_option("path", options->path, "where the engine goes, as kv/")->required();
    app.add_option("--version", options->version, "of the KV engine (1)")
        ->check(CLI::IsMember({"1", "2"}));
    app.add_option("--description", options->description, "what it is for");
    addAddress(app, *options);
    return [options](const Console &console) { return enable(console, *options); };
}

// ---- put

struct PutOptions : Options
{
    std::string path;
    std::vector<std::string> members;
};

/// "k=v", "k=@file", "k=-". A literal value is taken as it is.
Result<std::pair<std::string, std::string>> memberOf(const std::string &text,
                                                     ArgumentReader &reader)
{
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
        return fail(Errc::Usage, "write NAME=VALUE, NAME=@FILE or NAME=-", text.substr(0, equals));
    std::string value = text.substr(equals + 1);
    if (value == "-" || value.starts_with('@')) {
        const Result<Secret> read = reader.secret(value);
        if (!read)
            return std::unexpected(read.error());
        value = read->view();
    }
    return std::pair(text.substr(0, equals), std::move(value));
}

int put(const Console &console, const PutOptions &options)
{
    ArgumentReader reader(console);
    Json body = Json::object();
    for (const std::string &text : options.members) {
        auto member = memberOf(text, reader);
        if (!member)
            return console.fail(member.error());
        body.set(member->first, std::move(member->second));
    }
    const std::string path = trimmed(options.path);
    const auto answer = ask(options, "PUT", path, body.dump());
    if (!answer)
        return console.fail(answer.error());
    return said(console, std::format("Success! Data written to: {}", path),
                Json::object({{"path", path}}));
}

Run definePut(CLI::App &app)
{
    const auto options = std::make_shared<PutOptions>();
    app.add_option("path", options->path, "of the secret, as kv/apisix/jack")->required();
    app.add_option("members", options->members, "NAME=VALUE; =@FILE and =- keep it off the screen")
        ->required();
    addAddress(app, *options);
    return [options](const Console &console) { return put(console, *options); };
}

// ---- get

struct GetOptions : Options
{
    std::string path, member;
};

std::string valueText(const Json &value)
{
    return value.isString() ? value.asString() : value.dump();
}

void printTable(const Console &console, const Json &data)
{
    std::size_t width = 3;
    for (const auto &[name, value] : data.members())
        width = std::max(width, name.size());
    const auto row = [&](std::string_view name, std::string_view value) {
        console.line(std::format("{:<{}}    {}", name, width, value));
    };
    row("Key", "Value");
    row("---", "-----");
    for (const auto &[name, value] : data.members())
        row(printable(name), printable(valueText(value)));
}

int get(const Console &console, const GetOptions &options)
{
    const std::string path = trimmed(options.path);
    const auto answer = ask(options, "GET", path);
    if (!answer)
        return console.fail(answer.error());
    const Json *const data = answer->find("data");
    if (!data || !data->isObject())
        return console.fail({Errc::Remote, "the answer has no data", path});
    if (options.member.empty()) {
        if (console.json())
            console.document(Json::object({{"version", 1}, {"path", path}, {"data", *data}}));
        else
            printTable(console, *data);
        return kYes;
    }
    const Json *const value = data->find(options.member);
    if (!value)
        return console.fail(
            {Errc::NotFound, std::format("it has no member \"{}\"", options.member), path});
    if (console.json())
        console.document(Json::object({{"version", 1}, {"path", path}, {"value", *value}}));
    else
        console.raw(valueText(*value) + "\n");
    return kYes;
}

Run defineGet(CLI::App &app)
{
    const auto options = std::make_shared<GetOptions>();
    app.add_option("path", options->path, "of the secret")->required();
    app.add_option("member", options->member, "print this member's value alone");
    addAddress(app, *options);
    return [options](const Console &console) { return get(console, *options); };
}

// ---- list, delete

struct PathOptions : Options
{
    std::string path;
};

int list(const Console &console, const PathOptions &options)
{
    const std::string path = trimmed(options.path);
    const auto answer = ask(options, "GET", path, {}, "?list=true");
    if (!answer)
        return console.fail(answer.error());
    const Json *const data = answer->find("data");
    const Json *const keys = data ? data->find("keys") : nullptr;
    if (!keys)
        return console.fail({Errc::Remote, "the answer has no keys", path});
    if (console.json()) {
        console.document(Json::object({{"version", 1}, {"path", path}, {"keys", *keys}}));
        return kYes;
    }
    for (const Json &key : keys->items())
        console.line(printable(key.asString()));
    return kYes;
}

int remove(const Console &console, const PathOptions &options)
{
    const std::string path = trimmed(options.path);
    const auto answer = ask(options, "DELETE", path);
    if (!answer)
        return console.fail(answer.error());
    return said(console, std::format("Success! Data deleted (if it existed) at: {}", path),
                Json::object({{"path", path}}));
}

template <int (*act)(const Console &, const PathOptions &)> Run defineOnPath(CLI::App &app)
{
    const auto options = std::make_shared<PathOptions>();
    app.add_option("path", options->path, "as kv/apisix/jack")->required();
    addAddress(app, *options);
    return [options](const Console &console) { return act(console, *options); };
}

constexpr std::string_view kWhere =
    "The server is the one of VAULT_ADDR (http://127.0.0.1:8200 when unset), the token that of "
    "VAULT_TOKEN (root when unset), the namespace that of VAULT_NAMESPACE.";

} // namespace

const Command vaultEnableCommand{"vault enable", "mount a KV engine", kEnableExamples, defineEnable,
                                 kWhere};
const Command vaultPutCommand{"vault put", "write a secret", kPutExamples, definePut, kWhere};
const Command vaultGetCommand{"vault get", "read a secret", kGetExamples, defineGet, kWhere};
const Command vaultListCommand{"vault list", "list the names of secrets", kListExamples,
                               defineOnPath<list>, kWhere};
const Command vaultDeleteCommand{"vault delete", "delete a secret", kDeleteExamples,
                                 defineOnPath<remove>, kWhere};

} // namespace postern::cli
