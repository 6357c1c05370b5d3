// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/document.h"

#include "core/bytes/encoding.h"
#include "core/jose/jws.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <QUndoCommand>

#include <cstdlib>
#include <utility>

namespace postern::gui {

namespace {

constexpr std::size_t kAtOnceBytes = 4096; // a token this small is judged within the keystroke
constexpr std::size_t kAtOnceKeys = 64;
constexpr int kUndoLimit = 100;
constexpr std::string_view kFirstHeader = R"({"alg":"HS256","typ":"JWT"})";

/// Runs `done(result of work)` in the main thread, unless `context` is gone by then.
template <class Work, class Done> void inPool(TokenDocument *context, Work work, Done done)
{
    QThreadPool::globalInstance()->start([guard = QPointer<TokenDocument>(context),
                                          work = std::move(work),
                                          done = std::move(done)]() mutable {
        auto result = std::make_shared<decltype(work())>(work());
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [guard, result, done = std::move(done)]() mutable {
                if (guard)
                    done(*guard, std::move(*result));
            },
            Qt::QueuedConnection);
    });
}

/// A token's text with one part replaced; missing parts are added.
std::string withPart(const TokenView &view, std::size_t index, std::string_view octets)
{
    const std::string encoded = encodeBase64Url(octets);
    if (view.parts.size() > index && view.parts.size() > 1) {
        std::string text = view.text;
        const TokenPart &part = view.parts[index];
        return text.replace(part.begin, part.size, encoded);
    }
    const std::string header = index == 0 ? encoded
        : view.parts.empty() || view.parts.front().size == 0
        ? encodeBase64Url(kFirstHeader)
        : view.text.substr(view.parts.front().begin, view.parts.front().size);
    return header + '.' + (index == 1 ? encoded : std::string()) + '.';
}

Result<std::string> signedAnew(const TokenView &view, const TokenSigner &signer)
{
    return signJws(view.headerText(), view.payloadText(), signer.alg, signer.key, true);
}

} // namespace

/// One change of the text. Typing in one place is one step.
class TokenDocument::TextStep : public QUndoCommand
{
public:
    TextStep(TokenDocument &document, std::string after, TokenSource source, bool newlySigned)
        : m_document(document),
          m_before(document.text()),
          m_after(std::move(after)),
          m_oldSource(document.source()),
          m_source(source),
          m_wasNew(document.isNewlySigned()),
          m_isNew(newlySigned)
    {
        setText(tr("edit token"));
    }
    [[nodiscard]] int id() const override { return static_cast<int>(m_source); }
    void redo() override { m_document.apply(m_after, m_source, m_isNew); }
    void undo() override { m_document.apply(m_before, m_oldSource, m_wasNew); }
    bool mergeWith(const QUndoCommand *next) override
    {
        const auto &other = static_cast<const TextStep &>(*next);
        const bool typing = m_source == TokenSource::Typed || m_source == TokenSource::Edited
            || m_source == TokenSource::Minted;
        const auto growth = static_cast<std::ptrdiff_t>(other.m_after.size())
            - static_cast<std::ptrdiff_t>(m_after.size());
        if (!typing || other.m_source != m_source || std::abs(growth) > 2)
            return false;
        m_after = other.m_after;
        m_isNew = other.m_isNew;
        return true;
    }

private:
    TokenDocument &m_document;
    std::string m_before, m_after;
    TokenSource m_oldSource, m_source;
    bool m_wasNew, m_isNew;
};

TokenDocument::TokenDocument(QObject *parent)
    : QObject(parent),
      m_ring(std::make_shared<const KeyRing>()),
      m_sessionTime(Clock().now())
{
    m_stack.setUndoLimit(kUndoLimit);
}

TokenDocument::~TokenDocument() = default;

bool TokenDocument::canEditParts() const noexcept
{
    return m_view.text.empty() || m_view.shape == TokenShape::Jws
        || (m_view.shape == TokenShape::Partial && m_view.parts.size() <= 3 && !m_view.isSdJwt);
}

void TokenDocument::setText(std::string text, TokenSource source)
{
    if (text != m_view.text)
        push(std::move(text), source, false);
}

void TokenDocument::push(std::string text, TokenSource source, bool newlySigned)
{
    m_stack.push(new TextStep(*this, std::move(text), source, newlySigned));
}

void TokenDocument::apply(const std::string &text, TokenSource source, bool newlySigned)
{
    m_view = viewToken(text);
    m_source = source;
    m_newlySigned = newlySigned;
    Q_EMIT textChanged();
    judgeSoon();
}

void TokenDocument::editPart(std::size_t index, const std::string &octets)
{
    if (!canEditParts() || (m_view.parts.size() > index && m_view.parts[index].octets == octets))
        return;
    // The key belongs to the token as it was: an edit of the key claim does not lose it.
    const Result<TokenSigner> before = signer();
    std::string text = withPart(m_view, index, octets);
    const TokenView edited = viewToken(text);
    const TokenQuestion asked = question();
    const Result<TokenSigner> after = signerFor(asked, edited.header, edited.payload);
    const Result<TokenSigner> &used = after ? after : before;
    const bool signable = edited.header.isObject() && used
        && edited.header.stringOr("alg", "") == info(used->alg).name;
    if (signable) {
        if (Result<std::string> token = signedAnew(edited, *used))
            return push(std::move(*token), TokenSource::Edited, true);
    }
    push(std::move(text), TokenSource::Edited, false);
}

Result<TokenSigner> TokenDocument::signer() const
{
    return signerFor(question(), m_view.header, m_view.payload);
}

Result<void> TokenDocument::resign()
{
    const Result<TokenSigner> with = signer();
    if (!with)
        return std::unexpected(with.error());
    Result<std::string> token = signedAnew(m_view, *with);
    if (!token)
        return std::unexpected(token.error());
    if (*token != m_view.text)
        push(std::move(*token), TokenSource::Resigned, true);
    return {};
}

void TokenDocument::applyFix(const LintFix &fix)
{
    if (m_view.shape != TokenShape::Jws)
        return;
    // The key is the one that signs the token as it will be, as it is, or that it was judged by.
    TokenQuestion asked = question();
    Result<TokenSigner> with = signerFor(asked, fix.header, fix.payload);
    if (!with)
        with = signerFor(asked, fix.header, m_view.payload);
    if (!with && !m_answer.consumer.empty()) {
        asked.choice.kind = KeyChoice::Kind::Credential;
        asked.choice.consumer = m_answer.consumer;
        asked.choice.credential = m_answer.credential;
        with = signerFor(asked, fix.header, fix.payload);
    }
    const auto octets = [](const Json &now, const Json &before, std::string_view text) {
        return now == before ? std::string(text) : now.dump();
    };
    const std::string header = octets(fix.header, m_view.header, m_view.headerText());
    const std::string payload = octets(fix.payload, m_view.payload, m_view.payloadText());
    if (with) {
        if (Result<std::string> token = signJws(header, payload, with->alg, with->key, true))
            return push(std::move(*token), TokenSource::Resigned, true);
    }
    push(encodeBase64Url(header) + '.' + encodeBase64Url(payload)
             + m_view.text.substr(m_view.text.rfind('.')),
         TokenSource::Edited, false);
}

void TokenDocument::setKeyChoice(KeyChoice choice)
{
    m_choice = std::move(choice);
    Q_EMIT keyChanged();
    judgeSoon();
}

void TokenDocument::setRing(std::shared_ptr<const KeyRing> ring)
{
    m_ring = std::move(ring);
    Q_EMIT keyChanged();
    judgeSoon();
}

void TokenDocument::setProfile(const std::string &profile)
{
    const TokenProfile *const known = findProfile(profile);
    m_profile = known ? std::string(known->name) : std::string("strict");
    judgeSoon();
}

void TokenDocument::setSessionTime(Timestamp now)
{
    m_sessionTime = now;
    if (m_clock)
        return;
    Q_EMIT clockChanged();
    judgeSoon(true);
}

void TokenDocument::setClock(std::optional<Timestamp> at)
{
    m_clock = at;
    Q_EMIT clockChanged();
    judgeSoon();
}

TokenQuestion TokenDocument::question() const
{
    return {m_view.text, m_choice, m_ring, now(), m_profile};
}

void TokenDocument::judgeSoon(bool quietly)
{
    ++m_generation;
    if (m_view.text.size() <= kAtOnceBytes && m_ring->credentials().size() <= kAtOnceKeys)
        return take(m_generation, judge(question()));
    if (!quietly) {
        m_answer.state = TokenState::Pending;
        Q_EMIT answerChanged();
    }
    if (!m_judging)
        judgeInPool();
}

void TokenDocument::judgeInPool()
{
    m_judging = true;
    inPool(
        this, [asked = question()] { return judge(asked); },
        [generation = m_generation](TokenDocument &self, TokenAnswer answer) {
            self.m_judging = false;
            if (generation == self.m_generation)
                self.take(generation, std::move(answer));
            else
                self.judgeInPool(); // only the newest question is worth the work
        });
}

void TokenDocument::take(std::uint64_t generation, TokenAnswer answer)
{
    if (generation != m_generation)
        return;
    m_answer = std::move(answer);
    if (m_answer.state == TokenState::NoKey && m_source == TokenSource::Edited)
        m_answer.state = TokenState::Changed;
    Q_EMIT answerChanged();
}

void TokenDocument::findOutWhy()
{
    if (m_searching)
        return;
    m_searching = true;
    inPool(
        this, [asked = question()] { return findMisfit(asked); },
        [text = m_view.text](TokenDocument &self, const Misfit &misfit) {
            self.m_searching = false;
            if (text == self.m_view.text)
                Q_EMIT self.whyFound(misfit);
        });
}

void TokenDocument::forget()
{
    m_stack.clear();
    m_choice = {};
    m_ring = std::make_shared<const KeyRing>();
    apply({}, TokenSource::Typed, false);
    Q_EMIT keyChanged();
}

} // namespace postern::gui
