// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include <string>
#include <utility>
#include <vector>

class QLineEdit;
class QToolButton;

namespace postern::gui {

class FlowLayout;

/// Labels as chips "team=platform". Enter or a click on one edits it in place; Enter accepts, Esc
/// brings the old text back, an empty text takes the label away, as Del and the cross of a chip do.
class LabelChips : public QWidget
{
    Q_OBJECT
public:
    using Labels = std::vector<std::pair<std::string, std::string>>;

    explicit LabelChips(QWidget *parent = nullptr);
    void setLabels(const Labels &labels); ///< not while one is edited
    [[nodiscard]] const Labels &labels() const noexcept { return m_labels; }
    [[nodiscard]] bool isEditing() const noexcept { return m_edit != nullptr; }

Q_SIGNALS:
    void edited(); ///< labels() are others now
    void removed(const QString &label); ///< and by a step of its own

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void rebuild();
    [[nodiscard]] QWidget *makeChip(std::size_t index);
    void remove(std::size_t index);
    void edit(std::size_t index); ///< the number of labels: a new one
    void type(const QString &text);
    void finish(bool accepted);

    FlowLayout *m_layout;
    Labels m_labels, m_before;
    QLineEdit *m_edit = nullptr;
    std::size_t m_index = 0;
};

} // namespace postern::gui
