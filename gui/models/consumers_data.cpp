// SPDX-License-Identifier: Apache-2.0
// What a row of the ConsumersModel shows.
#include "gui/models/consumer_edits.h"
#include "gui/models/consumers_model.h"
#include "gui/models/logins.h"
#include "gui/models/object_lint.h"
#include "gui/models/seen_times.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/text/qt_bytes.h"

#include "core/secret/reference.h"
#include "gui/text/privacy.h"

#include <QCoreApplication>
#include <QFont>

#include <algorithm>
#include <array>

namespace postern::gui {

namespace {

using Condition = ConsumersModel::Condition;
using gateway::LoginMark;

struct ConditionRow
{
    Condition condition;
    const char *word; ///< also what `is:` takes
    const char *sign;
};
constexpr std::array<ConditionRow, 11> kConditions{
    {{Condition::Refused, QT_TRANSLATE_NOOP("Consumers", "refused"), "✗"},
     {Condition::Duplicate, QT_TRANSLATE_NOOP("Consumers", "duplicate"), "✗"},
     {Condition::Expired, QT_TRANSLATE_NOOP("Consumers", "expired"), "✗"},
     {Condition::Unresolved, QT_TRANSLATE_NOOP("Consumers", "unresolved"), "!"},
     {Condition::Weak, QT_TRANSLATE_NOOP("Consumers", "weak"), "!"},
     {Condition::NoLogin, QT_TRANSLATE_NOOP("Consumers", "no credential"), "!"},
     {Condition::Warned, QT_TRANSLATE_NOOP("Consumers", "warning"), "!"},
     {Condition::Unknown, QT_TRANSLATE_NOOP("Consumers", "checking"), "…"},
     {Condition::Disabled, QT_TRANSLATE_NOOP("Consumers", "disabled"), "–"},
     {Condition::Unused, QT_TRANSLATE_NOOP("Consumers", "unused"), "–"},
     {Condition::Active, QT_TRANSLATE_NOOP("Consumers", "active"), "✓"}}};

const ConditionRow &rowFor(Condition condition)
{
    return kConditions.at(static_cast<std::size_t>(condition));
}

/// The word that `is:` takes has no space and is the same in every language.
QString stateName(Condition condition)
{
    return condition == Condition::NoLogin ? QStringLiteral("nologin")
                                           : QString::fromUtf8(rowFor(condition).word);
}

std::optional<Condition> conditionOf(const gateway::ConfigFinding &finding)
{
    switch (finding.mark) {
    case LoginMark::Weak:
        return Condition::Weak;
    case LoginMark::Duplicate:
        return Condition::Duplicate;
    case LoginMark::Unresolved:
        return Condition::Unresolved;
    case LoginMark::Expired:
        return Condition::Expired;
    case LoginMark::None:
        break;
    }
    if (finding.id == "consumer-without-credential")
        return Condition::NoLogin;
    // what the card warns of and the summary counts is no "active"
    return finding.level == LintLevel::Info ? std::nullopt : std::optional(Condition::Warned);
}

bool isDisabled(const Json &config)
{
    const Json *const meta = config.find("_meta");
    const Json *const disable = meta ? meta->find("disable") : nullptr;
    return disable && disable->asBool();
}

bool hasReference(const Json &value)
{
    if (value.isString())
        return isSecretReference(value.asString());
    if (value.isArray())
        return std::ranges::any_of(value.items(), hasReference);
    return value.isObject() && std::ranges::any_of(value.members(), [](const Json::Member &member) {
               return hasReference(member.second);
           });
}

QStringList labelTexts(const Json &object)
{
    QStringList texts;
    for (const auto &[name, value] : labelsOf(object))
        texts << toText(name) + QLatin1Char('=') + toText(value);
    return texts;
}

} // namespace

QString ConsumersModel::wordOf(Condition condition)
{
    return QCoreApplication::translate("Consumers", rowFor(condition).word);
}

QString ConsumersModel::signOf(Condition condition)
{
    return QString::fromUtf8(rowFor(condition).sign);
}

bool ConsumersModel::isUnused(const std::string &key) const
{
    const Json *const value = m_workspace.stored(key);
    const Json *const created = value ? value->find("create_time") : nullptr;
    const auto seconds = created ? created->asInteger() : std::nullopt;
    if (!seconds || m_seen.of(consumerOf(key)))
        return false;
    return m_session.now() - Timestamp(std::chrono::seconds(*seconds))
        > std::chrono::days(kUnusedDays);
}

void ConsumersModel::addConditions(std::vector<Condition> &all, const Login &login) const
{
    if (m_workspace.refusal(login.key))
        all.push_back(Condition::Refused);
    const std::string place = "/plugins/" + login.plugin;
    for (const gateway::ConfigFinding &finding : m_lint.of(login.key)) {
        const auto condition = conditionOf(finding);
        if (condition && (login.plugin.empty() || finding.pointer.starts_with(place)))
            all.push_back(*condition);
    }
    if (!m_lint.isKnown(login.key))
        all.push_back(Condition::Unknown);
    const Json *const value = m_workspace.value(login.key);
    const Json *const config = value ? loginConfig(*value, login.plugin) : nullptr;
    if (config && isDisabled(*config))
        all.push_back(Condition::Disabled);
}

std::vector<Condition> ConsumersModel::conditionsOf(const QModelIndex &index) const
{
    std::vector<Condition> all;
    if (const Login *const login = loginAt(index)) {
        addConditions(all, *login);
    } else if (const Consumer *const consumer = consumerAt(index)) {
        if (m_workspace.refusal(consumer->key))
            all.push_back(Condition::Refused);
        for (const Login &one : consumer->logins)
            addConditions(all, one);
        for (const gateway::ConfigFinding &finding : m_lint.of(consumer->key)) {
            if (const auto condition = conditionOf(finding))
                all.push_back(*condition);
        }
        if (!m_lint.isKnown(consumer->key))
            all.push_back(Condition::Unknown);
        if (std::ranges::all_of(all, [](Condition one) { return one == Condition::Unknown; })
            && isUnused(consumer->key))
            all.push_back(Condition::Unused);
    }
    if (all.empty())
        all.push_back(Condition::Active);
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

QStringList ConsumersModel::labels(const QModelIndex &index) const
{
    const std::string key = keyOf(index);
    const Json *const value = m_workspace.value(key);
    if (!value || (loginAt(index) && key == consumerAt(index)->key))
        return {};
    QStringList texts = labelTexts(*value);
    for (QString &text : texts)
        text = Privacy::instance().text(text);
    return texts;
}

QString ConsumersModel::stateText(const QModelIndex &index) const
{
    const Condition worst = conditionsOf(index).front();
    return signOf(worst) + QLatin1Char(' ') + wordOf(worst);
}

QVariant ConsumersModel::display(const QModelIndex &index) const
{
    const Login *const login = loginAt(index);
    const std::string key = keyOf(index);
    const Json *const value = m_workspace.value(key);
    if (!value)
        return {};
    switch (index.column()) {
    case Name:
        return login && key == consumerAt(index)->key
            ? tr("(on the consumer)")
            : QVariant(Privacy::instance().name(toText(idOf(key))));
    case Credentials:
        if (login) {
            const Json *const config = loginConfig(*value, login->plugin);
            return config ? Privacy::instance().text(loginSummary(login->plugin, *config))
                          : QString();
        } else {
            QStringList names;
            for (const Login &one : consumerAt(index)->logins) {
                const LoginKind *const kind = findLoginKind(one.plugin);
                const QString name = toText(kind ? kind->shortName : one.plugin);
                if (!name.isEmpty() && !names.contains(name))
                    names << name;
            }
            return names.join(QStringLiteral(" · "));
        }
    case Labels:
        return labels(index).join(QStringLiteral(", "));
    case Seen: {
        const auto seen = login ? std::nullopt : m_seen.of(consumerOf(key));
        if (login)
            return {};
        return seen ? toText(formatDistance(m_session.now() - *seen)) : QStringLiteral("—");
    }
    case State:
        return stateText(index);
    default:
        return {};
    }
}

QVariant ConsumersModel::sortValue(const QModelIndex &index) const
{
    if (index.column() == Name && loginAt(index) == nullptr)
        return consumerAt(index)->sortName;
    if (index.column() == State)
        return static_cast<int>(conditionsOf(index).front());
    if (index.column() == Seen) {
        const auto seen = m_seen.of(consumerOf(keyOf(index)));
        return seen ? QVariant(static_cast<qlonglong>(seen->time_since_epoch().count()))
                    : QVariant(qlonglong(0));
    }
    return display(index).toString().toLower();
}

QString ConsumersModel::toolTip(const QModelIndex &index) const
{
    QStringList lines;
    const std::string key = keyOf(index);
    if (const Error *const refusal = m_workspace.refusal(key);
        refusal && !isToldBy(*refusal, m_lint.of(key)))
        lines << toText(refusal->detail);
    for (const gateway::ConfigFinding &finding : m_lint.of(key))
        lines << toText(finding.text);
    return lines.join(QLatin1Char('\n'));
}

QVariant ConsumersModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return display(index);
    case Qt::ToolTipRole:
        return toolTip(index);
    case Qt::FontRole: {
        QFont font;
        font.setItalic(m_workspace.isStaged(keyOf(index)) && index.column() == Name);
        return font.italic() ? QVariant(font) : QVariant();
    }
    case Qt::AccessibleTextRole:
        return m_workspace.isStaged(keyOf(index)) && index.column() == Name
            ? tr("%1, changed").arg(display(index).toString())
            : display(index).toString();
    case KeyRole:
        return toText(keyOf(index));
    case PluginRole:
        return toText(pluginOf(index));
    case SortRole:
        return sortValue(index);
    case LabelsRole:
        return labels(index);
    case StagedRole:
        return m_workspace.isStaged(keyOf(index));
    default:
        return {};
    }
}

std::vector<FilterField> ConsumersModel::filterFields()
{
    using Kind = FilterField::Kind;
    QStringList states;
    for (const ConditionRow &row : kConditions) {
        if (row.condition != Condition::Unknown) // passes by itself
            states << stateName(row.condition);
    }
    states << QStringLiteral("changed");
    QStringList types;
    for (const LoginKind &kind : loginKinds())
        types << toText(kind.plugin);
    return {{QStringLiteral("name"), Kind::Text, {}, tr("user name or id")},
            {QStringLiteral("label"), Kind::Text, {}, tr("label=value")},
            {QStringLiteral("type"), Kind::Text, types, tr("kind of credential")},
            {QStringLiteral("is"), Kind::State, states, tr("state")},
            {QStringLiteral("has"),
             Kind::State,
             {QStringLiteral("label"), QStringLiteral("credential"), QStringLiteral("plugin"),
              QStringLiteral("env-ref")},
             tr("what there is")}};
}

QStringList ConsumersModel::wordsOf(std::string_view key, const Json &value,
                                    std::string_view plugin)
{
    QStringList words{toText(idOf(key))};
    QString about;
    if (!plugin.empty()) {
        words << toText(plugin);
        if (const Json *const config = loginConfig(value, plugin))
            about = loginSummary(plugin, *config);
    } else {
        about = toText(value.stringOr("desc", ""));
    }
    if (!about.isEmpty())
        words << about;
    return words + labelTexts(value);
}

QStringList ConsumersModel::filterValues(const QModelIndex &index, const QString &field) const
{
    const Login *const login = loginAt(index);
    const Consumer *const consumer = consumerAt(index);
    if (consumer && field.isEmpty())
        return consumer->words[login ? static_cast<std::size_t>(index.row()) + 1 : 0];
    if (field == QLatin1String("type"))
        return login ? QStringList{toText(login->plugin)} : QStringList();
    const std::string key = keyOf(index);
    const Json *const value = m_workspace.value(key);
    if (!value)
        return {};
    if (field == QLatin1String("name"))
        return {toText(idOf(key))};
    if (field == QLatin1String("label"))
        return labelTexts(*value);
    if (field == QLatin1String("is")) {
        QStringList states;
        for (const Condition condition : conditionsOf(index))
            states << stateName(condition);
        if (m_workspace.isStaged(key))
            states << QStringLiteral("changed");
        return states;
    }
    QStringList has;
    const Json *const plugins = value->find("plugins");
    if (value->contains("labels"))
        has << QStringLiteral("label");
    if (login || !consumerAt(index)->logins.empty())
        has << QStringLiteral("credential");
    if (!login && plugins && plugins->size() > loginsOf(*value).size())
        has << QStringLiteral("plugin");
    if (plugins && hasReference(*plugins))
        has << QStringLiteral("env-ref");
    return has;
}

} // namespace postern::gui
