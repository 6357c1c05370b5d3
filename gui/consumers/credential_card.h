// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gui/models/logins.h"

#include <QFrame>

#include <string>
#include <vector>

class QFormLayout;
class QLabel;
class QVBoxLayout;

namespace postern::gui {

class ObjectLint;
class SecretField;
class Shell;

/// The form of one login: its fields by kind, what is to be said about it, and what can be done
/// with it. Edits are staged.
class CredentialCard : public QFrame
{
    Q_OBJECT
public:
    /// \param key of the object that holds the login
    CredentialCard(Shell &shell, ObjectLint &lint, std::string key, std::string plugin,
                   QWidget *parent = nullptr);

    [[nodiscard]] const std::string &key() const noexcept { return m_key; }
    [[nodiscard]] const std::string &plugin() const noexcept { return m_plugin; }
    void refresh(); ///< from the workspace and the lint
    void copySecret();
    void rotate();
    void setSecret(const QString &secret);
    void setKeyPair(const QString &privatePem, const QString &publicPem);
    void setRevealed(bool revealed);
    void setLocked(bool locked);
    void setCurrent(bool current); ///< the one that the list has selected
    void setMergeId(int id) { m_mergeId = id; } ///< of the first field

Q_SIGNALS:
    void goTo(const QString &key); ///< the other object that a finding is about
    void generateWanted();
    void removeWanted();

private:
    struct Row
    {
        const LoginField *field;
        QWidget *editor;
        QWidget *label;
    };
    void build();
    void addRow(const LoginField &field, int index);
    [[nodiscard]] QWidget *makeEditor(const LoginField &field, int index);
    void addButtons(QVBoxLayout *column);
    void showValue(const Row &row, const Json &config);
    void refreshFindings();
    void edit(const LoginField &field, int index, Json value);
    [[nodiscard]] const Json *object() const;

    Shell &m_shell;
    ObjectLint &m_lint;
    std::string m_key, m_plugin;
    QFormLayout *m_form;
    std::vector<Row> m_rows;
    std::vector<SecretField *> m_secrets; ///< of one kind each; at most one is shown
    QLabel *m_title;
    QVBoxLayout *m_findings;
    QString m_shownFindings;
    int m_mergeId = 0;
};

} // namespace postern::gui
