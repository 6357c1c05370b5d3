// SPDX-License-Identifier: Apache-2.0
#include "seeds.h"
#include "targets.h"

#include <QTest>

#include <algorithm>
#include <memory>

using namespace postern::fuzz;

/// The fuzz targets over their seeds, without a fuzzer: whole, cut short, and with a bit flipped.
class tst_FuzzReplay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void survivesItsSeeds_data();
    void survivesItsSeeds();
};

namespace {

/// From a buffer of exactly the input's size, so that a read past its end is seen.
void feed(const Target &target, const std::string &octets)
{
    const auto exact = std::make_unique<char[]>(octets.size());
    octets.copy(exact.get(), octets.size());
    target.run({exact.get(), octets.size()});
}

std::vector<Target> allTargets()
{
    std::vector<Target> all(coreTargets().begin(), coreTargets().end());
    all.insert(all.end(), httpTargets().begin(), httpTargets().end());
    return all;
}

} // namespace

void tst_FuzzReplay::survivesItsSeeds_data()
{
    QTest::addColumn<QString>("name");
    for (const Target &target : allTargets())
        QTest::newRow(std::string(target.name).c_str())
            << QString::fromStdString(std::string(target.name));
}

void tst_FuzzReplay::survivesItsSeeds()
{
    QFETCH(QString, name);
    const std::vector<Target> targets = allTargets();
    const auto target = std::ranges::find(targets, name.toStdString(), &Target::name);
    QVERIFY(target != targets.end());
    constexpr std::size_t kPlaces = 6; // not every place: that is the fuzzer's work
    for (const Seed &seed : seeds()) {
        if (seed.target != target->name)
            continue;
        feed(*target, seed.octets);
        const std::size_t step = seed.octets.size() / kPlaces + 1;
        for (std::size_t at = 0; at < seed.octets.size(); at += step) {
            feed(*target, seed.octets.substr(0, at));
            std::string flipped = seed.octets;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
            feed(*target, flipped);
        }
    }
}

QTEST_GUILESS_MAIN(tst_FuzzReplay)
#include "tst_fuzz_replay.moc"
