// SPDX-License-Identifier: Apache-2.0
#include "gui/text/filter.h"

#include <QMap>
#include <QTest>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

class tst_Filter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matches_data();
    void matches();
    void refuses_data();
    void refuses();
    void asksForTextsBeforeStates();

private:
    static std::vector<FilterField> fields()
    {
        using Kind = FilterField::Kind;
        return {{u"method"_s, Kind::Text, {}, {}},
                {u"path"_s, Kind::Text, {}, {}},
                {u"status"_s, Kind::Number, {}, {}},
                {u"time"_s, Kind::Duration, {}, {}},
                {u"seen"_s, Kind::Time, {}, {}},
                {u"label"_s, Kind::Text, {}, {}},
                {u"is"_s, Kind::State, {u"expired"_s, u"weak"_s, u"unused"_s}, {}},
                {u"has"_s, Kind::State, {u"label"_s, u"env-ref"_s}, {}}};
    }
};

void tst_Filter::matches_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const QString &text, bool expected) {
        QTest::newRow(name) << text << expected;
    };
    row("nothing lets everything through", u""_s, true);
    row("spaces are nothing", u"   "_s, true);
    row("a word is contained", u"jac"_s, true);
    row("a word ignores case", u"JACK"_s, true);
    row("a word that is nowhere", u"jill"_s, false);
    row("all words must hold", u"jack platform"_s, true);
    row("one word missing", u"jack jill"_s, false);
    row("a negated word", u"-jill"_s, true);
    row("a negated word that is there", u"-jack"_s, false);
    row("words in quotes are one", u"\"the bot\""_s, true);
    row("words without quotes are two", u"bot the"_s, true);
    row("a phrase keeps its order", u"\"bot the\""_s, false);
    row("a negated phrase", u"-\"the bot\""_s, false);
    row("a colon in quotes is text", u"\"a:b\""_s, true);
    row("alternatives", u"jill|jack"_s, true);
    row("alternatives, none", u"jill|john"_s, false);
    row("a wildcard inside a word", u"j*k"_s, true);
    row("a wildcard that does not fit", u"j*z"_s, false);
    row("a quoted star is a star", u"\"j*k\""_s, false);
    row("a minus inside is a letter", u"cred-jack"_s, true);
    row("a field contains", u"path:get"_s, true);
    row("a field ignores case", u"METHOD:Post"_s, true);
    row("another field's value", u"method:get"_s, false);
    row("a field's wildcard is about the whole value", u"path:/get*"_s, true);
    row("a field's wildcard, not from the start", u"path:et*"_s, false);
    row("only a wildcard: has a value", u"path:*"_s, true);
    row("an absent field matches nothing", u"label:x"_s, false);
    row("an absent field, negated", u"-label:x"_s, true);
    row("one of several values", u"label:team=platform"_s, true);
    row("a field's alternatives", u"method:PUT|POST"_s, true);
    row("a field's phrase", u"label:\"role=the bot\""_s, true);
    row("a phrase among alternatives", u"label:x|\"role=the bot\""_s, true);
    row("a number is equal", u"status:401"_s, true);
    row("a number is not contained", u"status:40"_s, false);
    row("a number by value", u"status:401.0"_s, true);
    row("numbers' alternatives", u"status:200|401"_s, true);
    row("a number's wildcard", u"status:4*"_s, true);
    row("greater", u"status:>400"_s, true);
    row("greater, equal is not", u"status:>401"_s, false);
    row("greater or equal", u"status:>=401"_s, true);
    row("less", u"status:<500"_s, true);
    row("less or equal", u"status:<=400"_s, false);
    row("a range of two terms", u"status:>=400 status:<500"_s, true);
    row("a negated comparison", u"-status:>=400"_s, false);
    row("a duration", u"time:>200ms"_s, true);
    row("a duration in another unit", u"time:<1s"_s, true);
    row("a duration, too short", u"time:>2s"_s, false);
    row("a time", u"seen:>2024-01-01T00:00:00Z"_s, true);
    row("a time before now", u"seen:<-1h"_s, true);
    row("a state", u"is:expired"_s, true);
    row("a state that it is not in", u"is:weak"_s, false);
    row("not in a state", u"-is:weak"_s, true);
    row("one of two states", u"is:weak|expired"_s, true);
    row("states ignore case", u"is:Expired"_s, true);
    row("what it has", u"has:label"_s, true);
    row("several terms", u"jack is:expired method:POST -status:200 time:>=250ms"_s, true);
}

void tst_Filter::matches()
{
    QFETCH(QString, text);
    QFETCH(bool, expected);
    const QMap<QString, QStringList> item{
        {u""_s, {u"jack"_s, u"cred-jack"_s, u"team=platform"_s, u"the bot"_s, u"a:b"_s}},
        {u"method"_s, {u"POST"_s}},
        {u"path"_s, {u"/get/1"_s}},
        {u"status"_s, {u"401"_s}},
        {u"time"_s, {u"250ms"_s}},
        {u"seen"_s, {u"2024-12-15T02:40:00Z"_s}},
        {u"label"_s, {u"team=platform"_s, u"role=the bot"_s}},
        {u"is"_s, {u"expired"_s}},
        {u"has"_s, {u"label"_s}}};
    const auto filter = Filter::parse(text, fields());
    QVERIFY2(filter, filter ? "" : filter.error().detail.c_str());
    QCOMPARE(filter->matches([&item](const QString &field) { return item.value(field); }),
             expected);
    QCOMPARE(filter->isEmpty(), text.trimmed().isEmpty());
}

void tst_Filter::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const QString &text, const QString &where,
                        const QString &says) { QTest::newRow(name) << text << where << says; };
    row("an unknown field", u"jack colour:red"_s, u"5"_s, u"colour"_s);
    row("an unknown field without value", u"colour:"_s, u"0"_s, u"colour"_s);
    row("no value", u"status:"_s, u"0"_s, u"missing"_s);
    row("no value behind a bar", u"a  method:GET|"_s, u"3"_s, u"missing"_s);
    row("an unknown state", u"is:lazy"_s, u"0"_s, u"expired, weak, unused"_s);
    row("a bound that is no number", u"status:>many"_s, u"0"_s, u"status:>400"_s);
    row("a bound that is no duration", u"time:>soon"_s, u"0"_s, u"200ms"_s);
    row("a bound that is missing", u"-status:>="_s, u"0"_s, u"status:>=400"_s);
    row("two bounds", u"status:>400|500"_s, u"0"_s, u"one value"_s);
    row("an open quotation mark", u"x \"the bot"_s, u"2"_s, u"not closed"_s);
    row("a minus alone", u"-"_s, u"0"_s, u"missing"_s);
    row("a bar alone", u"a|"_s, u"0"_s, u"missing"_s);
}

void tst_Filter::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, where);
    QFETCH(QString, says);
    const auto filter = Filter::parse(text, fields());
    QVERIFY(!filter);
    QCOMPARE(QString::fromStdString(filter.error().where), where);
    QVERIFY2(QString::fromStdString(filter.error().detail).contains(says),
             filter.error().detail.c_str());
    QCOMPARE(filter.error().code, Errc::InvalidArgument);
}

void tst_Filter::asksForTextsBeforeStates()
{
    // States are worked out, texts are at hand: what a word refuses is not looked at any further.
    const auto filter = Filter::parse(u"-is:weak status:200 label:x jill jack", fields());
    QVERIFY(filter);
    QStringList asked;
    const auto values = [&asked](const QString &field) {
        asked << field;
        return field.isEmpty() ? QStringList{u"jill jack"_s} : QStringList{u"x"_s, u"200"_s};
    };
    QVERIFY(filter->matches(values));
    const QStringList order{u""_s, u""_s, u"label"_s, u"is"_s, u"status"_s};
    QCOMPARE(asked, order);
    asked.clear();
    const auto nothing = [&asked](const QString &field) {
        asked << field;
        return QStringList();
    };
    QVERIFY(!filter->matches(nothing));
    QCOMPARE(asked, QStringList{u""_s});
}

QTEST_GUILESS_MAIN(tst_Filter)
#include "tst_filter.moc"
