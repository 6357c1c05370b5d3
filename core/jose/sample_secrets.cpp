// SPDX-License-Identifier: Apache-2.0
#include "core/jose/hints.h"
#include "core/jose/jwt.h"
#include "core/jose/signature.h"

namespace postern {

// Defaults of token debuggers, examples of manuals and frameworks, usual placeholders. Nothing
// that a manual tells its readers to configure.
const std::vector<std::string> &sampleSecrets()
{
    static const std::vector<std::string> kSecrets = {
        // web debuggers
        "your-256-bit-secret",
        "your-384-bit-secret",
        "your-512-bit-secret",
        "a-string-secret-at-least-256-bits-long",
        "a-valid-string-secret-that-is-at-least-384-bits-long",
        "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
        "qwertyuiopasdfghjklzxcvbnm123456",
        // libraries' and frameworks' read-me files
        "secret",
        "Secret",
        "SECRET",
        "shhhhh",
        "shhhhhared-secret",
        "sharedsecret",
        "shared-secret",
        "shared_secret",
        "my-secret",
        "my_secret",
        "mysecret",
        "mySecret",
        "my_secret_key",
        "my-secret-key",
        "mysecretkey",
        "MySecretKey",
        "my$ecretK3y",
        "my super secret key",
        "super-secret",
        "super_secret",
        "super-secret-key",
        "supersecret",
        "supersecretkey",
        "secret-key",
        "secret_key",
        "secretkey",
        "secretKey",
        "SECRET_KEY",
        "top-secret",
        "topsecret",
        "your-secret",
        "your_secret",
        "your-secret-key",
        "your_secret_key",
        "your-jwt-secret",
        "your_jwt_secret",
        "jwt-secret",
        "jwt_secret",
        "jwtsecret",
        "jwtSecret",
        "JWT_SECRET",
        "jwt-key",
        "jwt",
        "private-key",
        "privatekey",
        "signing-key",
        "token-secret",
        "access-token-secret",
        "accesstokensecret",
        "hmac-secret",
        "hmacSecret",
        "some-secret",
        "some-secret-key",
        "AllYourBase",
        "iamasecret",
        "not-so-secret",
        "notasecret",
        "keyboard cat",
        "ThisIsMySecretKey",
        "this is a secret",
        "this-is-a-secret",
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "super-secret-jwt-token-with-at-least-32-characters-long",
        // placeholders
        "changeme",
        "change-me",
        "change_me",
        "change-this-secret",
        "replace-me",
        "placeholder",
        "default",
        "example",
        "sample",
        "test",
        "testing",
        "test-secret",
        "test_secret",
        "testsecret",
        "dev",
        "dev-secret",
        "development",
        "key",
        "mykey",
        "my-key",
        "password",
        "passw0rd",
        "Password1",
        "admin",
        "root",
        "hello",
        "foo",
        "foobar",
        "bar",
        "a",
        "abc",
        "abc123",
        "123",
        "1234",
        "12345",
        "123456",
        "12345678",
        "1234567890",
        "qwerty",
        "xxx",
        "null",
        "undefined",
    };
    return kSecrets;
}

std::optional<std::string> sampleSecretOf(std::string_view token)
{
    const Result<DecodedJws> jws = decodeJws(token);
    const AlgInfo *alg = jws ? findAlg(jws->alg) : nullptr;
    if (!alg || alg->keyType != KeyType::Oct)
        return std::nullopt;
    for (const std::string &secret : sampleSecrets()) {
        const Result<Key> key = Key::fromSecret(Secret(std::string_view(secret)));
        Result<Verifier> verifier = Verifier::make(alg->alg, *key, true);
        if (verifier && verifier->fits(jws->signingInput, jws->signature))
            return secret;
    }
    return std::nullopt;
}

} // namespace postern
