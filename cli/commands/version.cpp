// SPDX-License-Identifier: Apache-2.0
#include "core/version.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "core/config/config.h"

#include <QtVersion>

#include <CLI/CLI.hpp>

#include <array>
#include <format>

#include <openssl/crypto.h>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"the version, for people", "postern version"},
    Example{"the version, for programs", "postern version -o json"},
    Example{"as other tools are asked", "postern --version"},
};

int run(Console &console)
{
    if (console.json()) {
        console.document(Json::object({{"version", kVersion},
                                       {"profile", Config().profile},
                                       {"qt", QT_VERSION_STR},
                                       {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)}}));
        return kYes;
    }
    console.line(std::format("postern {} (profile {}, Qt {}, OpenSSL {})", kVersion,
                             Config().profile, QT_VERSION_STR,
                             OpenSSL_version(OPENSSL_VERSION_STRING)));
    return kYes;
}

Run define(CLI::App &) { return run; }

} // namespace

const Command versionCommand{"version", "print the version", kExamples, define};

} // namespace postern::cli
