// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/jose/token_variants.h"
#include "gui/shell/page.h"
#include "gui/tokens/mint_panel.h"

#include <QStringList>

#include <memory>
#include <optional>
#include <string>

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QMenu;
class QPushButton;
class QTabWidget;
class QTableView;
class QTimer;
class QVBoxLayout;

namespace postern::gui {

class ChecksModel;
class ClaimsModel;
class ClockSlider;
class CompareView;
class KeyPanel;
class OctetEdit;
class TokenDocument;
class TokenHistory;
class VerdictBar;

/// Mint and debug tokens: two starting points of one document. Nothing on this page is sent: it
/// has no network object.
class TokensPage : public Page
{
    Q_OBJECT
public:
    explicit TokensPage(Shell &shell, QWidget *parent = nullptr);
    ~TokensPage() override;

    [[nodiscard]] QString id() const override { return QStringLiteral("tokens"); }
    [[nodiscard]] QString title() const override { return tr("Tokens"); }

    /// Starts minting for a consumer. \param credential empty: the consumer's first jwt-auth one
    void mintFor(const std::string &consumer, const std::string &credential) override;
    /// Shows a token. \param at the instant it is judged at; none: the session's clock
    void debugToken(const std::string &token, std::optional<Timestamp> at) override;
    [[nodiscard]] TokenDocument &document() const noexcept { return *m_document; }

    void addCommands(Commands &commands) override;
    void takeFocus() override;
    void createNew() override;
    void focusFilter() override;
    void mainAction() override;
    void copyMain() override;
    void copyAs() override;
    void mint() override;
    void revealSecrets(bool shown) override;
    void zoom(int steps) override;
    bool takeMime(const QMimeData &mime) override;
    void setLocked(bool locked) override;

private:
    enum Tab : std::uint8_t { ChecksTab, ClaimsTab, RemarksTab, MintTab, CompareTab, HistoryTab };
    enum class CopyForm : std::uint8_t { Token, HeaderLine, Curl, Environment, Command };

    void build();
    void nameParts();
    void connectDocument();
    void connectSession();
    [[nodiscard]] QWidget *encodedSide();
    [[nodiscard]] QWidget *decodedSide();
    [[nodiscard]] QWidget *clockRow();
    [[nodiscard]] QWidget *tabs();
    [[nodiscard]] QWidget *remarksTab();
    [[nodiscard]] QTableView *table(const QString &name, const QString &title);
    [[nodiscard]] QWidget *toolRow();
    [[nodiscard]] QMenu *copyMenu();

    void showText();
    void showParts();
    void showPart(OctetEdit &edit, std::string_view octets, const Json &json);
    void showFault();
    void showSizes();
    void showSignature();
    void showAnswer();
    void showLint();
    void showFix();
    void applyFix();
    void showClock();
    void takeTime();
    void editPart(OctetEdit &edit, bool header);
    void paste(const std::string &text);
    void noteInHistory();
    void refreshKeys();
    void refreshUrl();
    void fillBreakMenu();
    void showVariant(const TokenVariant &variant);
    void copy(CopyForm form);
    void openHistory(int row);
    void cycleTimes();

    TokenDocument *m_document;
    ChecksModel *m_checks;
    ClaimsModel *m_claims;
    TokenHistory *m_history;
    OctetEdit *m_encoded, *m_header, *m_payload;
    QLabel *m_size, *m_fault, *m_signature;
    QLineEdit *m_time;
    QCheckBox *m_pretty;
    KeyPanel *m_keys;
    VerdictBar *m_verdict;
    ClockSlider *m_slider;
    QPushButton *m_now;
    QTabWidget *m_tabs;
    QListWidget *m_lint;
    QStringList m_lintTexts;
    QPushButton *m_fix;
    MintPanel *m_mint;
    CompareView *m_compare;
    QMenu *m_break;
    QTimer *m_tick, *m_quiet, *m_ringTimer;
};

} // namespace postern::gui
