// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/balancer.h"

#include <QTest>

#include <string>

using namespace postern::gateway;

namespace {

Balancer makeBalancer(std::vector<UpstreamNode> nodes)
{
    auto upstream = std::make_shared<CompiledUpstream>();
    upstream->nodes = std::move(nodes);
    return Balancer(upstream);
}

std::string picks(Balancer &balancer, int count)
{
    std::string order;
    for (int i = 0; i < count; ++i) {
        std::uint64_t tried = 0;
        order += balancer.pick(tried)->node->host;
    }
    return order;
}

} // namespace

class tst_Balancer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void interleavesByWeight();
    void leavesWeightZeroOut();
    void triesHigherPriorityFirst();
    void triesEachNodeOnce();
};

void tst_Balancer::interleavesByWeight()
{
    Balancer balancer = makeBalancer({{"a", 1, 5, 0}, {"b", 1, 1, 0}, {"c", 1, 1, 0}});
    QCOMPARE(picks(balancer, 7), std::string("aabacaa")); // smooth, not aaaaabc
    QCOMPARE(picks(balancer, 7), std::string("aabacaa"));
}

void tst_Balancer::leavesWeightZeroOut()
{
    Balancer some = makeBalancer({{"a", 1, 0, 0}, {"b", 1, 1, 0}});
    QCOMPARE(picks(some, 3), std::string("bbb"));
    Balancer none = makeBalancer({{"a", 1, 0, 0}});
    QCOMPARE(picks(none, 1), std::string("a"));
}

void tst_Balancer::triesHigherPriorityFirst()
{
    Balancer balancer = makeBalancer({{"low", 1, 1, -1}, {"high", 1, 1, 0}});
    std::uint64_t tried = 0;
    QCOMPARE(balancer.pick(tried)->node->host, std::string("high"));
    QCOMPARE(balancer.pick(tried)->node->host, std::string("low"));
}

void tst_Balancer::triesEachNodeOnce()
{
    Balancer balancer = makeBalancer({{"a", 1, 1, 0}, {"b", 1, 1, 0}});
    std::uint64_t tried = 0;
    QVERIFY(balancer.pick(tried) != balancer.pick(tried));
    QVERIFY(!balancer.pick(tried));
}

QTEST_GUILESS_MAIN(tst_Balancer)
#include "tst_balancer.moc"
