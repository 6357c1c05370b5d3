// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/preview_dialog.h"

#include "gui/text/line_diff.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/json_editor.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTextBlock>
#include <QVBoxLayout>

namespace postern::gui {

namespace {

QString lineOf(const AdminCall &call)
{
    return QStringLiteral("%1 %2").arg(toText(call.method), toText(call.path));
}

QString bodyOf(const AdminCall &call)
{
    return call.body.isNull() ? QString() : toText(call.body.dump(2));
}

} // namespace

PreviewDialog::PreviewDialog(Workspace &workspace, QWidget *parent)
    : QDialog(parent),
      m_workspace(workspace),
      m_calls(workspace.preview()),
      m_list(new QListWidget),
      m_body(new JsonEditor),
      m_diff(new QPlainTextEdit)
{
    setObjectName(QStringLiteral("preview"));
    setWindowTitle(tr("Changes as calls of the Admin API"));
    m_list->setObjectName(QStringLiteral("previewCalls"));
    m_list->setAccessibleName(tr("Calls, in the order they are sent"));
    m_list->setFont(Theme::monospace());
    m_body->setObjectName(QStringLiteral("previewBody"));
    m_body->setAccessibleName(tr("Body of the call"));
    m_body->setReadOnly(true);
    m_body->setPlaceholderText(tr("This call has no body."));
    m_diff->setObjectName(QStringLiteral("previewDiff"));
    m_diff->setAccessibleName(tr("What the call changes"));
    m_diff->setReadOnly(true);
    m_diff->setFont(Theme::monospace());
    m_diff->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_diff->setTabChangesFocus(true);
    for (const AdminCall &call : m_calls)
        m_list->addItem(lineOf(call));
    auto *tabs = new QTabWidget;
    tabs->setObjectName(QStringLiteral("previewTabs"));
    tabs->setAccessibleName(tr("Views of the call"));
    tabs->addTab(m_body, tr("&Body"));
    tabs->addTab(m_diff, tr("&Difference"));
    auto *split = new QSplitter(Qt::Vertical);
    split->addWidget(m_list);
    split->addWidget(tabs);
    split->setStretchFactor(1, 1);
    split->setSizes({fontMetrics().height() * 7, fontMetrics().height() * 20});
    auto *buttons = new QDialogButtonBox;
    QPushButton *save = buttons->addButton(tr("&Save now"), QDialogButtonBox::AcceptRole);
    save->setObjectName(QStringLiteral("previewSave"));
    QPushButton *copy = buttons->addButton(tr("&Copy all"), QDialogButtonBox::ActionRole);
    copy->setObjectName(QStringLiteral("previewCopy"));
    buttons->addButton(QDialogButtonBox::Close);
    auto *column = new QVBoxLayout(this);
    auto *count = new QLabel(tr("%n call(s) to /apisix/admin, all or none of them.", nullptr,
                                static_cast<int>(m_calls.size())));
    count->setObjectName(QStringLiteral("previewCount"));
    column->addWidget(count);
    column->addWidget(split, 1);
    column->addWidget(buttons);
    connect(m_list, &QListWidget::currentRowChanged, this, &PreviewDialog::showCall);
    connect(copy, &QPushButton::clicked, this, &PreviewDialog::copyAll);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        m_workspace.save();
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(fontMetrics().averageCharWidth() * 110, fontMetrics().height() * 34);
    if (!m_calls.empty())
        m_list->setCurrentRow(0);
    m_list->setFocus();
}

void PreviewDialog::showCall(int row)
{
    if (row < 0)
        return;
    const AdminCall &call = m_calls.at(static_cast<std::size_t>(row));
    const Json *stored = m_workspace.stored(call.path);
    const QString before = stored ? toText(stored->dump(2)) : QString();
    m_body->setText(bodyOf(call));
    showDiff(before, bodyOf(call));
}

void PreviewDialog::showDiff(const QString &before, const QString &after)
{
    QStringList lines;
    QList<QTextEdit::ExtraSelection> marks;
    const std::vector<DiffLine> diff = diffLines(before, after);
    for (const DiffLine &line : diff) {
        const bool removed = line.kind == DiffLine::Kind::Removed;
        const bool added = line.kind == DiffLine::Kind::Added;
        lines.append(QLatin1String(removed ? "- " : added ? "+ " : "  ") + line.text);
    }
    m_diff->setPlainText(lines.join(QLatin1Char('\n')));
    for (QTextBlock block = m_diff->document()->begin(); block.isValid(); block = block.next()) {
        const bool removed = block.text().startsWith(QLatin1Char('-'));
        if (!removed && !block.text().startsWith(QLatin1Char('+')))
            continue;
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(block);
        mark.cursor.select(QTextCursor::LineUnderCursor);
        mark.format.setForeground(Theme::instance().color(removed ? Role::Denied : Role::Allowed));
        marks.append(mark);
    }
    m_diff->setExtraSelections(marks);
}

void PreviewDialog::copyAll() const
{
    QStringList calls;
    for (const AdminCall &call : m_calls) {
        calls.append(lineOf(call));
        if (!call.body.isNull())
            calls.append(bodyOf(call));
        calls.append(QString());
    }
    QGuiApplication::clipboard()->setText(calls.join(QLatin1Char('\n')));
}

} // namespace postern::gui
