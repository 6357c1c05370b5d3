// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/vectors.h"

#include <QTest>

// For test functions: both may leave the function.

/// Skips where the vectors are absent.
#define NEED(json)                                                                                 \
    if ((json).isNull())                                                                           \
    QSKIP("the vectors are not here; set POSTERN_VECTORS to their folder")

/// Prints the row; fails where a case differs, or where there was none.
#define ALL_AGREE(tally)                                                                           \
    (tally).print();                                                                               \
    QVERIFY((tally).cases() > 0);                                                                  \
    QCOMPARE((tally).differ(), 0)
