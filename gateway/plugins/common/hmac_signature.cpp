// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/hmac_signature.h"

#include <algorithm>

namespace postern::gateway {

namespace {

constexpr std::string_view kRequestTarget = "@request-target";

/// Headers whose values a trace may show; of others only the name.
constexpr std::array<std::string_view, 8> kShown{"date",           "digest",       "host",
                                                 "content-length", "content-type", "content-md5",
                                                 "accept",         "user-agent"};

constexpr bool isWordCharacter(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

struct Pair
{
    std::string_view word, value;
};

/// The first `word="value"` of the text, wherever it stands.
std::optional<Pair> findPair(std::string_view text) noexcept
{
    constexpr std::string_view kOpening = "=\"";
    for (std::size_t at = text.find(kOpening); at != std::string_view::npos;
         at = text.find(kOpening, at + 1)) {
        const std::size_t closing = text.find('"', at + kOpening.size());
        if (closing == std::string_view::npos)
            return std::nullopt;
        std::size_t from = at;
        while (from > 0 && isWordCharacter(text[from - 1]))
            --from;
        if (from < at) {
            const std::size_t value = at + kOpening.size();
            return Pair{text.substr(from, at - from), text.substr(value, closing - value)};
        }
    }
    return std::nullopt;
}

/// Takes what stands before the separator off the text.
std::string_view takePart(std::string_view &rest, char separator) noexcept
{
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

/// Calls `sink(text, secret)` for every piece of the text to be signed, in order.
template <class Sink>
void writeSigningText(const Request &request, const HmacParameters &parameters, const Sink &sink)
{
    sink(parameters.keyId.value_or(std::string_view()), false);
    sink("\n", false);
    std::string_view rest = parameters.headers.value_or(std::string_view());
    while (!rest.empty()) {
        const std::string_view name = takePart(rest, ' ');
        if (const HeaderField *field = request.headers.find(name)) {
            sink(name, false);
            sink(": ", false);
            sink(field->value, std::ranges::none_of(kShown, [name](std::string_view shown) {
                     return equalsIgnoringCase(name, shown);
                 }));
        } else if (name == kRequestTarget) {
            sink(request.method, false);
            sink(" ", false);
            sink(request.path.empty() ? "/" : request.path, false);
            if (!request.query.empty()) {
                sink("?", false);
                sink(request.query, false);
            }
        } else {
            continue; // APISIX leaves out what is not there
        }
        sink("\n", false);
    }
}

} // namespace

std::optional<std::size_t> findHmacAlgorithm(std::string_view name) noexcept
{
    const auto found = std::ranges::find(kHmacAlgorithms, name, &HmacAlgorithm::name);
    if (found == kHmacAlgorithms.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - kHmacAlgorithms.begin());
}

HmacParameters HmacParameters::read(std::string_view text) noexcept
{
    HmacParameters read;
    while (!text.empty()) {
        const auto pair = findPair(takePart(text, ','));
        if (!pair)
            continue;
        if (pair->word == "keyId")
            read.keyId = pair->value;
        else if (pair->word == "algorithm")
            read.algorithm = pair->value;
        else if (pair->word == "signature")
            read.signature = pair->value;
        else if (pair->word == "headers")
            read.headers = pair->value;
    }
    return read;
}

bool HmacParameters::covers(std::string_view name) const noexcept
{
    std::string_view rest = headers.value_or(std::string_view());
    while (!rest.empty()) {
        if (takePart(rest, ' ') == name)
            return true;
    }
    return false;
}

Hmac *HmacLogin::context(std::size_t worker, std::size_t algorithm) const
{
    std::unique_ptr<Contexts> &slot = m_contexts.at(worker);
    if (!slot)
        slot = std::make_unique<Contexts>();
    std::optional<Hmac> &context = (*slot)[algorithm];
    if (!context)
        context = Hmac::make(kHmacAlgorithms[algorithm].digest, m_secret.view());
    return context ? &*context : nullptr;
}

Hmac::Tag signRequest(Hmac &context, const Request &request, const HmacParameters &parameters)
{
    // One call of the library costs more than putting the pieces side by side.
    thread_local std::string text;
    text.clear();
    writeSigningText(request, parameters, [](std::string_view piece, bool) { text += piece; });
    return context.begin() && context.update(text) ? context.finish() : Hmac::Tag();
}

std::string shownSigningText(const Request &request, const HmacParameters &parameters)
{
    std::string shown;
    writeSigningText(request, parameters, [&shown](std::string_view text, bool secret) {
        shown += text == "\n" ? "⏎" : secret ? "…" : text;
    });
    return shown;
}

} // namespace postern::gateway
