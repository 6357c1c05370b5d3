// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

namespace postern {

std::string_view slug(Errc code) noexcept
{
    switch (code) {
#define X(name, slugText, sentenceText)                                                            \
    case Errc::name:                                                                               \
        return slugText;
#include "core/errors.def"
#undef X
    }
    return "internal";
}

std::string_view sentence(Errc code) noexcept
{
    switch (code) {
#define X(name, slugText, sentenceText)                                                            \
    case Errc::name:                                                                               \
        return sentenceText;
#include "core/errors.def"
#undef X
    }
    return "internal error";
}

std::string describe(const Error &error)
{
    std::string text;
    if (!error.where.empty())
        text.append(error.where).append(": ");
    text.append(sentence(error.code));
    if (!error.detail.empty())
        text.append(": ").append(error.detail);
    return text;
}

} // namespace postern
