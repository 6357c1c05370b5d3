// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/token_view.h"
#include "gui/tokens/judge.h"

#include <QObject>
#include <QUndoStack>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace postern::gui {

/// Where a token came from.
enum class TokenSource : std::uint8_t {
    Pasted,
    Typed,
    Edited, ///< its header or payload
    Resigned,
    Minted,
    Traffic,
    Varied ///< deliberately broken
};

/// One token under the reader's hands: its text (the only truth), what it says, the key and the
/// time it is judged with, and the verdict. Reading changes nothing; every change can be undone.
/// Main thread; long work is done in the thread pool and only its newest result counts.
class TokenDocument : public QObject
{
    Q_OBJECT
public:
    explicit TokenDocument(QObject *parent = nullptr);
    ~TokenDocument() override;

    [[nodiscard]] const std::string &text() const noexcept { return m_view.text; }
    [[nodiscard]] const TokenView &view() const noexcept { return m_view; }
    [[nodiscard]] TokenSource source() const noexcept { return m_source; }
    [[nodiscard]] bool isNewlySigned() const noexcept { return m_newlySigned; }
    /// Whether header and payload can be edited: they are whole, or there is no token yet.
    [[nodiscard]] bool canEditParts() const noexcept;

    void setText(std::string text, TokenSource source);
    /// Replaces one part and, where a key can, signs anew with the key that belonged to the token
    /// before.
    void setHeaderText(const std::string &octets) { editPart(0, octets); }
    void setPayloadText(const std::string &octets) { editPart(1, octets); }
    /// Signs header and payload as they stand.
    Result<void> resign();
    /// Changes header and payload as the fix says, and signs anew where a key can.
    void applyFix(const LintFix &fix);
    /// Who would sign; why nobody can.
    [[nodiscard]] Result<TokenSigner> signer() const;

    void setKeyChoice(KeyChoice choice);
    [[nodiscard]] const KeyChoice &keyChoice() const noexcept { return m_choice; }
    void setRing(std::shared_ptr<const KeyRing> ring);
    [[nodiscard]] const KeyRing &ring() const noexcept { return *m_ring; }
    /// Whose verdict is the headline: "apisix", "kong", "strict", also "apisix-3.18".
    void setProfile(const std::string &profile);

    /// The session's time, which counts unless the clock was set.
    void setSessionTime(Timestamp now);
    /// Freezes the document's clock; nullopt: the session's again.
    void setClock(std::optional<Timestamp> at);
    [[nodiscard]] bool isClockSet() const noexcept { return m_clock.has_value(); }
    [[nodiscard]] Timestamp now() const noexcept { return m_clock.value_or(m_sessionTime); }

    [[nodiscard]] const TokenAnswer &answer() const noexcept { return m_answer; }
    [[nodiscard]] TokenQuestion question() const;
    /// Starts the search for why the signature does not fit; whyFound() follows.
    void findOutWhy();
    [[nodiscard]] bool isSearching() const noexcept { return m_searching; }

    [[nodiscard]] QUndoStack *undoStack() noexcept { return &m_stack; }
    /// Forgets text, keys and history.
    void forget();

Q_SIGNALS:
    void textChanged();
    void answerChanged();
    void clockChanged();
    void keyChanged(); ///< another choice, or other keys to choose from
    void whyFound(const postern::Misfit &misfit);

private:
    class TextStep;
    void apply(const std::string &text, TokenSource source, bool newlySigned);
    void push(std::string text, TokenSource source, bool newlySigned);
    void editPart(std::size_t index, const std::string &octets);
    /// \param quietly the old answer stays until there is a new one
    void judgeSoon(bool quietly = false);
    void judgeInPool();
    void take(std::uint64_t generation, TokenAnswer answer);

    TokenView m_view;
    TokenSource m_source = TokenSource::Typed;
    bool m_newlySigned = false;
    KeyChoice m_choice;
    std::shared_ptr<const KeyRing> m_ring;
    std::string m_profile = "apisix";
    Timestamp m_sessionTime;
    std::optional<Timestamp> m_clock;
    TokenAnswer m_answer;
    std::uint64_t m_generation = 0;
    bool m_judging = false, m_searching = false;
    QUndoStack m_stack;
};

} // namespace postern::gui
