// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/batch.h"

namespace postern::cli {

/// What `key … --batch` and `json check --batch` answer. Each call makes an independent answerer;
/// those of sign and verify keep the last key and its prepared context, since sets of test vectors
/// repeat one key on many lines.

/// {"id","alg","jwk"|"pem"|"der_hex"|"raw_hex","msg_hex","sig_hex","relaxed"?}
/// → {"id","valid","reason","detail"?}
[[nodiscard]] BatchAnswer keyVerifyAnswer();
/// {"id","alg","jwk"|"pem"|"der_hex"|"seed_hex","msg_hex","deterministic"?} → {"id","sig_hex"}
[[nodiscard]] BatchAnswer keySignAnswer();
/// {"id","jwk"|"jwks"|"pem"|"der_hex"} → {"id","ok","reason","detail"?,"kids","lint":[id…]}
[[nodiscard]] BatchAnswer keyImportAnswer();
/// {"id","jwk"|"pem"|"der_hex","hash":"sha256|sha512"} → {"id","thumbprint","uri"}
[[nodiscard]] BatchAnswer keyThumbprintAnswer();
/// {"id","base64","unique"?} → {"id","accept","line","column","reason","lint"?}; the same name
/// twice is accepted with lint ["duplicate-member"] unless "unique" is true
[[nodiscard]] BatchAnswer jsonCheckAnswer();

} // namespace postern::cli
