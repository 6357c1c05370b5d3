// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/consumer_pane.h"

#include "core/json/parse.h"
#include "gui/consumers/credential_card.h"
#include "gui/consumers/generator_dialog.h"
#include "gui/consumers/label_chips.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/logins.h"
#include "gui/session/object_order.h"
#include "gui/session/session.h"
#include "gui/shell/page.h"
#include "gui/text/local_time.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/json_editor.h"

#include <QFocusEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

constexpr int kLongestName = 40; ///< in a sentence, characters

/// Numbers of the fields, for typing that becomes one step; those of a credential follow.
enum Field { NameField, DescriptionField, LabelField, JsonField, PluginsField, CredentialFields };
constexpr int kFieldsPerObject = 1024;

bool hasSameLogins(const std::vector<CredentialCard *> &cards,
                   const std::vector<std::pair<std::string, std::string>> &logins)
{
    return std::ranges::equal(cards, logins, [](const CredentialCard *card, const auto &login) {
        return card->key() == login.first && card->plugin() == login.second;
    });
}

} // namespace

Workspace &ConsumerPane::workspace() const { return m_shell.session().workspace(); }

void ConsumerPane::show(const std::string &object, const std::string &plugin)
{
    if (object != m_object)
        ++m_editing;
    m_object = object;
    m_plugin = plugin;
    m_consumer = consumerKey(consumerOf(object));
    const bool isLogin = object != m_consumer || !plugin.empty();
    if (isLogin && m_tabs->currentIndex() != JsonTab)
        setTab(Credentials);
    refresh();
    for (CredentialCard *const card : m_cards) {
        const bool current = isLogin && card->key() == m_object && card->plugin() == m_plugin;
        card->setCurrent(current);
        if (current) // where it will be, once it has its place
            QTimer::singleShot(0, card, [this, card] { m_scroll->ensureWidgetVisible(card); });
    }
}

void ConsumerPane::refresh()
{
    const Json *const value = workspace().value(m_consumer);
    if (!value)
        return;
    refreshTitle();
    refreshDetails(*value);
    refreshCards();
    refreshJson();
    refreshApply();
}

/// As much of the name as there is room for.
void ConsumerPane::refreshTitle()
{
    const QString name = Privacy::instance().name(toText(idOf(m_consumer)));
    m_title->setText(m_title->fontMetrics().elidedText(name, Qt::ElideRight, m_title->width()));
    m_title->setToolTip(m_title->text() == name ? QString() : name);
    m_title->setAccessibleName(name);
}

QString ConsumerPane::nameFault(const QString &name) const
{
    const std::string key = consumerKey(toOctets(name));
    if (!name.isEmpty() && key != m_consumer && workspace().value(key))
        return tr("There is a consumer %1 already.").arg(name);
    return userNameFault(name);
}

bool ConsumerPane::isNameHidden() const
{
    return Privacy::instance().isOn() && !m_name->hasFocus();
}

QString ConsumerPane::typedName() const
{
    return isNameHidden() ? toText(idOf(m_consumer)) : m_name->text();
}

/// In privacy mode dots that say nothing about the length; what is being typed is as long as it is.
void ConsumerPane::refreshName()
{
    const bool hidden = isNameHidden();
    const QString name = toText(idOf(m_consumer));
    const QString shown = hidden ? Privacy::instance().name(name) : name;
    m_name->setEchoMode(Privacy::instance().isOn() && !hidden ? QLineEdit::Password
                                                              : QLineEdit::Normal);
    const bool turned = std::exchange(m_nameHidden, hidden) != hidden;
    if (turned || !m_name->hasFocus() || userNameFault(m_name->text()).isEmpty()) {
        if (m_name->text() != shown)
            m_name->setText(shown);
    }
}

bool ConsumerPane::eventFilter(QObject *watched, QEvent *event)
{
    const bool moves = event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut;
    const bool done = QWidget::eventFilter(watched, event);
    if (watched == m_name && moves && Privacy::instance().isOn() && !m_consumer.empty())
        refreshName();
    if (watched == m_title && event->type() == QEvent::Resize)
        refreshTitle();
    // what was typed is written and masked like the rest, once it is left
    if ((watched == m_json || watched == m_plugins) && event->type() == QEvent::FocusOut
        && static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason
        && m_json->fault().isEmpty() && m_plugins->fault().isEmpty())
        QTimer::singleShot(0, this, &ConsumerPane::refreshJson);
    return done;
}

void ConsumerPane::refreshDetails(const Json &value)
{
    refreshName();
    const QString fault = nameFault(typedName());
    m_nameFault->setText(fault.isEmpty() ? QString() : QStringLiteral("✗ ") + fault);
    m_nameFault->setVisible(!fault.isEmpty());
    m_name->setAccessibleDescription(fault);
    const QString description = toText(value.stringOr("desc", ""));
    if (m_description->text() != description)
        m_description->setText(description);
    m_labels->setLabels(labelsOf(value));
    const Json *const stored = workspace().stored(m_consumer); // staged edits have no times
    const auto told = [stored](const auto &format) {
        const auto time = [&](std::string_view member) {
            const Json *const seconds = stored->find(member);
            const auto number = seconds ? seconds->asInteger() : std::nullopt;
            return number ? format(Timestamp(std::chrono::seconds(*number))) : QString();
        };
        return tr("Created %1, changed %2").arg(time("create_time"), time("update_time"));
    };
    m_times->setText(stored ? told([](Timestamp at) { return localTime(at); })
                            : tr("Not saved yet"));
    m_times->setToolTip(stored ? told([](Timestamp at) { return toText(formatTime(at)); })
                               : QString());
}

void ConsumerPane::refreshCards()
{
    std::vector<std::pair<std::string, std::string>> logins;
    if (const Json *const value = workspace().value(m_consumer)) {
        for (std::string &plugin : loginsOf(*value))
            logins.emplace_back(m_consumer, std::move(plugin));
    }
    for (const std::string &key : workspace().keys(m_consumer + "/credentials")) {
        for (std::string &plugin : loginsOf(*workspace().value(key)))
            logins.emplace_back(key, std::move(plugin));
    }
    if (!hasSameLogins(m_cards, logins)) {
        for (CredentialCard *const card : std::exchange(m_cards, {})) {
            card->hide();
            card->deleteLater();
        }
        for (const auto &[key, plugin] : logins) {
            auto *card = new CredentialCard(m_shell, m_lint, key, plugin);
            connect(card, &CredentialCard::goTo, this,
                    [this](const QString &other) { Q_EMIT selectWanted(toOctets(other)); });
            connect(card, &CredentialCard::generateWanted, this, [this, key, plugin] {
                show(key, plugin);
                generate();
            });
            connect(card, &CredentialCard::removeWanted, this,
                    [this, key, plugin] { Q_EMIT removeWanted(key, plugin); });
            card->setLocked(m_locked);
            m_cardColumn->insertWidget(static_cast<int>(m_cards.size()), card);
            m_cards.push_back(card);
        }
    }
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        constexpr int kFieldsPerCard = 8;
        m_cards[i]->setMergeId(m_editing * kFieldsPerObject + CredentialFields
                               + static_cast<int>(i) * kFieldsPerCard);
        m_cards[i]->refresh();
    }
    m_tabs->setTabText(Credentials, tr("C&redentials (%1)").arg(logins.size()));
    QString name = Privacy::instance().name(toText(idOf(m_consumer)));
    if (name.size() > kLongestName)
        name = name.left(kLongestName) + u'…';
    m_noCredential->setSentence(tr("%1 cannot authenticate: add a credential.").arg(name));
    m_noCredential->setVisible(logins.empty());
}

void ConsumerPane::refreshJson()
{
    const auto refreshOne = [this](JsonEditor *editor, const Json &value) {
        const Json shown = shownAs(value, m_revealed && !m_locked);
        if (!editor->fault().isEmpty() && editor->hasFocus())
            return; // what is being typed stays
        const auto typed = parseJson(toOctets(editor->toPlainText()));
        if (typed && *typed == shown)
            return;
        if (typed && editor->hasFocus() && m_typing && means(*typed, value))
            return;
        editor->setText(toText(shown.dump(2)));
        editor->clearFault();
    };
    if (const Json *const value = workspace().value(m_object)) {
        m_jsonTitle->setText(Privacy::instance().text(toText(m_object)));
        refreshOne(m_json, *value);
    }
    const Json *const consumer = workspace().value(m_consumer);
    const Json *const plugins = consumer ? consumer->find("plugins") : nullptr;
    const Json whole = Json::object({{"plugins", plugins ? *plugins : Json::object()}});
    m_pluginsTitle->setText(tr("Plugins of %1; logins among them stand on the consumer itself")
                                .arg(Privacy::instance().name(toText(idOf(m_consumer)))));
    refreshOne(m_plugins, whole);
}

void ConsumerPane::refreshApply()
{
    std::vector<std::string> mine = workspace().staged();
    std::erase_if(mine, [this](const std::string &key) {
        return key != m_consumer && !isBelow(key, m_consumer);
    });
    QString reason = nameFault(typedName()), hint;
    if (!reason.isEmpty())
        hint = tr("Cannot be saved: the user name is not right.");
    for (const std::string &key : mine) {
        const Error *const refusal = workspace().refusal(key);
        if (!refusal || !reason.isEmpty())
            continue;
        reason = toText(refusal->detail);
        if (std::ranges::contains(m_cards, key, &CredentialCard::key)) // which says why
            hint = tr("Cannot be saved: %1 is not right.")
                       .arg(Privacy::instance().name(toText(idOf(key))));
    }
    const QString broken = jsonFault();
    if (!broken.isEmpty()) {
        reason = broken;
        hint = tr("Cannot be saved: the JSON is not right.");
    }
    if (!reason.isEmpty() && hint.isEmpty())
        hint = tr("Cannot be saved: %1").arg(reason);
    else if (hint.isEmpty() && !mine.empty())
        hint = tr("%n change(s) not saved", nullptr, static_cast<int>(mine.size()));
    m_apply->setEnabled(!mine.empty() && reason.isEmpty());
    m_apply->setToolTip(reason);
    m_apply->setAccessibleDescription(reason);
    m_discard->setEnabled(!mine.empty() || !broken.isEmpty());
    m_applyHint->setText(hint);
}

QString ConsumerPane::jsonFault() const
{
    return m_json->fault().isEmpty() ? m_plugins->fault() : m_json->fault();
}

void ConsumerPane::discard()
{
    for (JsonEditor *const editor : {m_json, m_plugins})
        editor->clearFault(); // else what is being typed would stay
    for (const std::string &key : workspace().staged()) {
        if (key == m_consumer || isBelow(key, m_consumer))
            workspace().discard(key);
    }
    refresh();
}

void ConsumerPane::stageTyping(const QString &text, const std::string &key, Json value, int field)
{
    workspace().stageTyping(text, {{key, std::move(value)}}, m_editing * kFieldsPerObject + field);
}

void ConsumerPane::typeName(const QString &text)
{
    const std::string to = consumerKey(toOctets(text));
    if (!workspace().value(m_consumer))
        return;
    if (text.isEmpty() || (to != m_consumer && workspace().value(to)) || text.contains(u'/')) {
        refreshDetails(*workspace().value(m_consumer));
        refreshApply();
        return;
    }
    const std::string from = std::exchange(m_consumer, to);
    m_object = m_consumer;
    Q_EMIT renaming(from, to);
    workspace().stageTyping(tr("Rename %1").arg(toText(idOf(from))),
                            renamed(workspace(), from, toOctets(text)),
                            m_editing * kFieldsPerObject + NameField);
    refresh();
}

void ConsumerPane::typeDescription(const QString &text)
{
    if (const Json *const value = workspace().value(m_consumer))
        stageTyping(tr("Describe %1").arg(toText(idOf(m_consumer))), m_consumer,
                    withMember(*value, {"desc"}, text.isEmpty() ? Json() : Json(toOctets(text))),
                    DescriptionField);
}

void ConsumerPane::editLabels()
{
    if (const Json *const value = workspace().value(m_consumer))
        stageTyping(tr("Edit labels of %1").arg(toText(idOf(m_consumer))), m_consumer,
                    withLabels(*value, m_labels->labels()), LabelField);
}

void ConsumerPane::removeLabel(const QString &label)
{
    if (const Json *const value = workspace().value(m_consumer))
        workspace().stage(tr("Remove label %1 of %2").arg(label, toText(idOf(m_consumer))),
                          {{m_consumer, withLabels(*value, m_labels->labels())}});
    ++m_editing; // what is typed next is another step
}

void ConsumerPane::typeJson()
{
    m_typing = true;
    const Json *const value = workspace().value(m_object);
    const auto typed = parseJson(toOctets(m_json->toPlainText()));
    if (!typed) {
        m_json->setFault(typed.error());
    } else if (!typed->isObject()) {
        m_json->setFault({Errc::Json, toOctets(tr("an object is expected")), "1:1"});
    } else if (value) {
        m_json->clearFault();
        stageTyping(tr("Edit %1").arg(toText(idOf(m_object))), m_object,
                    withSecretsOf(*typed, *value), JsonField);
    }
    refreshApply();
}

void ConsumerPane::typePlugins()
{
    m_typing = true;
    const Json *const value = workspace().value(m_consumer);
    const auto typed = parseJson(toOctets(m_plugins->toPlainText()));
    const Json *const plugins = typed ? typed->find("plugins") : nullptr;
    if (!typed) {
        m_plugins->setFault(typed.error());
    } else if (!value || !plugins || !plugins->isObject()) {
        m_plugins->setFault({Errc::Json, toOctets(tr("\"plugins\" must be an object")), "1:1"});
    } else {
        m_plugins->clearFault();
        stageTyping(tr("Edit plugins of %1").arg(toText(idOf(m_consumer))), m_consumer,
                    withMember(*value, {"plugins"},
                               plugins->size() == 0
                                   ? Json()
                                   : *withSecretsOf(*typed, *value).find("plugins")),
                    PluginsField);
    }
    refreshApply();
}

void ConsumerPane::editName()
{
    setTab(Details);
    m_name->setFocus();
    m_name->selectAll();
}

void ConsumerPane::setTab(Tab tab) { m_tabs->setCurrentIndex(tab); }

CredentialCard *ConsumerPane::currentCard() const
{
    for (CredentialCard *const card : m_cards) {
        if (card->key() == m_object && card->plugin() == m_plugin)
            return card;
    }
    return m_cards.size() == 1 ? m_cards.front() : nullptr;
}

void ConsumerPane::addCredential(const std::string &plugin)
{
    auto edit = newCredential(workspace(), idOf(m_consumer), plugin);
    if (!edit) {
        m_shell.notices().show(Notices::Kind::Error, toText(describe(edit.error())));
        return;
    }
    const std::string key = edit->key;
    workspace().stage(tr("Add credential %1").arg(toText(idOf(key))), {std::move(*edit)});
    Q_EMIT selectWanted(key);
}

void ConsumerPane::generate()
{
    CredentialCard *const card = currentCard();
    const Json *const object = card ? workspace().value(card->key()) : nullptr;
    const Json *const config = object ? loginConfig(*object, card->plugin()) : nullptr;
    GeneratorDialog::Target target;
    if (config)
        target = {!m_locked, secretKindOf(card->plugin(), *config),
                  keyPairAlgOf(card->plugin(), *config)};
    auto *dialog = new GeneratorDialog(m_shell.clipboard(), target, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (card) {
        connect(dialog, &GeneratorDialog::used, card, &CredentialCard::setSecret);
        connect(dialog, &GeneratorDialog::usedPair, card, &CredentialCard::setKeyPair);
    }
    dialog->open();
}

void ConsumerPane::setRevealed(bool revealed)
{
    m_revealed = revealed;
    m_typing = false;
    for (CredentialCard *const card : m_cards)
        card->setRevealed(revealed);
    refreshJson();
}

void ConsumerPane::setLocked(bool locked)
{
    m_locked = locked;
    m_typing = false;
    m_json->setEnabled(!locked);
    m_plugins->setEnabled(!locked);
    for (CredentialCard *const card : m_cards)
        card->setLocked(locked);
    refreshJson();
}

void ConsumerPane::zoom(int steps)
{
    m_json->zoom(steps);
    m_plugins->zoom(steps);
}

} // namespace postern::gui
