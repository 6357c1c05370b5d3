// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_access.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/target.h"
#include "core/crypto/development_certificate.h"
#include "core/crypto/key_file.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <format>
#include <memory>
#include <system_error>

namespace postern::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::days kAuthorityLife{3650};
constexpr int kMostDays = 3650;
constexpr std::string_view kAuthorityName = "Postern development CA";

constexpr std::array kDevExamples{
    Example{"an authority and a certificate for localhost in certs/", "postern cert dev"},
    Example{"for other hosts, kept elsewhere, for a month",
            "postern cert dev --host api.example --host '*.api.example' --dir tls --days 30"},
    Example{"made and served at once by the running gateway", "postern cert dev --put",
            Needs::Gateway},
};

constexpr std::array kShowExamples{
    Example{"what a certificate says", "postern cert dev -q && postern cert show certs/ca.pem"},
    Example{"as JSON", "postern cert dev -q && postern cert show certs/localhost.pem -o json"},
    Example{"every certificate of a chain",
            "postern cert dev -q && cat certs/localhost.pem certs/ca.pem | postern cert show -"},
};

struct Options
{
    std::string directory = "certs", file;
    std::vector<std::string> hosts;
    int days = 365;
    bool put = false, force = false;
    ObjectSource source;
};

/// The files of one run.
struct Files
{
    fs::path authority, authorityKey, certificate, key;
};

std::string dateText(std::int64_t seconds)
{
    return std::format("{:%FT%TZ}", std::chrono::sys_seconds(std::chrono::seconds(seconds)));
}

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

/// "localhost", "_wildcard.a.example"; an IPv6 address without colons.
std::string fileNameOf(std::string_view host)
{
    std::string name;
    for (const char c : host) {
        if (c == '*')
            name.append("_wildcard");
        else
            name.push_back(c == ':' || c == '/' ? '_' : c);
    }
    return name;
}

Files filesOf(const Options &options)
{
    const fs::path directory(options.directory);
    const std::string name = fileNameOf(options.hosts.front());
    return {directory / "ca.pem", directory / "ca-key.pem", directory / (name + ".pem"),
            directory / (name + "-key.pem")};
}

Result<void> makeDirectory(const fs::path &directory)
{
    std::error_code code;
    fs::create_directories(directory, code);
    if (code)
        return fail(Errc::Io, code.message(), directory.string());
    return {};
}

Result<void> writePair(const IssuedCertificate &issued, const fs::path &certificate,
                       const fs::path &key, bool replace)
{
    return writeKeyFile(key, issued.key, FileSecrecy::Private, replace).and_then([&] {
        return writeKeyFile(certificate, issued.certificate, FileSecrecy::Public, replace);
    });
}

Result<IssuedCertificate> readPair(const fs::path &certificate, const fs::path &key)
{
    auto text = readFile(certificate);
    if (!text)
        return std::unexpected(text.error());
    auto secret = readFile(key);
    if (!secret)
        return std::unexpected(secret.error());
    return IssuedCertificate{std::move(*text), std::move(*secret)};
}

Result<void> refuseExpired(const IssuedCertificate &authority, const fs::path &path)
{
    const auto described = describeCertificates(authority.certificate);
    if (!described)
        return fail(described.error().code, described.error().detail, path.string());
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (described->front().notAfter > now.time_since_epoch().count())
        return {};
    return fail(Errc::InvalidArgument,
                std::format("it expired on {}; remove it and its key for a new one",
                            dateText(described->front().notAfter)),
                path.string());
}

/// The authority of the folder, made if there is none.
Result<IssuedCertificate> authorityIn(const Console &console, const Files &files)
{
    std::error_code code;
    const bool certificate = fs::exists(files.authority, code);
    const bool key = fs::exists(files.authorityKey, code);
    if (certificate != key)
        return fail(Errc::NotFound, "one of the two files of the authority is missing",
                    (certificate ? files.authorityKey : files.authority).string());
    if (certificate) {
        auto known = readPair(files.authority, files.authorityKey);
        if (!known)
            return known;
        if (auto valid = refuseExpired(*known, files.authority); !valid)
            return std::unexpected(valid.error());
        return known;
    }
    auto made = makeAuthority(kAuthorityName, kAuthorityLife);
    if (!made)
        return made;
    if (auto written = writePair(*made, files.authority, files.authorityKey, false); !written)
        return std::unexpected(written.error());
    console.note(std::format("wrote {} and {} (mode 0600): an authority for development",
                             files.authority.string(), files.authorityKey.string()));
    return made;
}

/// The certificate of the folder, if it is to be used as it is; else a new one.
Result<IssuedCertificate> certificateIn(const Console &console, const Files &files,
                                        const Options &options)
{
    std::error_code code;
    if (options.put && !options.force && fs::exists(files.certificate, code)
        && fs::exists(files.key, code))
        return readPair(files.certificate, files.key);
    auto authority = authorityIn(console, files);
    if (!authority)
        return authority;
    auto made = issueCertificate(*authority, options.hosts, std::chrono::days(options.days));
    if (!made)
        return made;
    if (auto written = writePair(*made, files.certificate, files.key, options.force); !written)
        return std::unexpected(written.error());
    console.note(
        std::format("wrote {} and {} (mode 0600)", files.certificate.string(), files.key.string()));
    return made;
}

/// Stores it as an `ssls` object of the running gateway.
Result<std::string> serve(const IssuedCertificate &issued, const CertificateText &text,
                          const Options &options)
{
    const auto admin = openAdmin(options.source);
    if (!admin)
        return std::unexpected(admin.error());
    Json names = Json::array();
    for (const std::string &host : text.hosts)
        names.push_back(host);
    const std::string id = "dev-" + fileNameOf(options.hosts.front());
    const auto answer = (*admin)->request(
        "PUT", "/ssls/" + id,
        Json::object(
            {{"cert", issued.certificate}, {"key", issued.key}, {"snis", std::move(names)}}));
    if (!answer)
        return std::unexpected(answer.error());
    return id;
}

/// The HTTPS listener of the gateway that was written to; empty if it has none.
std::string httpsUrl()
{
    const auto health = askControl("GET", "/v1/healthcheck");
    return health ? std::string(health->stringOr("https", "")) : std::string();
}

void printNext(const Console &console, const Files &files, const Options &options,
               std::string_view id)
{
    const std::string authority = files.authority.string();
    if (id.empty()) {
        console.line("");
        console.line("To serve it, with a gateway that runs with --https:");
        std::string again = "postern cert dev --put";
        if (options.directory != "certs")
            again += " --dir " + options.directory;
        if (options.hosts.front() != "localhost")
            again += " --host " + options.hosts.front();
        console.line("  " + again);
        console.line("To trust it:");
        console.line(
            std::format("  curl --cacert {} https://{}:9443/", authority, options.hosts.front()));
        return;
    }
    const std::string url = httpsUrl();
    console.line(std::format("stored      ssls/{}", id));
    if (url.empty())
        console.note("the gateway does not listen for TLS; start it with --https 9443");
    else
        console.line(std::format("try         curl --cacert {} --connect-to ::{} https://{}/",
                                 authority, url.substr(url.find("//") + 2), options.hosts.front()));
}

int dev(const Console &console, Options options)
{
    int argc = 1; // QCA finds its provider through it
    char name[] = "postern";
    char *argv[] = {name, nullptr};
    const QCoreApplication application(argc, argv);
    if (options.hosts.empty())
        options.hosts = {"localhost", "127.0.0.1", "::1"};
    const Files files = filesOf(options);
    if (const auto made = makeDirectory(options.directory); !made)
        return console.fail(made.error());
    const auto issued = certificateIn(console, files, options);
    if (!issued)
        return console.fail(issued.error());
    const auto described = describeCertificates(issued->certificate);
    if (!described)
        return console.fail(described.error());
    const CertificateText &text = described->front();
    std::string id;
    if (options.put) {
        auto stored = serve(*issued, text, options);
        if (!stored)
            return console.fail(stored.error());
        id = std::move(*stored);
    }
    if (console.json()) {
        Json hosts = Json::array();
        for (const std::string &host : text.hosts)
            hosts.push_back(host);
        console.document(Json::object({{"version", 1},
                                       {"authority", files.authority.string()},
                                       {"certificate", files.certificate.string()},
                                       {"key", files.key.string()},
                                       {"hosts", std::move(hosts)},
                                       {"not_after", dateText(text.notAfter)},
                                       {"ssl", id.empty() ? Json() : Json(id)}}));
        return kYes;
    }
    console.line(std::format("for         {}", joined(text.hosts)));
    console.line(std::format("until       {}", dateText(text.notAfter)));
    printNext(console, files, options, id);
    return kYes;
}

Json jsonOf(const CertificateText &text)
{
    Json hosts = Json::array();
    for (const std::string &host : text.hosts)
        hosts.push_back(host);
    return Json::object({{"subject", text.subject},
                         {"issuer", text.issuer},
                         {"hosts", std::move(hosts)},
                         {"not_before", dateText(text.notBefore)},
                         {"not_after", dateText(text.notAfter)},
                         {"authority", text.authority},
                         {"key", text.key},
                         {"signature", text.signature},
                         {"serial", text.serial},
                         {"sha256", text.fingerprint}});
}

void print(const Console &console, const CertificateText &text)
{
    const auto row = [&](std::string_view name, std::string_view value) {
        if (!value.empty())
            console.line(std::format("{:<12}{}", name, printable(value)));
    };
    row("subject", text.subject);
    row("issuer", text.issuer == text.subject ? "itself" : text.issuer);
    row("hosts", joined(text.hosts));
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const bool expired = text.notAfter <= now.time_since_epoch().count();
    row("valid",
        std::format("{} to {}{}", dateText(text.notBefore), dateText(text.notAfter),
                    expired ? " (expired)" : ""));
    row("use", text.authority ? "certificate authority" : "end entity");
    row("key", text.key);
    row("signature", text.signature);
    row("serial", text.serial);
    row("sha256", text.fingerprint);
}

int show(const Console &console, const Options &options)
{
    ArgumentReader reader(console);
    const auto octets = options.file == "-" ? reader.standardInput() : readFile(options.file);
    if (!octets)
        return console.fail(octets.error());
    const auto certificates = describeCertificates(*octets);
    if (!certificates)
        return console.fail({certificates.error().code, certificates.error().detail,
                             options.file == "-" ? "standard input" : options.file});
    if (console.json()) {
        Json list = Json::array();
        for (const CertificateText &text : *certificates)
            list.push_back(jsonOf(text));
        console.document(Json::object({{"version", 1}, {"certificates", std::move(list)}}));
        return kYes;
    }
    bool first = true;
    for (const CertificateText &text : *certificates) {
        if (!std::exchange(first, false))
            console.line("");
        print(console, text);
    }
    return kYes;
}

Run defineDev(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("--dir", options->directory, "where the files are; certs if left out");
    addList(app, "--host", options->hosts,
            "a host name or address; localhost, 127.0.0.1 and ::1 if left out");
    app.add_option("--days", options->days, "how long the certificate is valid; 365")
        ->check(CLI::Range(1, kMostDays));
    app.add_flag("--put", options->put, "store it in the running gateway");
    app.add_flag("--force", options->force, "replace the certificate that is there");
    return [options](const Console &console) { return dev(console, *options); };
}

Run defineShow(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("file", options->file, "PEM or DER; - is standard input")->required();
    return [options](const Console &console) { return show(console, *options); };
}

} // namespace

const Command certDevCommand{
    "cert dev", "make a certificate for development, and an authority for it", kDevExamples,
    defineDev,
    "The folder gets an authority (ca.pem, ca-key.pem) once; every further certificate is issued "
    "by it, so that clients trust one file. The certificate's files are named after its first "
    "host. Keys have mode 0600 and nothing is replaced without --force; the authority never is.\n\n"
    "--put stores the certificate as an ssls object of the running gateway, which serves it at "
    "once; a certificate that is there already is stored as it is. Never let a machine that is "
    "not yours trust this authority: its key lies in the folder."};
const Command certShowCommand{"cert show", "show what certificates say", kShowExamples, defineShow};

} // namespace postern::cli
