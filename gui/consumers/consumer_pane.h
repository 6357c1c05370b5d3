// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/session/workspace.h"

#include <QWidget>

#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QTabWidget;
class QVBoxLayout;

namespace postern::gui {

class CredentialCard;
class EmptyState;
class JsonEditor;
class LabelChips;
class ObjectLint;
class Shell;

/// The selected consumer: details, credentials, plugins, JSON. Form and JSON are two views of one
/// value; edits are staged.
class ConsumerPane : public QWidget
{
    Q_OBJECT
public:
    enum Tab { Details, Credentials, Plugins, JsonTab };

    ConsumerPane(Shell &shell, ObjectLint &lint, QWidget *parent = nullptr);

    /// \param object the consumer, or one of its credentials
    /// \param plugin of a login
    void show(const std::string &object, const std::string &plugin);
    [[nodiscard]] const std::string &consumer() const noexcept { return m_consumer; }
    [[nodiscard]] const std::string &object() const noexcept { return m_object; }
    void refresh();
    void editName(); ///< the name field has the focus, its text selected
    void setTab(Tab tab);
    /// The card of the selected login, else the only one; nullptr: none or several.
    [[nodiscard]] CredentialCard *currentCard() const;
    void addCredential(const std::string &plugin);
    void generate();
    void setRevealed(bool revealed);
    void setLocked(bool locked);
    void zoom(int steps);

Q_SIGNALS:
    /// The consumer gets another name while it is typed.
    void renaming(const std::string &from, const std::string &to);
    void selectWanted(const std::string &key);
    void removeWanted(const std::string &key, const std::string &plugin);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] QWidget *makeHeader();
    [[nodiscard]] QWidget *makeDetails();
    [[nodiscard]] QWidget *makeCredentials();
    [[nodiscard]] QWidget *makeJson(JsonEditor *editor, QLabel *title, const QString &name);
    void typeName(const QString &text);
    void typeDescription(const QString &text);
    void editLabels();
    void removeLabel(const QString &label);
    void typeJson();
    void typePlugins();
    void discard();
    [[nodiscard]] QString jsonFault() const; ///< of what is typed; empty: none
    void refreshDetails(const Json &value);
    void refreshName();
    void refreshTitle();
    [[nodiscard]] bool isNameHidden() const; ///< its field holds a mask
    [[nodiscard]] QString typedName() const; ///< what the field stands for
    void refreshCards();
    void refreshJson();
    void refreshApply();
    void stageTyping(const QString &text, const std::string &key, Json value, int field);
    [[nodiscard]] QString nameFault(const QString &name) const;
    [[nodiscard]] Workspace &workspace() const;

    Shell &m_shell;
    ObjectLint &m_lint;
    std::string m_consumer, m_object, m_plugin;
    int m_editing = 1; ///< typing elsewhere is another step
    bool m_revealed = false, m_locked = false, m_nameHidden = false;
    bool m_typing = false; ///< as it is in the editor that has the focus, it was typed
    QLabel *m_title, *m_nameFault, *m_times, *m_applyHint, *m_jsonTitle, *m_pluginsTitle;
    QPushButton *m_apply, *m_discard, *m_mint;
    QLineEdit *m_name, *m_description;
    LabelChips *m_labels;
    QTabWidget *m_tabs;
    QScrollArea *m_scroll = nullptr;
    QVBoxLayout *m_cardColumn = nullptr;
    EmptyState *m_noCredential = nullptr;
    std::vector<CredentialCard *> m_cards;
    JsonEditor *m_json, *m_plugins;
};

} // namespace postern::gui
