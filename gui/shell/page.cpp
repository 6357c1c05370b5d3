// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/page.h" // its meta object is compiled here
