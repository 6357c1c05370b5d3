// SPDX-License-Identifier: Apache-2.0
#include "gateway/access/access_matrix.h"

#include "core/json/parse.h"
#include "core/model/keys.h"
#include "gateway/access/access_words.h"
#include "gateway/access/sample_request.h"
#include "gateway/pipeline/explain.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/router/router.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace postern::gateway {

namespace {

using DocumentPointer = std::shared_ptr<const Document>;

/// The documents of one consumer.
struct Stored
{
    DocumentPointer own;
    std::map<std::string, DocumentPointer, std::less<>> credentials;
};

/// What came of asking for the logins that a route wants.
struct Presented
{
    std::string missing; ///< plugins that the consumer has no login of
    std::optional<Error> unable; ///< a login that it has, but that we cannot use
};

/// Adds the logins of a document that the gateway took in.
void addLogins(std::vector<ClientLogin> &out, const Document &document, std::string_view id,
               const CompiledConsumer &consumer, const SecretResolver &secrets)
{
    auto parsed = parseJson(document.value, {.lastDuplicateWins = true});
    Json *plugins = parsed ? parsed->find("plugins") : nullptr;
    if (!plugins || !plugins->isObject())
        return;
    for (auto &[name, config] : plugins->members()) {
        const PluginSpec *spec = findPlugin(name);
        const bool compiled =
            std::ranges::any_of(consumer.credentials, [&](const CompiledCredential &each) {
                return each.plugin == spec && each.id == id;
            });
        if (spec && compiled && secrets.resolveAll(config, document.key))
            out.push_back({spec, std::string(id), std::move(config)});
    }
}

void present(DraftRequest &draft, Presented &out, const PluginChain *chain,
             std::span<const ClientLogin> logins)
{
    if (!chain)
        return;
    for (const CompiledPlugin &entry : chain->plugins) {
        if (entry.spec->kind != PluginKind::Auth)
            continue;
        auto taken = entry.plugin->present(logins, draft);
        if (taken)
            continue;
        if (taken.error().code == Errc::CredentialMissing)
            out.missing.append(out.missing.empty() ? "" : ", ").append(taken.error().detail);
        else if (taken.error().code == Errc::KeyMissing)
            out.unable = std::move(taken.error());
        // what else fails, fails for the client, too: the pipeline says why
    }
}

AccessColumn columnOf(const CompiledRoute &route)
{
    AccessColumn column{route.id, route.name, route.uris, route.hosts, route.methods, {}};
    for (const CompiledPlugin &entry : route.chain.plugins)
        column.plugins.emplace_back(entry.spec->name);
    return column;
}

AccessRow rowOf(const CompiledConsumer &consumer)
{
    AccessRow row{consumer.username, consumer.labels, {}};
    for (const CompiledCredential &credential : consumer.credentials) {
        const std::string name(credential.plugin->name);
        if (!std::ranges::contains(row.logins, name))
            row.logins.push_back(name);
    }
    return row;
}

/// Why no such request reaches the route.
std::string whyElsewhere(const Exchange &exchange, const CompiledRoute &wanted)
{
    if (exchange.route)
        return "goes to " + exchange.route->id;
    const std::string method(exchange.request.method);
    const bool taken = wanted.methods.empty() || std::ranges::contains(wanted.methods, method);
    return taken ? "conditions" : "no " + method;
}

PluginEnv environmentOf(const SecretResolver &secrets)
{
    PluginEnv environment;
    environment.secrets = &secrets;
    environment.tokenCache = false; // a cell must not depend on the one before
    return environment;
}

} // namespace

struct AccessMatrix::State
{
    explicit State(AccessOptions with)
        : options(std::move(with)),
          secrets(options.environment),
          compiler(environmentOf(secrets), {.flavour = options.router})
    {
    }

    AccessOptions options;
    SecretResolver secrets;
    SnapshotCompiler compiler;
    std::uint64_t revision = 0;
    std::map<std::string, Stored, std::less<>> consumers;
    std::map<std::string, DocumentPointer, std::less<>> routeDocuments;
    std::shared_ptr<const Snapshot> snapshot;
    std::vector<AccessRow> rows;
    std::vector<AccessColumn> columns;
    std::vector<std::shared_ptr<const CompiledRoute>> routes; ///< of the columns

    // worked out when they are asked for
    std::vector<std::optional<std::vector<ClientLogin>>> logins; ///< of the rows
    std::map<std::pair<std::size_t, std::string>, SampleRequest> samples;
    MergedChains merged;
    Exchange exchange;

    void store(const std::string &key, const DocumentPointer &document)
    {
        const auto parts = parseStorageKey(key);
        if (!parts)
            return;
        const auto put = [&document](auto &map, std::string_view id) {
            if (document)
                map.insert_or_assign(std::string(id), document);
            else
                map.erase(std::string(id));
        };
        if (parts->kind == "consumers")
            consumers[std::string(parts->id)].own = document;
        else if (parts->kind == "credentials")
            put(consumers[std::string(parts->parent)].credentials, parts->id);
        else if (parts->kind == "routes")
            put(routeDocuments, parts->id);
    }

    void list()
    {
        rows.clear();
        for (const auto &[name, stored] : consumers) {
            if (const CompiledConsumer *consumer = snapshot->consumers->byName(name))
                rows.push_back(rowOf(*consumer));
        }
        rows.emplace_back();
        logins.assign(rows.size(), std::nullopt);
        samples.clear();
        merged.clear();
        columns.clear();
        routes.clear();
        if (snapshot->router)
            routes = snapshot->router->routes();
        std::ranges::sort(routes, {},
                          [](const auto &route) { return std::string_view(route->id); });
        for (const auto &route : routes)
            columns.push_back(columnOf(*route));
    }

    [[nodiscard]] const std::vector<ClientLogin> &loginsOf(std::size_t row)
    {
        auto &known = logins[row];
        if (known)
            return *known;
        known.emplace();
        const std::string &name = rows[row].consumer;
        const auto stored = consumers.find(name);
        const CompiledConsumer *consumer = snapshot->consumers->byName(name);
        if (stored == consumers.end() || !consumer)
            return *known;
        for (const auto &[id, document] : stored->second.credentials)
            addLogins(*known, *document, id, *consumer, secrets);
        if (stored->second.own)
            addLogins(*known, *stored->second.own, {}, *consumer, secrets);
        return *known;
    }

    [[nodiscard]] const SampleRequest &sampleOf(std::size_t column, std::string_view method)
    {
        const auto [at, fresh] = samples.try_emplace({column, std::string(method)});
        if (!fresh)
            return at->second;
        const auto document = routeDocuments.find(routes[column]->id);
        auto parsed = document == routeDocuments.end()
            ? Result<Json>(Json())
            : parseJson(document->second->value, {.lastDuplicateWins = true});
        at->second = sampleRequest(snapshot, *routes[column],
                                   parsed ? parsed->find("vars") : nullptr, method, options.peer);
        return at->second;
    }

    [[nodiscard]] bool begin(const DraftRequest &draft)
    {
        exchange.clear();
        exchange.snapshot = snapshot;
        exchange.now = draft.time;
        exchange.dryRun = true;
        if (!readDraft(draft, exchange.arena, exchange.request))
            return false;
        TraceRecord &trace = exchange.trace;
        trace.received = draft.time;
        std::tie(trace.method, trace.methodSize) = trace.put(draft.method);
        std::tie(trace.target, trace.targetSize) = trace.put(draft.target);
        std::tie(trace.host, trace.hostSize) = trace.put(draft.host);
        std::tie(trace.peer, trace.peerSize) = trace.put(draft.peer);
        exchange.body.text = draft.body;
        return true;
    }

    [[nodiscard]] Presented addLogin(DraftRequest &draft, std::size_t row)
    {
        Presented out;
        draft.time = options.now.value_or(draft.time);
        if (!begin(draft) || !snapshot->router)
            return out;
        exchange.tracing = false;
        const CompiledRoute *route = snapshot->router->match(exchange.request, &exchange).route;
        exchange.tracing = true;
        present(draft, out, snapshot->globalRules.get(), loginsOf(row));
        present(draft, out, route ? &route->chain : nullptr, loginsOf(row));
        return out;
    }

    /// \return Suspend if it would have to ask somebody
    [[nodiscard]] Verdict run(const DraftRequest &draft)
    {
        constexpr int kTurns = 64;
        if (!begin(draft)) {
            exchange.note(Step::Client, Outcome::Failed, Errc::HttpSyntax, {});
            replyWithPage(exchange, 400);
            return Verdict::Respond;
        }
        for (int turn = 0; turn < kTurns; ++turn) {
            const Verdict verdict = decide(exchange, merged);
            if (verdict == Verdict::Continue || verdict == Verdict::Respond)
                return verdict;
            if (verdict == Verdict::Suspend && exchange.wait.slot)
                break; // a pause is over at once
        }
        cancelSuspension(exchange);
        return Verdict::Suspend;
    }

    /// \param wanted the route that it is about; nullptr: any
    [[nodiscard]] AccessCell decideCell(DraftRequest &draft, std::optional<std::size_t> row,
                                        const CompiledRoute *wanted)
    {
        draft.time = options.now.value_or(Clock().now());
        const Presented presented = row ? addLogin(draft, *row) : Presented();
        const Verdict verdict = run(draft);
        AccessCell cell;
        cell.limit = limitWords(exchange.trace);
        if (exchange.consumer)
            cell.consumer = exchange.consumer->username;
        if (exchange.credential)
            cell.credential = exchange.credential->id;
        if (verdict == Verdict::Respond) {
            cell.status = exchange.reply.status;
            cell.message = exchange.reply.body;
        }
        const bool known = row && !rows[*row].consumer.empty();
        if (wanted && exchange.route != wanted) {
            cell.state = AccessState::NotMatched;
            cell.reason = Errc::RouteNotFound;
            cell.word = whyElsewhere(exchange, *wanted);
        } else if (presented.unable) {
            cell.state = AccessState::Depends;
            cell.reason = presented.unable->code;
            cell.word = accessWord(presented.unable->code);
        } else if (verdict == Verdict::Suspend) {
            cell.state = AccessState::Depends;
            cell.word = "elsewhere";
        } else if (const auto deciding = decidingEvent(exchange.trace); deciding) {
            judgeRefusal(cell, exchange.trace, *deciding, known ? presented.missing : "");
        } else if (const std::string luck = luckWords(exchange.trace); !luck.empty()) {
            cell.state = AccessState::Depends;
            cell.reason = Errc::FaultInjected;
            cell.word = luck;
        } else {
            cell.state = exchange.consumer && !exchange.credential ? AccessState::Anonymous
                                                                   : AccessState::Allowed;
            if (cell.status != 0)
                cell.word = "answers " + std::to_string(cell.status);
        }
        return cell;
    }

    [[nodiscard]] AccessDetail detailOf(AccessCell cell, DraftRequest draft,
                                        std::optional<std::size_t> row)
    {
        AccessDetail detail{std::move(cell), std::move(draft), {}, {}, {}};
        TraceRecord &trace = exchange.trace;
        trace.status = static_cast<std::uint16_t>(detail.cell.status);
        trace.revision = snapshot->revision;
        std::tie(trace.consumer, trace.consumerSize) = trace.put(detail.cell.consumer);
        detail.trace = traceToJson(trace, *snapshot, {}, compiler.problems());
        detail.trace.erase("id");
        detail.trace.erase("timing");
        if (detail.cell.status == 0)
            detail.trace.set("status", nullptr);
        describeAccess(detail, row ? std::optional(rows[*row].consumer) : std::nullopt);
        return detail;
    }
};

AccessMatrix::AccessMatrix(std::vector<Document> documents, AccessOptions options)
    : m_state(std::make_unique<State>(std::move(options)))
{
    apply(std::move(documents));
}

AccessMatrix::~AccessMatrix() = default;
AccessMatrix::AccessMatrix(AccessMatrix &&) noexcept = default;
AccessMatrix &AccessMatrix::operator=(AccessMatrix &&) noexcept = default;

void AccessMatrix::apply(std::vector<Document> puts, const std::vector<std::string> &deletes)
{
    ++m_state->revision;
    std::vector<Change> changes;
    for (const std::string &key : deletes)
        changes.push_back({key, nullptr, m_state->revision});
    for (Document &put : puts) {
        const std::string key = put.key;
        changes.push_back(
            {key, std::make_shared<const Document>(std::move(put)), m_state->revision});
    }
    for (const Change &change : changes)
        m_state->store(change.key, change.document);
    m_state->snapshot = m_state->compiler.apply(changes, m_state->revision);
    m_state->list();
}

std::vector<CompileProblem> AccessMatrix::problems() const { return m_state->compiler.problems(); }
const std::vector<AccessRow> &AccessMatrix::rows() const noexcept { return m_state->rows; }
const std::vector<AccessColumn> &AccessMatrix::columns() const noexcept { return m_state->columns; }

AccessCell AccessMatrix::cell(std::size_t row, std::size_t column, std::string_view method)
{
    DraftRequest draft = m_state->sampleOf(column, method).draft;
    return m_state->decideCell(draft, row, m_state->routes[column].get());
}

AccessDetail AccessMatrix::explain(std::size_t row, std::size_t column, std::string_view method)
{
    DraftRequest draft = m_state->sampleOf(column, method).draft;
    AccessCell cell = m_state->decideCell(draft, row, m_state->routes[column].get());
    return m_state->detailOf(std::move(cell), std::move(draft), row);
}

AccessDetail AccessMatrix::ask(DraftRequest request, std::optional<std::size_t> row)
{
    AccessCell cell = m_state->decideCell(request, row, nullptr);
    return m_state->detailOf(std::move(cell), std::move(request), row);
}

} // namespace postern::gateway
