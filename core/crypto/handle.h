// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <memory>

namespace postern {

/// Calls the OpenSSL function that releases a handle.
template <auto Free> struct OpenSslDeleter
{
    template <class T> void operator()(T *handle) const noexcept { Free(handle); }
};

/// Owners of OpenSSL objects, one pointer wide. No other file calls a *_free function.
template <class T, auto Free> using OpenSslHandle = std::unique_ptr<T, OpenSslDeleter<Free>>;

using Pkey = OpenSslHandle<EVP_PKEY, EVP_PKEY_free>;
using PkeyCtx = OpenSslHandle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Digest = OpenSslHandle<EVP_MD, EVP_MD_free>;
using DigestCtx = OpenSslHandle<EVP_MD_CTX, EVP_MD_CTX_free>;
using SignatureAlgorithm = OpenSslHandle<EVP_SIGNATURE, EVP_SIGNATURE_free>;
using Mac = OpenSslHandle<EVP_MAC, EVP_MAC_free>;
using MacCtx = OpenSslHandle<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using Bio = OpenSslHandle<BIO, BIO_vfree>;
using BigNumber = OpenSslHandle<BIGNUM, BN_clear_free>;
using Certificate = OpenSslHandle<X509, X509_free>;
using Pkcs8 = OpenSslHandle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using EncryptedPkcs8 = OpenSslHandle<X509_SIG, X509_SIG_free>;
using AlgorithmIdentifier = OpenSslHandle<X509_ALGOR, X509_ALGOR_free>;
using Pkcs12 = OpenSslHandle<PKCS12, PKCS12_free>;
using DecoderCtx = OpenSslHandle<OSSL_DECODER_CTX, OSSL_DECODER_CTX_free>;
using ParamBuilder = OpenSslHandle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using ParamList = OpenSslHandle<OSSL_PARAM, OSSL_PARAM_free>;

} // namespace postern
