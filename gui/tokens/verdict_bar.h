// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace postern {
struct Misfit;
}

namespace postern::gui {

class TokenDocument;

/// The verdict in one line, with its question (which key, which clock), and what to do about it.
class VerdictBar : public QFrame
{
    Q_OBJECT
public:
    explicit VerdictBar(TokenDocument &document, QWidget *parent = nullptr);

    void resign();
    void findOutWhy();

private:
    void build();
    void update();
    void showWhy(const Misfit &misfit);
    [[nodiscard]] QString detail() const;
    [[nodiscard]] QString question() const;

    TokenDocument &m_document;
    QLabel *m_icon, *m_sentence, *m_detail, *m_question, *m_why;
    QPushButton *m_resign, *m_find;
    QString m_announced;
};

} // namespace postern::gui
