// SPDX-License-Identifier: Apache-2.0
#include "gui/models/verdict_words.h"

#include <QCoreApplication>

#include <array>
#include <string>

namespace postern::gui {

namespace {

/// For the translators: the codes of core/errors.def that a verdict on a token can have, and the
/// checks that are not named after a claim.
[[maybe_unused]] constexpr std::array kVerdicts{
    QT_TRANSLATE_NOOP("Verdicts", "token"),
    QT_TRANSLATE_NOOP("Verdicts", "header"),
    QT_TRANSLATE_NOOP("Verdicts", "payload"),
    QT_TRANSLATE_NOOP("Verdicts", "signature"),
    QT_TRANSLATE_NOOP("Verdicts", "key"),
    QT_TRANSLATE_NOOP("Verdicts", "ok"),
    QT_TRANSLATE_NOOP("Verdicts", "shape"),
    QT_TRANSLATE_NOOP("Verdicts", "segments"),
    QT_TRANSLATE_NOOP("Verdicts", "not-compact"),
    QT_TRANSLATE_NOOP("Verdicts", "characters"),
    QT_TRANSLATE_NOOP("Verdicts", "not-object"),
    QT_TRANSLATE_NOOP("Verdicts", "payload-json"),
    QT_TRANSLATE_NOOP("Verdicts", "alg-missing"),
    QT_TRANSLATE_NOOP("Verdicts", "alg-unknown"),
    QT_TRANSLATE_NOOP("Verdicts", "alg-none"),
    QT_TRANSLATE_NOOP("Verdicts", "alg-not-allowed"),
    QT_TRANSLATE_NOOP("Verdicts", "alg-key-mismatch"),
    QT_TRANSLATE_NOOP("Verdicts", "alg-type"),
    QT_TRANSLATE_NOOP("Verdicts", "typ-type"),
    QT_TRANSLATE_NOOP("Verdicts", "kid-type"),
    QT_TRANSLATE_NOOP("Verdicts", "cty-type"),
    QT_TRANSLATE_NOOP("Verdicts", "crit"),
    QT_TRANSLATE_NOOP("Verdicts", "crit-invalid"),
    QT_TRANSLATE_NOOP("Verdicts", "kid-mismatch"),
    QT_TRANSLATE_NOOP("Verdicts", "signature-length"),
    QT_TRANSLATE_NOOP("Verdicts", "no-signature"),
    QT_TRANSLATE_NOOP("Verdicts", "no-key"),
    QT_TRANSLATE_NOOP("Verdicts", "key-weak"),
    QT_TRANSLATE_NOOP("Verdicts", "key-format"),
    QT_TRANSLATE_NOOP("Verdicts", "key-type"),
    QT_TRANSLATE_NOOP("Verdicts", "key-use"),
    QT_TRANSLATE_NOOP("Verdicts", "ambiguous"),
    QT_TRANSLATE_NOOP("Verdicts", "numeric-date"),
    QT_TRANSLATE_NOOP("Verdicts", "expired"),
    QT_TRANSLATE_NOOP("Verdicts", "not-yet-valid"),
    QT_TRANSLATE_NOOP("Verdicts", "too-old"),
    QT_TRANSLATE_NOOP("Verdicts", "audience"),
    QT_TRANSLATE_NOOP("Verdicts", "issuer"),
    QT_TRANSLATE_NOOP("Verdicts", "subject"),
    QT_TRANSLATE_NOOP("Verdicts", "typ"),
    QT_TRANSLATE_NOOP("Verdicts", "claim-missing"),
    QT_TRANSLATE_NOOP("Verdicts", "claim-type"),
    QT_TRANSLATE_NOOP("Verdicts", "jwe"),
    QT_TRANSLATE_NOOP("Verdicts", "detached-payload"),
    QT_TRANSLATE_NOOP("Verdicts", "b64-type"),
    QT_TRANSLATE_NOOP("Verdicts", "b64-not-critical"),
    QT_TRANSLATE_NOOP("Verdicts", "b64-in-jwt"),
    QT_TRANSLATE_NOOP("Verdicts", "header-not-disjoint"),
    QT_TRANSLATE_NOOP("Verdicts", "limit-exceeded"),
    QT_TRANSLATE_NOOP("Verdicts", "base64"),
    QT_TRANSLATE_NOOP("Verdicts", "json"),
    QT_TRANSLATE_NOOP("Verdicts", "credential-unknown"),
    QT_TRANSLATE_NOOP("Verdicts", "credential-empty"),
};

/// For the translators: gateway/access/access_words.cpp.
[[maybe_unused]] constexpr std::array kAccess{
    QT_TRANSLATE_NOOP("AccessWords", "label"),     QT_TRANSLATE_NOOP("AccessWords", "deny"),
    QT_TRANSLATE_NOOP("AccessWords", "whitelist"), QT_TRANSLATE_NOOP("AccessWords", "blacklist"),
    QT_TRANSLATE_NOOP("AccessWords", "method"),    QT_TRANSLATE_NOOP("AccessWords", "subject"),
    QT_TRANSLATE_NOOP("AccessWords", "address"),   QT_TRANSLATE_NOOP("AccessWords", "no login"),
    QT_TRANSLATE_NOOP("AccessWords", "unknown"),   QT_TRANSLATE_NOOP("AccessWords", "no consumer"),
    QT_TRANSLATE_NOOP("AccessWords", "fault"),     QT_TRANSLATE_NOOP("AccessWords", "client's key"),
    QT_TRANSLATE_NOOP("AccessWords", "no route"),  QT_TRANSLATE_NOOP("AccessWords", "no upstream"),
    QT_TRANSLATE_NOOP("AccessWords", "no nodes"),  QT_TRANSLATE_NOOP("AccessWords", "no key"),
    QT_TRANSLATE_NOOP("AccessWords", "no jwt"),    QT_TRANSLATE_NOOP("AccessWords", "no basic"),
    QT_TRANSLATE_NOOP("AccessWords", "no hmac"),
};

QString translated(const char *context, std::string_view word)
{
    return QCoreApplication::translate(context, std::string(word).c_str());
}

} // namespace

QString verdictWord(std::string_view code) { return translated("Verdicts", code); }

QString accessWordText(std::string_view word) { return translated("AccessWords", word); }

} // namespace postern::gui
