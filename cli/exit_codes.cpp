// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_codes.h"

#include <algorithm>
#include <array>

namespace postern::cli {
namespace {

constexpr std::array kTable{
    ExitCodeRow{kYes, "success, positive answer"},
    ExitCodeRow{kNo, "the tool worked, the answer is negative (token refused, request denied)"},
    ExitCodeRow{kUsage, "wrong usage"},
    ExitCodeRow{kInvalid, "input or configuration invalid (unreadable key, not a token)"},
    ExitCodeRow{kCannotStart, "cannot start (port in use, no permission, store locked)"},
    ExitCodeRow{kRemote, "remote problem (no gateway, refused admin key)"},
    ExitCodeRow{kTimedOut, "time-out"},
    ExitCodeRow{kInternal, "internal error"},
    ExitCodeRow{kExecTimedOut, "exec: the command ran into --timeout"},
    ExitCodeRow{kExecFailed, "exec: Postern itself failed"},
    ExitCodeRow{kNotExecutable, "exec: the command cannot be executed"},
    ExitCodeRow{kCommandNotFound, "exec: command not found"},
    ExitCodeRow{kSignalBase, "+ n: ended by signal n"},
};

struct ErrcRow
{
    Errc code;
    ExitCode exit;
};

// Everything that is not named here is invalid input.
constexpr std::array kExitOf{
    ErrcRow{Errc::Internal, kInternal},
    ErrcRow{Errc::Usage, kUsage},
    ErrcRow{Errc::InvalidArgument, kUsage},
    ErrcRow{Errc::NotFound, kNo},
    ErrcRow{Errc::Conflict, kNo},
    ErrcRow{Errc::Permission, kCannotStart},
    ErrcRow{Errc::CannotStart, kCannotStart},
    ErrcRow{Errc::PortInUse, kCannotStart},
    ErrcRow{Errc::StoreOpen, kCannotStart},
    ErrcRow{Errc::StoreLocked, kCannotStart},
    ErrcRow{Errc::Remote, kRemote},
    ErrcRow{Errc::Timeout, kTimedOut},
};

enum class Class : std::uint8_t { Malformed, Policy, Signature, Time, Claim };
// Index = Class.
constexpr std::array kReasonExit{14, 13, 10, 11, 12};

Class classOf(Errc reason) noexcept
{
    switch (reason) {
    case Errc::TokenShape:
    case Errc::TokenEncrypted:
    case Errc::TokenCharacters:
    case Errc::TokenHeader:
    case Errc::TokenPayload:
    case Errc::TokenSegments:
    case Errc::TokenNotCompact:
    case Errc::HeaderNotObject:
    case Errc::PayloadJson:
    case Errc::AlgType:
    case Errc::TypType:
    case Errc::KidType:
    case Errc::CtyType:
    case Errc::CritInvalid:
    case Errc::B64Type:
    case Errc::B64NotCritical:
    case Errc::B64InJwt:
    case Errc::DetachedPayload:
    case Errc::HeaderNotDisjoint:
    case Errc::SignatureMissing:
    case Errc::Base64:
    case Errc::Utf8:
    case Errc::Json:
    case Errc::JsonDuplicateMember:
    case Errc::JsonDepth:
    case Errc::JsonSize:
    case Errc::LimitExceeded:
    case Errc::AlgMissing:
        return Class::Malformed;
    case Errc::SignatureLength:
    case Errc::SignatureMismatch:
        return Class::Signature;
    case Errc::NumericDate:
    case Errc::TokenExpired:
    case Errc::TokenNotYetValid:
    case Errc::TokenTooOld:
        return Class::Time;
    case Errc::Audience:
    case Errc::Issuer:
    case Errc::Subject:
    case Errc::TokenType:
    case Errc::ClaimMissing:
    case Errc::ClaimType:
        return Class::Claim;
    default:
        return Class::Policy; // algorithm, key, kid, crit
    }
}

} // namespace

std::span<const ExitCodeRow> exitCodeTable() noexcept { return kTable; }

ExitCode exitCodeOf(Errc code) noexcept
{
    const auto *const row = std::ranges::find(kExitOf, code, &ErrcRow::code);
    return row == kExitOf.end() ? kInvalid : row->exit;
}

int exitReasonOf(const JwtVerdict &verdict) noexcept
{
    if (verdict.valid)
        return kYes;
    auto worst = Class::Claim;
    for (const JwtCheck &check : verdict.checks) {
        if (!check.ok)
            worst = std::min(worst, classOf(check.reason));
    }
    return kReasonExit.at(static_cast<std::size_t>(worst));
}

bool meansNoToken(Errc reason) noexcept
{
    return reason == Errc::TokenShape || reason == Errc::TokenSegments
        || reason == Errc::TokenNotCompact || reason == Errc::TokenCharacters
        || reason == Errc::TokenEncrypted;
}

} // namespace postern::cli
