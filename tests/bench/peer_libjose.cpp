// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/peer_libjose.h"

#include <dlfcn.h>

#include <cstdlib>
#include <optional>

namespace postern::bench {

/// jansson's json_t; its reference count is part of the library's interface (json_decref is
/// inline).
struct LibJose::Value
{
    int type;
    volatile std::size_t references;
};

// libjose 14 and jansson 2.14; both keep these within their sonames.
struct LibJose::Api
{
    using Json = Value;
    Json *(*load)(const char *text, std::size_t flags, void *error) = nullptr;
    Json *(*object)() = nullptr;
    Json *(*stringOf)(const char *text, std::size_t size) = nullptr;
    int (*setNew)(Json *object, const char *name, Json *value) = nullptr;
    Json *(*get)(const Json *object, const char *name) = nullptr;
    const char *(*text)(const Json *string) = nullptr;
    char *(*dump)(const Json *value, std::size_t flags) = nullptr;
    void (*destroy)(Json *value) = nullptr;
    bool (*verify)(void *configuration, const Json *jws, const Json *signature, const Json *jwk,
                   bool all) = nullptr;
    bool (*sign)(void *configuration, Json *jws, Json *signature, const Json *jwk) = nullptr;
    Json *(*decodeAndLoad)(const Json *string) = nullptr;
    Json *(*encode)(const void *octets, std::size_t size) = nullptr;
    std::size_t (*decodeInto)(const char *text, std::size_t size, void *out,
                              std::size_t room) = nullptr;

    void release(Json *value) const
    {
        if (value && value->references != static_cast<std::size_t>(-1)
            && --const_cast<std::size_t &>(value->references) == 0)
            destroy(value);
    }
};

namespace {

template <class F> bool resolve(void *library, const char *name, F &function)
{
    function = reinterpret_cast<F>(dlsym(library, name));
    return function != nullptr;
}

struct Parts
{
    std::string_view header, payload, signature;
};

std::optional<Parts> split(std::string_view token)
{
    const std::size_t first = token.find('.');
    const std::size_t second = first == token.npos ? first : token.find('.', first + 1);
    if (second == token.npos)
        return std::nullopt;
    return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1)};
}

} // namespace

const LibJose::Api *LibJose::api()
{
    static const std::optional<Api> loaded = []() -> std::optional<Api> {
        // Never closed: OpenSSL and jansson keep state of their own.
        void *jansson = dlopen("libjansson.so.4", RTLD_NOW);
        void *jose = dlopen("libjose.so.0", RTLD_NOW);
        Api api;
        const bool whole = jansson && jose && resolve(jansson, "json_loads", api.load)
            && resolve(jansson, "json_object", api.object)
            && resolve(jansson, "json_stringn", api.stringOf)
            && resolve(jansson, "json_object_set_new", api.setNew)
            && resolve(jansson, "json_object_get", api.get)
            && resolve(jansson, "json_string_value", api.text)
            && resolve(jansson, "json_dumps", api.dump)
            && resolve(jansson, "json_delete", api.destroy)
            && resolve(jose, "jose_jws_ver", api.verify) && resolve(jose, "jose_jws_sig", api.sign)
            && resolve(jose, "jose_b64_dec_load", api.decodeAndLoad)
            && resolve(jose, "jose_b64_enc", api.encode)
            && resolve(jose, "jose_b64_dec_buf", api.decodeInto);
        return whole ? std::optional(api) : std::nullopt;
    }();
    return loaded ? &*loaded : nullptr;
}

std::unique_ptr<LibJose> LibJose::make(const Subject &of)
{
    const Api *functions = api();
    if (!functions || of.alg.keyType == KeyType::Okp || of.alg.keyType == KeyType::Akp)
        return nullptr;
    Value *key = functions->load(of.key.toJwk(true).dump().c_str(), 0, nullptr);
    return key ? std::unique_ptr<LibJose>(new LibJose(*functions, key)) : nullptr;
}

LibJose::LibJose(const Api &api, Value *key) : m_api(api), m_key(key) {}

LibJose::~LibJose() { m_api.release(m_key); }

bool LibJose::verify(const std::string &token) const
{
    const std::optional<Parts> parts = split(token);
    if (!parts)
        return false;
    Value *jws = m_api.object();
    const auto set = [&](const char *name, std::string_view text) {
        m_api.setNew(jws, name, m_api.stringOf(text.data(), text.size()));
    };
    set("protected", parts->header);
    set("payload", parts->payload);
    set("signature", parts->signature);
    const bool fits = m_api.verify(nullptr, jws, nullptr, m_key, false);
    Value *claims = fits ? m_api.decodeAndLoad(m_api.get(jws, "payload")) : nullptr;
    const bool good = claims != nullptr;
    m_api.release(claims);
    m_api.release(jws);
    return good;
}

std::string LibJose::sign(const Subject &of) const
{
    Value *jws = m_api.object();
    m_api.setNew(jws, "payload", m_api.encode(claimsText().data(), claimsText().size()));
    Value *signature = m_api.object();
    m_api.setNew(signature, "protected", m_api.load(of.header.c_str(), 0, nullptr));
    std::string token;
    if (m_api.sign(nullptr, jws, signature, m_key)) {
        for (const char *name : {"protected", "payload", "signature"})
            token.append(token.empty() ? "" : ".").append(m_api.text(m_api.get(jws, name)));
    }
    m_api.release(signature);
    m_api.release(jws);
    return token;
}

bool LibJose::parse(const std::string &token) const
{
    const std::optional<Parts> parts = split(token);
    if (!parts)
        return false;
    bool good = true;
    for (const std::string_view part : {parts->header, parts->payload}) {
        Value *text = m_api.stringOf(part.data(), part.size());
        Value *json = m_api.decodeAndLoad(text);
        good = good && json;
        m_api.release(json);
        m_api.release(text);
    }
    std::string octets(parts->signature.size(), '\0');
    return good
        && m_api.decodeInto(parts->signature.data(), parts->signature.size(), octets.data(),
                            octets.size())
        != static_cast<std::size_t>(-1);
}

std::string LibJose::inspect(const std::string &token) const
{
    const std::optional<Parts> parts = split(token);
    std::string shown;
    if (!parts)
        return shown;
    constexpr std::size_t kIndented = 2;
    for (const std::string_view part : {parts->header, parts->payload}) {
        Value *text = m_api.stringOf(part.data(), part.size());
        Value *json = m_api.decodeAndLoad(text);
        char *dumped = json ? m_api.dump(json, kIndented) : nullptr;
        shown += dumped ? dumped : "";
        std::free(dumped);
        m_api.release(json);
        m_api.release(text);
    }
    return shown;
}

} // namespace postern::bench
