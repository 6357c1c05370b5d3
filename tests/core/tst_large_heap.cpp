// SPDX-License-Identifier: Apache-2.0
#include "core/large_heap.h"

#include <QTest>

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

using namespace postern;

namespace {

/// Whether the mapping that holds the address was advised to use huge pages.
bool isAdvised(const void *address)
{
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    std::ifstream maps("/proc/self/smaps");
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t from = 0;
        std::uintptr_t to = 0;
        if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " ", &from, &to) == 2)
            inside = from <= at && at < to;
        else if (inside && line.starts_with("VmFlags:"))
            return line.contains(" hg");
    }
    return false;
}

} // namespace

class tst_LargeHeap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled"))
            QSKIP("this kernel has no transparent huge pages");
    }

    void nothingIsAdvisedUnasked()
    {
        const auto block = std::make_unique<char[]>(100'000);
        prepareThreadHeap();
        QVERIFY(!isAdvised(block.get()));
    }

    void whatIsAllocatedAfterwardsMayUseHugePages()
    {
        prepareLargeHeap(100'000'000);
        const auto small = std::make_unique<char[]>(1'000);
        const auto large = std::make_unique<char[]>(20'000'000);
        QVERIFY(isAdvised(small.get()));
        QVERIFY(isAdvised(large.get()));
    }

    void helpingThreadsToo()
    {
        bool before = false;
        bool after = false;
        std::thread([&] {
            prepareThreadHeap();
            const auto first = std::make_unique<char[]>(1'000);
            before = isAdvised(first.get());
            const auto second = std::make_unique<char[]>(20'000'000);
            after = isAdvised(second.get());
        }).join();
        QVERIFY(before);
        QVERIFY(after);
    }

    void whatIsLeftFreeIsGivenBack()
    {
        const auto resident = [] {
            std::ifstream file("/proc/self/statm");
            long size = 0;
            long pages = 0;
            file >> size >> pages;
            return pages;
        };
        constexpr std::size_t kOctets = 20'000'000;
        auto freed = std::make_unique<char[]>(kOctets);
        const auto kept = std::make_unique<char[]>(100'000);
        std::memset(freed.get(), 1, kOctets);
        std::memset(kept.get(), 1, 100'000);
        const long before = resident();
        freed.reset();
        trimLargeHeap();
        QVERIFY2(before - resident() > 4'000, "about 4,900 pages were freed");
        QCOMPARE(kept[99'999], char(1));
    }
};

QTEST_GUILESS_MAIN(tst_LargeHeap)

#include "tst_large_heap.moc"
