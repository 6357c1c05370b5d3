// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/control/client.h"
#include "gateway/request/web_request.h"

#include <QDialog>

#include <map>
#include <optional>
#include <string>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace postern::gui {

class Shell;

/// Writes a request and sends it, as a consumer if wanted. Secrets in headers stay dots until they
/// are revealed; untouched dots are sent as what they stand for.
class Composer : public QDialog
{
    Q_OBJECT
public:
    explicit Composer(Shell &shell, QWidget *parent = nullptr);

    /// \param repeatOf number of the request this comes from; 0: none
    void edit(const gateway::WebRequest &request, quint64 repeatOf);
    void paste(const std::string &curl); ///< says what is wrong with it, if anything
    void showAnswer(const Result<gateway::ClientResponse> &answer);
    void setRevealed(bool revealed);
    /// \return the request as written, or what is wrong with it
    [[nodiscard]] Result<gateway::WebRequest> request() const;

Q_SIGNALS:
    /// \param consumer whose login is added; empty: nobody's
    void sendWanted(const postern::gateway::WebRequest &request, const QString &consumer,
                    quint64 repeatOf);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    void fillConsumers();
    void send();
    void copyAs(int kind);
    void showHeaders(const gateway::WebRequest::Headers &headers);
    void say(const QString &text, bool wrong);

    Shell &m_shell;
    QComboBox *m_method, *m_consumer;
    QLineEdit *m_url;
    QPlainTextEdit *m_headers, *m_body, *m_answer;
    QLabel *m_status;
    QPushButton *m_send;
    QToolButton *m_copy;
    std::map<std::string, std::string, std::less<>> m_hidden; ///< by header, lower case
    quint64 m_repeatOf = 0;
    bool m_insecure = false, m_revealed = false;
    bool m_wrong = false; ///< what was said last
};

} // namespace postern::gui
