// SPDX-License-Identifier: Apache-2.0
#include "cli/access_source.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/target.h"
#include "core/bytes/encoding.h"
#include "gateway/control/client.h"
#include "gateway/http/header_list.h"
#include "gateway/pipeline/explain.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/plugins/common/hmac_signature.h"
#include "gateway/plugins/common/present_login.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <format>
#include <memory>
#include <ranges>
#include <thread>

namespace postern::cli {
namespace {

using gateway::ClientResponse;
using gateway::DraftRequest;

constexpr std::array kExamples{
    Example{"as a consumer, with the login that the route wants",
            "postern request --as jack GET /headers", Needs::Gateway},
    Example{"a request that its route refuses, and why", "postern request /headers --explain",
            Needs::Gateway, kNo},
    Example{
        "signed for hmac-auth, with the body's digest",
        "echo jacks-secret > hmac.key && postern request --hmac jack-id:@hmac.key --sign digest "
        "/get",
        Needs::Gateway},
    Example{"with a token, to a whole URL",
            "postern request --bearer \"$(postern token mint --consumer jack)\" "
            "$POSTERN_PROXY_URL/headers",
            Needs::Gateway},
};

struct Options
{
    ObjectSource source; ///< where --as looks
    std::vector<std::string> words, headers;
    std::string data, consumer, key, keyHeader = "apikey", basic, bearer, hmac, sign, algorithm,
                                     alter, clock;
    bool explain = false;
};

/// A request and the server that gets it.
struct Order
{
    DraftRequest draft;
    gateway::ServerAddress address;
};

Result<gateway::ServerAddress> proxyAddress()
{
    std::string url = environment("POSTERN_PROXY_URL");
    if (url.empty()) {
        const Result<Json> health = askControl("GET", "/v1/healthcheck");
        if (!health)
            return std::unexpected(health.error());
        url = health->stringOr("proxy", "");
    }
    return gateway::parseWebAddress(url);
}

Result<std::string> dataOf(ArgumentReader &reader, const std::string &text)
{
    if (text == "-")
        return reader.standardInput();
    return text.starts_with('@') ? readFile(text.substr(1)) : Result<std::string>(text);
}

Result<void> addHeaders(DraftRequest &draft, const std::vector<std::string> &lines)
{
    for (const std::string &line : lines) {
        const std::size_t colon = line.find(':');
        if (colon == 0 || colon == std::string::npos)
            return fail(Errc::Usage, "write NAME: VALUE", "-H");
        const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
        if (gateway::equalsIgnoringCase(std::string_view(line).substr(0, colon), "host"))
            draft.host = line.substr(value);
        else
            draft.addHeader(line.substr(0, colon), line.substr(value));
    }
    return {};
}

bool isMethod(const std::string &word)
{
    return !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
        return std::isupper(c) != 0 || c == '-';
    });
}

Result<Order> orderOf(ArgumentReader &reader, const Options &options)
{
    Order order;
    DraftRequest &draft = order.draft;
    std::string target = options.words.back();
    if (options.words.size() == 2 && !isMethod(options.words.front()))
        return fail(Errc::Usage, "write [METHOD] PATH-OR-URL", options.words.front());
    draft.method = options.words.size() == 2 ? options.words.front()
        : options.data.empty()               ? "GET"
                                             : "POST";
    Result<gateway::ServerAddress> address = fail(Errc::Usage);
    if (target.starts_with('/')) {
        address = proxyAddress();
    } else {
        const std::size_t scheme = target.find("://");
        const std::size_t path = scheme == std::string::npos
            ? std::string::npos
            : target.find_first_of("/?", scheme + 3);
        address = gateway::parseWebAddress(target.substr(0, path));
        target = path == std::string::npos ? "/" : target.substr(path);
        if (target.starts_with('?'))
            target.insert(0, "/");
    }
    if (!address)
        return std::unexpected(address.error());
    order.address = *address;
    draft.target = std::move(target);
    draft.host = address->host.contains(':') ? std::format("[{}]:{}", address->host, address->port)
                                             : std::format("{}:{}", address->host, address->port);
    if (auto data = dataOf(reader, options.data); data)
        draft.body = std::move(*data);
    else
        return std::unexpected(data.error());
    if (const auto added = addHeaders(draft, options.headers); !added)
        return std::unexpected(added.error());
    if (!draft.body.empty() && !draft.header("content-type"))
        draft.addHeader("Content-Type",
                        draft.body.front() == '{' || draft.body.front() == '['
                            ? "application/json"
                            : "application/x-www-form-urlencoded");
    return order;
}

/// The gateway's time where there is one to ask.
Result<Timestamp> timeOfRequest(const std::string &clock)
{
    Timestamp now = Clock().now();
    if (const Result<Json> answer = askControl("GET", "/v1/clock"))
        now = parseTime(answer->stringOr("now", ""), now).value_or(now);
    if (clock.empty())
        return now;
    const Result<Timestamp> time = parseTime(clock, now);
    return time ? time : fail(time.error().code, time.error().detail, "--clock");
}

/// "ID:SECRET", the secret in any of its forms.
struct Login
{
    std::string name, secret;
};

Result<Login> loginOf(ArgumentReader &reader, const std::string &text, std::string_view option)
{
    const std::size_t colon = text.find(':');
    if (colon == 0 || colon == std::string::npos)
        return fail(Errc::Usage, "write NAME:SECRET", std::string(option));
    const Result<Secret> secret = reader.secret(std::string_view(text).substr(colon + 1));
    if (!secret)
        return std::unexpected(secret.error());
    return Login{text.substr(0, colon), std::string(secret->view())};
}

std::vector<std::string> namesOf(std::string_view list)
{
    std::vector<std::string> names;
    for (const auto part : std::views::split(list, ',')) {
        std::string_view name(part);
        name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
        name = name.substr(0, name.find_last_not_of(' ') + 1);
        if (!name.empty())
            names.emplace_back(name);
    }
    return names;
}

Result<void> signDraft(ArgumentReader &reader, DraftRequest &draft, const Options &options)
{
    const Result<Login> login = loginOf(reader, options.hmac, "--hmac");
    if (!login)
        return std::unexpected(login.error());
    std::vector<std::string> names = namesOf(options.sign);
    const bool digest = std::erase(names, "digest") > 0;
    std::erase(names, "@request-target"); // both are always signed
    std::erase(names, "date");
    const auto algorithm =
        gateway::findHmacAlgorithm(options.algorithm.empty() ? "hmac-sha256" : options.algorithm);
    if (!algorithm)
        return fail(Errc::AlgUnknown, "hmac-sha1, hmac-sha256 or hmac-sha512", "--algorithm");
    return gateway::presentSignature(draft,
                                     {.keyId = login->name,
                                      .secret = login->secret,
                                      .algorithm = *algorithm,
                                      .signedHeaders = names,
                                      .digest = digest});
}

Result<void> asConsumer(const Console &console, DraftRequest &draft, const Options &options)
{
    const auto admin = openAdmin(options.source);
    if (!admin)
        return std::unexpected(admin.error());
    auto access = openAccess(**admin, options.clock);
    if (!access)
        return std::unexpected(access.error());
    const auto row = rowOfConsumer(*access, options.consumer);
    if (!row)
        return std::unexpected(row.error());
    gateway::AccessDetail detail = access->ask(draft, *row);
    if (detail.cell.state == gateway::AccessState::CannotAuthenticate)
        console.note(std::format("{} has no login that the route takes ({}); sent without",
                                 options.consumer, detail.cell.word));
    if (detail.cell.reason == Errc::KeyMissing)
        return fail(Errc::KeyMissing,
                    "only the client has the key of this login; make the token with 'postern "
                    "token mint --key' and give it with --bearer",
                    options.consumer);
    draft = std::move(detail.request);
    return {};
}

Result<void> addLogin(const Console &console, ArgumentReader &reader, DraftRequest &draft,
                      const Options &options)
{
    if (!options.consumer.empty())
        return asConsumer(console, draft, options);
    if (!options.key.empty()) {
        const Result<Secret> key = reader.secret(options.key);
        if (!key)
            return std::unexpected(key.error());
        draft.addHeader(options.keyHeader, key->view());
    }
    if (!options.basic.empty()) {
        const Result<Login> login = loginOf(reader, options.basic, "--basic");
        return login ? gateway::presentPassword(draft, login->name, login->secret)
                     : std::unexpected(login.error());
    }
    if (!options.bearer.empty()) {
        const auto tokens = reader.tokens({options.bearer});
        if (!tokens)
            return std::unexpected(tokens.error());
        draft.addHeader("Authorization", "Bearer " + tokens->front());
    }
    return options.hmac.empty() ? Result<void>() : signDraft(reader, draft, options);
}

/// Spoils what was signed, to see that it is noticed.
void alter(DraftRequest &draft, std::string_view what)
{
    for (auto &[name, value] : draft.headers) {
        if (what == "date" && gateway::equalsIgnoringCase(name, "date"))
            value = formatHttpDate(draft.time - std::chrono::seconds(1));
        if (what == "digest" && gateway::equalsIgnoringCase(name, "digest"))
            value = "SHA-256=" + encodeBase64(std::string(32, '\0'));
    }
    if (what == "path")
        draft.addArgument("altered", "1");
    if (what == "body")
        draft.body += ' ';
}

/// The gateway's own record of the request; null if the gateway that answered is not ours to ask.
Json traceOf(const ClientResponse &response)
{
    constexpr int kTries = 100;
    const std::string_view id = response.header("x-postern-trace");
    if (id.empty() || !controlAddress())
        return {};
    for (int i = 0; i < kTries; ++i) { // it is written when the answer is complete
        if (Result<Json> trace = askControl("GET", "/v1/traces/" + encodePercent(id)))
            return std::move(*trace);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return {};
}

void print(const Console &console, const ClientResponse &response, const Json &trace, bool explain)
{
    if (console.json()) {
        Json headers = Json::array();
        for (const auto &[name, value] : response.headers)
            headers.push_back(Json(Json::Array{Json(name), Json(value)}));
        console.document(Json::object(
            {{"version", 1},
             {"status", response.status},
             {"headers", std::move(headers)},
             {"body", isUtf8(response.body) ? response.body : printable(response.body)},
             {"trace", trace}}));
        return;
    }
    console.line(std::format("{} {}", response.status, gateway::reasonPhrase(response.status)));
    for (const auto &[name, value] : response.headers)
        console.line(printable(std::format("{}: {}", name, value)));
    console.line("");
    console.raw(response.body);
    if (!response.body.empty() && !response.body.ends_with('\n'))
        console.line("");
    if (trace.isNull())
        return;
    if (explain) {
        console.line("");
        console.raw(gateway::explainTrace(trace, console.coloured()));
        return;
    }
    const std::string_view reason = trace.stringOr("reason", "");
    console.note(std::format("{}{}{}; 'postern explain {}' says why",
                             trace.stringOr("decision", "?"), reason.empty() ? "" : ": ", reason,
                             trace.stringOr("id", "")));
}

Result<int> request(const Console &console, Options &options)
{
    ArgumentReader reader(console);
    Result<Order> order = orderOf(reader, options);
    if (!order)
        return std::unexpected(order.error());
    DraftRequest &draft = order->draft;
    const Result<Timestamp> now = timeOfRequest(options.clock);
    if (!now)
        return std::unexpected(now.error());
    draft.time = *now;
    if (const auto added = addLogin(console, reader, draft, options); !added)
        return std::unexpected(added.error());
    alter(draft, options.alter);
    gateway::ClientRequest message{draft.method, draft.target, {}, draft.body};
    message.headers.assign(draft.headers.begin(), draft.headers.end());
    message.headers.insert(message.headers.begin(), {"Host", draft.host});
    const auto response = gateway::ControlClient(order->address).send(message);
    if (!response)
        return std::unexpected(response.error());
    print(console, *response, traceOf(*response), options.explain);
    return response->status < 400 ? kYes : kNo;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("request", options->words, "[METHOD] and path or URL")
        ->required()
        ->expected(1, 2);
    addList(app, "-H,--header", options->headers, "a header line; repeatable");
    app.add_option("-d,--data", options->data, "the body: text, @file, -; POST without METHOD");
    std::vector<CLI::Option *> logins{
        app.add_option("--as", options->consumer,
                       "as this consumer: with the login that the route wants"),
        app.add_option("--key", options->key, "an API key"),
        app.add_option("--basic", options->basic, "NAME:PASSWORD"),
        app.add_option("--bearer", options->bearer, "a token"),
        app.add_option("--hmac", options->hmac, "KEY-ID:SECRET, signs target and date")};
    for (CLI::Option *one : logins) {
        for (CLI::Option *other : logins) {
            if (one != other)
                one->excludes(other);
        }
    }
    app.add_option("--key-header", options->keyHeader, "where --key goes")->capture_default_str();
    app.add_option("--sign", options->sign,
                   "more that --hmac signs, parted by commas: digest, names of headers");
    app.add_option("--algorithm", options->algorithm, "of --hmac")
        ->check(CLI::IsMember({"hmac-sha1", "hmac-sha256", "hmac-sha512"}));
    app.add_option("--alter", options->alter, "spoil this after signing")
        ->check(CLI::IsMember({"date", "path", "body", "digest"}));
    app.add_option("--clock", options->clock, "the time of tokens and dates; the gateway's");
    app.add_flag("--explain", options->explain, "print the decision step by step, too");
    addObjectSourceOptions(app, options->source);
    return [options](const Console &console) -> int {
        const Result<int> exit = request(console, *options);
        return exit ? *exit : console.fail(exit.error());
    };
}

} // namespace

const Command requestCommand{
    "request", "send one request through the gateway, with a login", kExamples, define,
    "Prints status, headers and body, and what the gateway decided. A path goes to the proxy of "
    "the running gateway (POSTERN_PROXY_URL), a URL wherever it says. --as looks the consumer up "
    "(in the gateway, or in --config or --store) and makes what the route wants: a key, a "
    "password, a fresh token, a signature. Exit code 1: the answer has status 400 or above."};

} // namespace postern::cli
