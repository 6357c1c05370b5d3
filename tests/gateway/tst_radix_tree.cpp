// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/radix_tree.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace postern::gateway;

class tst_RadixTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsPrefixesLongestFirst();
    void emptyKeyMatchesEverything();
    void noEntriesNoTree();
    void agreesWithALinearSearch();
    void survivesKeysThatNestDeeply();
};

namespace {

struct Forest
{
    explicit Forest(const std::set<std::string> &sorted) : keys(sorted.begin(), sorted.end())
    {
        std::vector<RadixForest::Entry> entries;
        for (std::size_t i = 0; i < keys.size(); ++i)
            entries.push_back({keys[i], static_cast<std::uint32_t>(i)});
        root = forest.plant(entries);
    }

    [[nodiscard]] std::vector<std::string> prefixesOf(std::string_view text) const
    {
        std::vector<std::string> found;
        for (auto node = forest.deepest(root, text); node != RadixForest::kNone;
             node = forest.shorter(node))
            found.push_back(keys[forest.value(node)]);
        return found;
    }

    std::vector<std::string> keys;
    RadixForest forest;
    std::uint32_t root = RadixForest::kNone;
};

using Strings = std::vector<std::string>;

} // namespace

void tst_RadixTree::findsPrefixesLongestFirst()
{
    const Forest forest({"/", "/a/", "/a/bc", "/a/bd", "/ab", "/b"});
    QCOMPARE(forest.prefixesOf("/a/bcd"), Strings({"/a/bc", "/a/", "/"}));
    QCOMPARE(forest.prefixesOf("/a/be"), Strings({"/a/", "/"}));
    QCOMPARE(forest.prefixesOf("/a"), Strings({"/"}));
    QCOMPARE(forest.prefixesOf("/ab"), Strings({"/ab", "/"}));
    QCOMPARE(forest.prefixesOf("x"), Strings());
    QCOMPARE(forest.prefixesOf(""), Strings());
}

void tst_RadixTree::emptyKeyMatchesEverything()
{
    const Forest forest({"", "ab"});
    QCOMPARE(forest.prefixesOf(""), Strings({""}));
    QCOMPARE(forest.prefixesOf("abc"), Strings({"ab", ""}));
}

void tst_RadixTree::noEntriesNoTree()
{
    const Forest forest({});
    QCOMPARE(forest.root, RadixForest::kNone);
    QCOMPARE(forest.prefixesOf("/"), Strings());
}

void tst_RadixTree::agreesWithALinearSearch()
{
    std::mt19937 random(20240607);
    const auto text = [&](std::size_t longest) {
        std::string made(random() % (longest + 1), ' ');
        for (char &c : made)
            c = "/ab\xff"[random() % 4];
        return made;
    };
    for (int round = 0; round < 200; ++round) {
        std::set<std::string> keys;
        for (std::size_t count = random() % 60; count > 0; --count)
            keys.insert(text(8));
        const Forest forest(keys);
        for (int probe = 0; probe < 100; ++probe) {
            const std::string asked = text(10);
            Strings expected;
            for (const std::string &key : keys) {
                if (asked.starts_with(key))
                    expected.push_back(key);
            }
            std::ranges::sort(expected, std::ranges::greater{}, &std::string::size);
            QCOMPARE(forest.prefixesOf(asked), expected);
        }
    }
}

void tst_RadixTree::survivesKeysThatNestDeeply()
{
    std::set<std::string> keys;
    std::string key;
    for (int i = 0; i < 4000; ++i)
        keys.insert(key += 'a');
    const Forest forest(keys);
    QCOMPARE(forest.prefixesOf(key + "b").size(), std::size_t{4000});
}

QTEST_GUILESS_MAIN(tst_RadixTree)
#include "tst_radix_tree.moc"
