// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTest>

// Qt's QTRY_* wait five seconds at most, which a busy machine and a sanitizer can use up; a
// condition that is met ends them as early as ever.

#undef QTRY_VERIFY
#define QTRY_VERIFY(expr) QTRY_VERIFY_WITH_TIMEOUT(expr, 20'000)
#undef QTRY_VERIFY2
#define QTRY_VERIFY2(expr, message) QTRY_VERIFY2_WITH_TIMEOUT(expr, message, 20'000)
#undef QTRY_COMPARE
#define QTRY_COMPARE(expr, expected) QTRY_COMPARE_WITH_TIMEOUT(expr, expected, 20'000)
