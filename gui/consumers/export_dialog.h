// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/convert/config_export.h"

#include <QDialog>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QComboBox;
class QFormLayout;
class QLabel;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QRadioButton;

namespace postern::gui {

class Shell;

/// The configuration, or some consumers, as a file or on the clipboard. How secrets are written has
/// to be chosen first. Many objects are prepared off the main thread.
class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    /// \param selected keys of consumers: these are offered first; empty: everything is
    ExportDialog(Shell &shell, std::vector<std::string> selected, QWidget *parent = nullptr);

private:
    enum class Scope : std::uint8_t { Everything, Consumers, Selected };
    /// What a choice leads to.
    struct Prepared
    {
        gateway::ExportedConfig config;
        QString shown; ///< its text, secrets masked
    };

    void buildChoices(QFormLayout *form);
    void buildPreview();
    void buildButtons();
    /// \param leftOut what is not in the file, as far as it is known
    void count(const std::vector<gateway::NotExported> &leftOut = {}); ///< another scope
    void refresh(); ///< prepares the file of the choices anew
    void take(Prepared prepared);
    void copy();
    void chooseFile();
    void save(const QString &path);
    [[nodiscard]] Scope scope() const;
    [[nodiscard]] std::optional<gateway::SecretForm> form() const; ///< nullopt: not chosen yet
    [[nodiscard]] gateway::ExportFormat format() const;
    [[nodiscard]] std::vector<gateway::ObjectChange> objects() const;

    Shell &m_shell;
    std::vector<std::string> m_selected;
    std::optional<Prepared> m_prepared; ///< nullopt: nothing chosen, or on its way
    int m_asked = 0;
    QComboBox *m_scope, *m_format;
    QRadioButton *m_references, *m_values;
    QLabel *m_count, *m_hint, *m_leftOutLabel;
    QListWidget *m_leftOut;
    QPlainTextEdit *m_preview;
    QPushButton *m_save, *m_copy;
};

} // namespace postern::gui
