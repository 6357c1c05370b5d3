// SPDX-License-Identifier: Apache-2.0
#include "core/store/memory_store.h"
#include "tests/support/store_conformance.h"

#include <QTest>

using namespace postern;

class tst_MemoryStore : public StoreConformance
{
    Q_OBJECT
    std::unique_ptr<Store> makeStore() override
    {
        auto store = openStore("memory:");
        return store ? std::move(*store) : nullptr;
    }
private Q_SLOTS:
    void refusesUnknownSchemes();
};

void tst_MemoryStore::refusesUnknownSchemes()
{
    for (const char *uri : {"", "redis://x", "memory:x", "/tmp/x.db", "MEMORY:"})
        QCOMPARE(openStore(uri).error().code, Errc::Unsupported);
}

QTEST_GUILESS_MAIN(tst_MemoryStore)
#include "tst_memory_store.moc"
