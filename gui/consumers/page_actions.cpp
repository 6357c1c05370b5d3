// SPDX-License-Identifier: Apache-2.0
// What can be done on the consumers page.
#include "gui/consumers/consumer_pane.h"
#include "gui/consumers/credential_card.h"
#include "gui/consumers/export_dialog.h"
#include "gui/consumers/import_dialog.h"
#include "gui/consumers/labels_dialog.h"
#include "gui/consumers/page.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/consumers_filter.h"
#include "gui/models/consumers_model.h"
#include "gui/models/logins.h"
#include "gui/session/object_order.h"
#include "gui/session/session.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/filter_edit.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>
#include <QUrl>

#include <algorithm>
#include <format>

namespace postern::gui {

namespace {

constexpr std::string_view kAdminRoot = "/apisix/admin";

/// What may be dropped; tokens, keys and HTTP archives belong to other pages.
bool isConfiguration(const QString &path)
{
    static const QStringList kSuffixes{QStringLiteral("yaml"), QStringLiteral("yml"),
                                       QStringLiteral("json"), QStringLiteral("png"),
                                       QStringLiteral("jpg"),  QStringLiteral("gif")};
    const QFileInfo info(path);
    if (info.suffix().toLower() == QLatin1String("json")) {
        constexpr qint64 kLooked = 64LL * 1024;
        QFile file(path);
        const QByteArray start = file.open(QIODevice::ReadOnly) ? file.read(kLooked) : QByteArray();
        if (start.contains("\"kty\"") || start.contains("\"log\""))
            return false; // keys, an HTTP archive
    }
    return info.isDir() || kSuffixes.contains(info.suffix().toLower());
}

} // namespace

void ConsumersPage::addCommands(Commands &commands)
{
    const auto add = [&commands](const char *id, const QString &text, const char *icon,
                                 std::function<void()> run) {
        commands.add({QLatin1String(id), text, QStringLiteral("Consumer"), {}, QLatin1String(icon)},
                     std::move(run));
    };
    add("consumer.new", tr("&New consumer"), "plus", [this] {
        shell().showPage(id());
        createNew();
    });
    for (const LoginKind &kind : loginKinds()) {
        const QByteArray name =
            "consumer.add-" + QByteArray::fromStdString(std::string(kind.plugin));
        add(name.constData(), tr("Add a credential: %1").arg(toText(kind.plugin)), "key",
            [this, plugin = std::string(kind.plugin)] {
                if (current().isValid())
                    m_pane->addCredential(plugin);
            });
    }
    add("consumer.rotate", tr("&Rotate the secret"), "restart", [this] {
        if (CredentialCard *const card = m_pane->currentCard())
            card->rotate();
    });
    add("consumer.labels", tr("La&bels of the selected consumers…"), "label",
        [this] { labelSelected(); });
    add("consumer.export", tr("E&xport the selected consumers…"), "export",
        [this] { exportSelected(); });
    add("consumer.sample", tr("&Load the sample \"petstore\""), "sample", [this] { loadSample(); });
    add("consumer.import", tr("&Import…"), "import", [this] {
        const QString path = QFileDialog::getOpenFileName(
            this, tr("Import"), {}, tr("Configurations (*.yaml *.yml *.json)"));
        if (!path.isEmpty())
            import(path);
    });
    refreshReasons();
}

std::vector<PaletteItem> ConsumersPage::find(const QString &text, int limit)
{
    std::vector<PaletteItem> items;
    const auto offer = [&](const std::string &key, const QString &hint) {
        const QString name = toText(idOf(key));
        if (static_cast<int>(items.size()) < limit && name.contains(text, Qt::CaseInsensitive))
            items.push_back(
                {name, hint, QStringLiteral("@"), [this, key] { shell().openObject(key); }});
    };
    for (const std::string &key : workspace().keys("/consumers")) {
        offer(key, tr("consumer"));
        for (const std::string &credential : workspace().keys(key + "/credentials"))
            offer(credential, tr("credential of %1").arg(toText(idOf(key))));
        if (static_cast<int>(items.size()) >= limit)
            break;
    }
    return items;
}

void ConsumersPage::createNew()
{
    if (shell().isLocked())
        return shell().notices().show(Notices::Kind::Warning, tr("Secrets are locked."));
    const std::string name = freeId(workspace(), "/consumers", "new-consumer");
    workspace().stage(tr("New consumer"),
                      {{consumerKey(name), Json::object({{"username", name}})}});
    select(consumerKey(name));
    m_pane->editName();
}

void ConsumersPage::duplicate()
{
    if (!current().isValid())
        return;
    Edit copy = duplicated(workspace(), m_pane->consumer());
    const std::string key = copy.key;
    workspace().stage(tr("Duplicate %1").arg(toText(idOf(m_pane->consumer()))), {std::move(copy)});
    select(key);
    m_pane->editName();
}

void ConsumersPage::removeSelected()
{
    std::vector<std::pair<std::string, std::string>> logins;
    for (const QModelIndex &index : selected())
        logins.emplace_back(m_model->keyOf(index), m_model->pluginOf(index));
    remove(logins);
}

void ConsumersPage::remove(const std::vector<std::pair<std::string, std::string>> &logins)
{
    std::vector<Edit> edits;
    for (const auto &[key, plugin] : logins) {
        const bool isInline = !plugin.empty() && !key.contains("/credentials/");
        const auto known = std::ranges::find(edits, key, &Edit::key);
        const Json *const value =
            known != edits.end() && known->value ? &*known->value : workspace().value(key);
        if (!value || (known != edits.end() && !isInline))
            continue;
        std::optional<Json> next;
        if (isInline) {
            next = withMember(*value, {"plugins", plugin}, Json());
            next->erase("update_time");
        }
        if (known != edits.end())
            known->value = std::move(next);
        else
            edits.push_back({key, std::move(next)});
    }
    if (edits.empty())
        return;
    const auto number = static_cast<int>(edits.size());
    const bool onlyConsumers =
        std::ranges::none_of(
            logins, [](const auto &login) { return login.first.contains("/credentials/"); })
        && std::ranges::none_of(edits, [](const Edit &edit) { return edit.value.has_value(); });
    const QString text = edits.size() > 1 ? onlyConsumers
            ? tr("Delete %n consumer(s)", nullptr, number)
            : tr("Delete %n object(s)", nullptr, number)
        : edits.front().key.contains("/credentials/")
        ? tr("Delete credential %1").arg(toText(idOf(edits.front().key)))
        : tr("Delete %1").arg(toText(idOf(edits.front().key)));
    // what was never saved is not on the gateway either
    const bool isStored = std::ranges::any_of(
        edits, [this](const Edit &edit) { return workspace().stored(edit.key) != nullptr; });
    if (isStored)
        workspace().commit(text, std::move(edits));
    else
        workspace().stage(text, std::move(edits));
}

void ConsumersPage::rename()
{
    if (current().isValid())
        m_pane->editName();
}

void ConsumersPage::focusFilter()
{
    m_filter->setFocus();
    m_filter->selectAll();
}

void ConsumersPage::mainAction() { workspace().save(); }

void ConsumersPage::copyMain()
{
    if (shell().isLocked())
        return;
    if (CredentialCard *const card = m_pane->currentCard())
        card->copySecret();
    else
        copyName();
}

void ConsumersPage::copyAs()
{
    const Json *const value = workspace().value(m_pane->object());
    if (!value || shell().isLocked())
        return;
    shell().clipboard().copySecret(toText(shownAs(*value, true).dump(2)));
}

void ConsumersPage::copyName()
{
    if (current().isValid())
        shell().clipboard().copyPlain(toText(idOf(m_pane->object())));
}

void ConsumersPage::copyUrl()
{
    const gateway::GatewayAddresses *const addresses = shell().session().addresses();
    const std::string base = addresses ? addresses->adminUrl() : std::string(kAdminRoot);
    if (current().isValid())
        shell().clipboard().copyPlain(toText(base + m_pane->object()));
}

void ConsumersPage::mint()
{
    if (!current().isValid())
        return;
    const std::string &object = m_pane->object();
    shell().mintFor(consumerOf(object),
                    object.contains("/credentials/") ? idOf(object) : std::string());
}

void ConsumersPage::generate() { m_pane->generate(); }

void ConsumersPage::toggleInspector() { m_right->setVisible(!m_right->isVisible()); }

void ConsumersPage::revealSecrets(bool shown) { m_pane->setRevealed(shown); }

void ConsumersPage::zoom(int steps) { m_pane->zoom(steps); }

void ConsumersPage::setLocked(bool locked)
{
    m_pane->setLocked(locked);
    m_pane->setEnabled(!locked); // nothing can be changed
    refreshReasons();
}

bool ConsumersPage::openObject(const std::string &key)
{
    if (!m_model->find(key).isValid())
        return false;
    select(key);
    return true;
}

void ConsumersPage::moveCredentials(const QStringList &keys, const QString &consumer)
{
    std::vector<Edit> edits;
    for (const QString &key : keys)
        std::ranges::move(moved(workspace(), toOctets(key), toOctets(consumer)),
                          std::back_inserter(edits));
    if (!edits.empty())
        workspace().commit(
            tr("Move %n credential(s) to %1", nullptr, static_cast<int>(keys.size())).arg(consumer),
            std::move(edits));
}

void ConsumersPage::loadSample()
{
    auto edits = readSample(QStringLiteral(":/postern/samples/petstore.yaml"));
    if (edits)
        workspace().commit(tr("Load the sample \"petstore\""), std::move(*edits));
    else
        shell().notices().show(Notices::Kind::Error, toText(describe(edits.error())));
}

bool ConsumersPage::takeMime(const QMimeData &mime)
{
    bool taken = false;
    for (const QUrl &url : mime.urls()) {
        if (!url.isLocalFile() || !isConfiguration(url.toLocalFile()))
            continue;
        import(url.toLocalFile());
        taken = true;
    }
    return taken;
}

void ConsumersPage::import(const QString &path)
{
    shell().session().ask(
        this, [path](gateway::AdminAccess &) { return readImport(path); },
        [this](const Result<ImportPreview> &read) {
            if (read)
                preview(*read);
            else
                shell().notices().show(Notices::Kind::Warning, toText(read.error().detail),
                                       toText(read.error().where));
        });
}

void ConsumersPage::preview(const ImportPreview &file)
{
    auto *dialog = new ImportDialog(file, workspace(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, file] { workspace().commit(tr("Import %1").arg(file.name), file.edits); });
    dialog->open();
    // what the gateway would refuse is told before, not after
    std::vector<gateway::ObjectChange> changes;
    changes.reserve(file.edits.size());
    for (const Edit &edit : file.edits)
        changes.push_back({edit.key, edit.value.value_or(Json()), 0});
    shell().session().ask(
        dialog,
        [changes = std::move(changes)](gateway::AdminAccess &admin) {
            return admin.apply(changes, true);
        },
        [dialog](const Result<gateway::ApplyOutcome> &outcome) {
            QStringList refusals;
            for (const gateway::ObjectRefusal &refusal :
                 outcome ? outcome->refusals : std::vector<gateway::ObjectRefusal>())
                refusals << tr("%1 would be refused: %2")
                                .arg(toText(refusal.key), toText(refusal.message));
            dialog->setChecked(refusals); // who cannot check says so when it is written
        });
}

std::vector<std::string> ConsumersPage::selectedConsumers() const
{
    std::vector<std::string> keys;
    for (const QModelIndex &index : selected()) {
        std::string key = consumerKey(consumerOf(m_model->keyOf(index)));
        if (!std::ranges::contains(keys, key))
            keys.push_back(std::move(key));
    }
    std::ranges::sort(keys);
    return keys;
}

void ConsumersPage::refreshReasons()
{
    const QString locked = shell().isLocked() ? tr("Secrets are locked.") : QString();
    const QString none =
        selected().empty() ? tr("Select one or several consumers first.") : QString();
    const auto set = [this](const QString &id, const QString &reason) {
        shell().commands().setReason(id, reason);
    };
    set(QStringLiteral("consumer.labels"), locked.isEmpty() ? none : locked);
    set(QStringLiteral("consumer.export"), none);
    for (const char *const id :
         {"consumer.new", "consumer.rotate", "consumer.sample", "consumer.import"})
        set(QLatin1String(id), locked);
    for (const LoginKind &kind : loginKinds())
        set(QStringLiteral("consumer.add-") + toText(kind.plugin), locked);
    m_new->setEnabled(locked.isEmpty());
    m_new->setToolTip(locked);
    m_none->setEnabled(locked.isEmpty());
}

void ConsumersPage::labelSelected()
{
    const std::vector<std::string> keys = selectedConsumers();
    if (keys.empty())
        return;
    auto *dialog = new LabelsDialog(workspace(), keys, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, keys] {
        std::vector<Edit> edits = relabelled(workspace(), keys, dialog->change());
        const auto number = static_cast<int>(edits.size());
        if (number > 0)
            workspace().stage(tr("Label %n consumer(s)", nullptr, number), std::move(edits));
    });
    dialog->open();
}

void ConsumersPage::exportSelected()
{
    const std::vector<std::string> keys = selectedConsumers();
    if (keys.empty())
        return;
    auto *dialog = new ExportDialog(shell(), keys, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void ConsumersPage::showMenu(const QPoint &position)
{
    const QModelIndex shown = m_tree->indexAt(position);
    if (!shown.isValid())
        return;
    auto *menu = new QMenu(m_tree);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const char *const command :
         {"edit.copy", "edit.copyName", "edit.copyAs", "token.mint", "edit.rename",
          "edit.duplicate", "consumer.labels", "consumer.export", "edit.delete"}) {
        if (QAction *const action = shell().commands().action(QLatin1String(command)))
            menu->addAction(action);
    }
    const QString text = shown.data().toString();
    const QString field = shown.column() == ConsumersModel::Labels ? QStringLiteral("label")
        : shown.column() == ConsumersModel::Name                   ? QStringLiteral("name")
                                                                   : QString();
    if (!text.isEmpty() && shown.column() <= ConsumersModel::Labels) {
        menu->addSeparator();
        menu->addAction(tr("Filter by this"), this,
                        [this, field, text] { m_filter->addTerm(field, text); });
        menu->addAction(tr("Exclude this"), this,
                        [this, field, text] { m_filter->addTerm(field, text, true); });
    }
    menu->popup(m_tree->viewport()->mapToGlobal(position));
}

} // namespace postern::gui
