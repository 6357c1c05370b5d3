// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"
#include "core/crypto/development_certificate.h"
#include "core/json/pointer.h"
#include "gateway/lint/lint_rules.h"

#include <array>
#include <chrono>
#include <format>

// Certificates of ssls objects, those that upstreams get to see, and those of logins.
namespace postern::gateway {
namespace {

constexpr std::int64_t kSoon = 30LL * 86400; // seconds

struct PlacedCertificate
{
    std::size_t object;
    const std::string &pointer;
    const CertificateText &text;
};

/// Calls for every certificate that can be read; the others are refused when they are written.
template <class Function>
void forText(const LintConfiguration &configuration, std::size_t object, const Json *text,
             const std::string &pointer, Function function)
{
    const auto pem = configuration.resolved(text);
    const auto certificates = pem ? describeCertificates(*pem)
                                  : Result<std::vector<CertificateText>>(fail(Errc::NotFound));
    for (const CertificateText &one : certificates.value_or(std::vector<CertificateText>()))
        function(PlacedCertificate{object, pointer, one});
}

template <class Function>
void forEachCertificate(const LintConfiguration &configuration, Function function)
{
    for (std::size_t i = 0; i < configuration.entries().size(); ++i) {
        const auto &[key, value] = configuration.entries()[i];
        if (key.kind == "ssls") {
            forText(configuration, i, value->find("cert"), "/cert", function);
            const Json *const more = value->find("certs");
            for (std::size_t n = 0; more && n < more->items().size(); ++n)
                forText(configuration, i, &more->items()[n], std::format("/certs/{}", n), function);
            if (const Json *const client = value->find("client"))
                forText(configuration, i, client->find("ca"), "/client/ca", function);
        }
        const Json *const upstream = key.kind == "upstreams" ? value : value->find("upstream");
        const Json *const tls = upstream ? upstream->find("tls") : nullptr;
        if (tls)
            forText(configuration, i, tls->find("client_cert"),
                    key.kind == "upstreams" ? "/tls/client_cert" : "/upstream/tls/client_cert",
                    function);
    }
    // jwt-auth takes a certificate for its public key
    for (const LintLogin &login : configuration.logins())
        forText(configuration, login.object, login.config->find("public_key"),
                pointerTo(login.pointer, "public_key"), function);
}

std::string distanceText(std::int64_t seconds)
{
    return formatDistance(std::chrono::seconds(seconds));
}
std::string timeText(std::int64_t time)
{
    return formatTime(Timestamp(std::chrono::seconds(time)));
}

void expired(const LintConfiguration &configuration, ConfigReport &report)
{
    const std::int64_t now = configuration.options().now;
    forEachCertificate(configuration, [&](const PlacedCertificate &found) {
        if (found.text.notAfter <= now)
            report.add(found.object, found.pointer,
                       std::format("the certificate of {} expired {}, {} ago", found.text.subject,
                                   timeText(found.text.notAfter),
                                   distanceText(now - found.text.notAfter)),
                       "replace it");
    });
}

void expiresSoon(const LintConfiguration &configuration, ConfigReport &report)
{
    const std::int64_t now = configuration.options().now;
    forEachCertificate(configuration, [&](const PlacedCertificate &found) {
        const std::int64_t left = found.text.notAfter - now;
        if (left > 0 && left <= kSoon)
            report.add(found.object, found.pointer,
                       std::format("the certificate of {} expires in {}", found.text.subject,
                                   distanceText(left)),
                       "renew it");
    });
}

void notYetValid(const LintConfiguration &configuration, ConfigReport &report)
{
    const std::int64_t now = configuration.options().now;
    forEachCertificate(configuration, [&](const PlacedCertificate &found) {
        if (found.text.notBefore > now)
            report.add(found.object, found.pointer,
                       std::format("the certificate of {} is valid from {} on", found.text.subject,
                                   timeText(found.text.notBefore)),
                       "wait, or look at the clock");
    });
}

using enum LintLevel;
constexpr std::array kChecks{
    ConfigCheck{
        {"certificate-expired", Error, "a certificate whose time is over", LoginMark::Expired},
        expired},
    ConfigCheck{{"certificate-expires-soon", Warning, "a certificate that ends within 30 days"},
                expiresSoon},
    ConfigCheck{{"certificate-not-yet-valid", Error, "a certificate whose time has not come",
                 LoginMark::Expired},
                notYetValid},
};

} // namespace

std::span<const ConfigCheck> certificateChecks() noexcept { return kChecks; }

} // namespace postern::gateway
