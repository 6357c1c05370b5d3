// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace postern::gui {

// What of a request fed which step of its trace. A part of a request is named by a key: "start",
// "header:apikey", "argument:jwt", "cookie:token", "claim:exp", "token:signature", "upstream",
// "response".

/// The parts that a step looked at.
[[nodiscard]] QStringList partsOfStep(const Json &trace, int step);
/// The steps that looked at a part, by index.
[[nodiscard]] QList<int> stepsOfPart(const Json &trace, const QString &key);

} // namespace postern::gui
