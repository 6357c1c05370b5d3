// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

namespace postern {

/// Takes the text of a JSON array apart into the texts of its items, without looking into them:
/// many objects can then be parsed where and when each is wanted. Blanks around items are left out.
/// The callee stops the walk with false.
/// \return true if brackets, commas and quotes are where they belong, up to the end of the text.
/// An item is JSON only if parseJson() takes it; if all are, the array is.
[[nodiscard]] bool splitJsonArray(std::string_view text,
                                  const std::function<bool(std::string_view item)> &item);

/// The same for an array of objects: `member` is called for the members of each, then `object` with
/// its text. An item that is no object ends the walk.
[[nodiscard]] bool
splitJsonObjects(std::string_view text,
                 const std::function<bool(std::string_view name, std::string_view value)> &member,
                 const std::function<bool(std::string_view object)> &object);

/// The same for the members of an object. `name` is what stands between the quotes, so that two
/// spellings of one name may look different; a name with an escape stops the walk.
[[nodiscard]] bool
splitJsonObject(std::string_view text,
                const std::function<bool(std::string_view name, std::string_view value)> &member);

} // namespace postern
