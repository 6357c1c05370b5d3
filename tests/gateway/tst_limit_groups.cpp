// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/admin/apisix/import.h"
#include "tests/support/admin_api.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;

/// Groups of limit-count where many objects are written at once: all members are configured alike,
/// apisix.md 4.7. One object at a time: tst_admin_plugin_sets.
class tst_LimitGroups : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refusesWhatDiffers();
    void storedMembersDecide();
    void replacedMembersDoNot();
    void takesManyMembers();
};

namespace {

/// A route or consumer at line `line` of a file.
ConfigObject member(const char *kind, const std::string &id, std::string_view limit,
                    std::size_t line)
{
    auto source = std::make_shared<YamlNode>();
    source->place = {line, 1};
    const std::string own = kind == std::string_view("consumers")
        ? std::format(R"("username": "{}")", id)
        : std::format(R"("uri": "/{}")", id);
    Json value =
        *parseJson(std::format(R"({{{}, "plugins": {{"limit-count": {{{}}}}}}})", own, limit));
    return {kind,  {},
            id,    std::move(value),
            {},    std::make_shared<const ConfigFile>(ConfigFile{"f", {}}),
            source};
}

constexpr std::string_view kTwo = R"("group": "g", "count": 2, "time_window": 60)";
constexpr std::string_view kTwoInFull =
    R"("time_window": 60, "policy": "local", "count": 2, "group": "g", "_meta": {"priority": 1})";
constexpr std::string_view kThree = R"("group": "g", "count": 3, "time_window": 60)";
constexpr std::string_view kOther = R"("group": "h", "count": 3, "time_window": 60)";
constexpr std::string_view kDisabled =
    R"("group": "g", "count": 3, "time_window": 60, "_meta": {"disable": true})";

std::string faultsOf(const std::expected<std::size_t, std::vector<Error>> &written)
{
    std::string text;
    if (!written) {
        for (const Error &error : written.error())
            text.append(error.where).append(" ").append(error.detail).append("\n");
    }
    return text;
}

} // namespace

void tst_LimitGroups::refusesWhatDiffers()
{
    AdminApi api;
    std::vector<ConfigObject> objects;
    objects.push_back(member("routes", "first", kTwo, 1));
    objects.push_back(member("routes", "same", kTwoInFull, 2));
    objects.push_back(member("routes", "differs", kThree, 3));
    objects.push_back(member("routes", "other", kOther, 4));
    objects.push_back(member("routes", "disabled", kDisabled, 5));
    objects.push_back(member("consumers", "jack", kThree, 6));
    const auto written = importObjects(api.config, std::move(objects));
    QVERIFY(!written);
    QCOMPARE(faultsOf(written),
             std::string("f:3:1 failed to check the configuration of plugin limit-count err: group "
                         "conf mismatched\n"
                         "f:6:1 invalid plugins configuration: failed to check the configuration "
                         "of plugin limit-count err: group conf mismatched\n"));
}

void tst_LimitGroups::storedMembersDecide()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "routes/stored",
                      std::format(R"({{"uri":"/s","plugins":{{"limit-count":{{{}}}}}}})", kTwo))
                 .status,
             201);
    std::vector<ConfigObject> objects;
    objects.push_back(member("routes", "a", kThree, 1));
    objects.push_back(member("routes", "b", kTwo, 2));
    const auto written = importObjects(api.config, std::move(objects));
    QVERIFY2(faultsOf(written).starts_with("f:1:1 "), faultsOf(written).c_str());
    QCOMPARE(written.error().size(), 1U);
}

void tst_LimitGroups::replacedMembersDoNot()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "routes/a",
                      std::format(R"({{"uri":"/s","plugins":{{"limit-count":{{{}}}}}}})", kTwo))
                 .status,
             201);
    std::vector<ConfigObject> objects;
    objects.push_back(member("routes", "a", kThree, 1));
    objects.push_back(member("routes", "b", kThree, 2));
    const auto written = importObjects(api.config, std::move(objects));
    QVERIFY2(written, faultsOf(written).c_str());
}

// Each with all others would not end within the test's time.
void tst_LimitGroups::takesManyMembers()
{
    AdminApi api;
    constexpr std::size_t kMany = 10'000;
    std::vector<ConfigObject> objects;
    for (std::size_t i = 0; i < kMany; ++i)
        objects.push_back(member("routes", std::format("r{}", i), kTwo, i + 1));
    objects.push_back(member("routes", "last", kThree, kMany + 1));
    const auto written = importObjects(api.config, std::move(objects));
    QVERIFY(!written);
    QCOMPARE(written.error().size(), 1U);
    QCOMPARE(written.error().front().where, std::format("f:{}:1", kMany + 1));
}

QTEST_GUILESS_MAIN(tst_LimitGroups)
#include "tst_limit_groups.moc"
