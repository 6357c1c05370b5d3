// SPDX-License-Identifier: Apache-2.0
#include "gui/models/trace_links.h"

#include "gui/text/qt_bytes.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <string_view>

namespace postern::gui {

namespace {

const Json::Array &stepsOf(const Json &trace)
{
    static const Json::Array none;
    const Json *steps = trace.find("steps");
    return steps ? steps->items() : none;
}

std::string_view detailOf(const Json &step, std::string_view name)
{
    const Json *detail = step.find("detail");
    return detail ? detail->stringOr(name, "") : std::string_view();
}

QString keyOf(std::string_view where, std::string_view name)
{
    const QString what = where.starts_with("query") ? QStringLiteral("argument")
        : where.starts_with("cookie")               ? QStringLiteral("cookie")
                                                    : QStringLiteral("header");
    return what + u':' + toText(name).toLower();
}

/// An extraction's place; of one that found nothing all the places it looked at: the words
/// `header "apikey", query "apikey"`.
QStringList placesOf(const Json &extract)
{
    const std::string_view where = detailOf(extract, "where");
    if (!where.empty())
        return {keyOf(where, detailOf(extract, "name"))};
    static const QRegularExpression place(QStringLiteral("(header|query|cookie) \"([^\"]+)\""));
    QStringList keys;
    for (const auto &match : place.globalMatch(toText(detailOf(extract, "name"))))
        keys += keyOf(match.captured(1).toStdString(), match.captured(2).toStdString());
    return keys;
}

/// Where the plugin of a step took its login from.
QStringList loginOf(const Json &trace, const Json &step)
{
    const std::string_view plugin = step.stringOr("subject", "");
    for (const Json &each : stepsOf(trace)) {
        if (each.stringOr("step", "") == "extract" && each.stringOr("subject", "") == plugin)
            return placesOf(each);
    }
    return {};
}

QStringList claimKeys(std::string_view claims)
{
    QStringList keys;
    for (const QString &claim : toText(claims).split(u',', Qt::SkipEmptyParts))
        keys += QStringLiteral("claim:") + claim.trimmed();
    return keys;
}

/// The claim that names the consumer: the first that parsing tells of.
QStringList keyClaim(const Json &trace, const Json &step)
{
    for (const Json &each : stepsOf(trace)) {
        if (each.stringOr("step", "") == "parse"
            && each.stringOr("subject", "") == step.stringOr("subject", ""))
            return claimKeys(detailOf(each, "claims")).mid(0, 1);
    }
    return {};
}

} // namespace

QStringList partsOfStep(const Json &trace, int step)
{
    const Json::Array &steps = stepsOf(trace);
    if (step < 0 || step >= std::ssize(steps))
        return {};
    const Json &own = steps[static_cast<std::size_t>(step)];
    const std::string_view name = own.stringOr("step", "");
    if (name == "route")
        return {QStringLiteral("start"), QStringLiteral("header:host")};
    if (name == "extract")
        return placesOf(own);
    if (name == "upstream")
        return {QStringLiteral("upstream")};
    if (name == "reply" || name == "client")
        return {QStringLiteral("response")};
    QStringList keys = loginOf(trace, own);
    if (name == "parse")
        keys += QStringLiteral("token:header");
    else if (name == "lookup")
        keys += keyClaim(trace, own);
    else if (name == "signature")
        keys += QStringLiteral("token:signature");
    else if (name == "claims")
        keys += claimKeys(detailOf(own, "claim"));
    return keys;
}

QList<int> stepsOfPart(const Json &trace, const QString &key)
{
    QList<int> steps;
    const int count = static_cast<int>(stepsOf(trace).size());
    for (int i = 0; i < count; ++i) {
        if (partsOfStep(trace, i).contains(key))
            steps += i;
    }
    return steps;
}

} // namespace postern::gui
