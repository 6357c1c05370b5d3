// SPDX-License-Identifier: Apache-2.0
// The parts of the access page and how they are joined.
#include "gui/access/matrix_view.h"
#include "gui/access/page.h"
#include "gui/models/access_filter_model.h"
#include "gui/models/access_model.h"
#include "gui/text/mnemonic.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/filter_edit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace postern::gui {
namespace {

std::optional<FilterEdit::Fault> parse(const QString &text, const std::vector<FilterField> &fields,
                                       Filter *out = nullptr)
{
    Result<Filter> filter = Filter::parse(text, fields);
    if (!filter)
        return FilterEdit::Fault{QString::fromStdString(filter.error().where).toLongLong(),
                                 toText(filter.error().detail)};
    if (out)
        *out = std::move(*filter);
    return std::nullopt;
}

FilterEdit *makeFilter(const QString &name, const QString &what,
                       const std::vector<FilterField> &fields)
{
    auto *edit = new FilterEdit;
    edit->setObjectName(name);
    edit->setAccessibleName(what);
    edit->setPlaceholderText(what);
    edit->setClearButtonEnabled(true);
    edit->setGrammar(fields, [&fields](const QString &text) { return parse(text, fields); });
    return edit;
}

QLabel *labelFor(const QString &text, QWidget *buddy)
{
    auto *label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

QPushButton *makeButton(const QString &name, const QString &text, const QString &tip)
{
    auto *button = new QPushButton(text);
    button->setObjectName(name);
    button->setAccessibleName(withoutMnemonic(text));
    button->setToolTip(tip);
    return button;
}

} // namespace

QWidget *AccessPage::makeTools()
{
    m_method = new QComboBox;
    m_method->setObjectName(QStringLiteral("method"));
    m_method->addItem(tr("Any", "method"), QString());
    for (const char *method : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
        m_method->addItem(QString::fromLatin1(method), QString::fromLatin1(method));
    m_method->setAccessibleName(tr("Method of the requests"));
    m_group = new QComboBox;
    m_group->setObjectName(QStringLiteral("group"));
    m_group->setAccessibleName(tr("Group consumers by label"));
    m_group->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_whatIf = new QCheckBox(tr("&With staged changes"));
    m_whatIf->setObjectName(QStringLiteral("whatIf"));
    m_whatIf->setChecked(true);
    m_onlyFlipped = new QCheckBox(tr("&Only what changes"));
    m_onlyFlipped->setObjectName(QStringLiteral("onlyFlipped"));
    m_consumerFilter = makeFilter(QStringLiteral("consumerFilter"), tr("Filter consumers"),
                                  AccessFilterModel::consumerFields());
    m_routeFilter = makeFilter(QStringLiteral("routeFilter"), tr("Filter routes"),
                               AccessFilterModel::routeFields());
    m_sendAll =
        makeButton(QStringLiteral("sendAll"), tr("Send &all for real"),
                   tr("Sends a request for every cell shown and marks answers that differ"));
    auto *save = makeButton(QStringLiteral("export"), tr("E&xport…"),
                            tr("Saves the matrix as CSV or Markdown"));

    auto *first = new QHBoxLayout;
    first->addWidget(labelFor(tr("&Method"), m_method));
    first->addWidget(m_method);
    first->addSpacing(12);
    first->addWidget(labelFor(tr("&Group by label"), m_group));
    first->addWidget(m_group);
    first->addStretch();
    first->addWidget(m_sendAll);
    first->addWidget(save);
    auto *second = new QHBoxLayout;
    second->addWidget(m_consumerFilter, 1);
    second->addWidget(m_routeFilter, 1);
    second->addSpacing(12);
    second->addWidget(m_whatIf);
    second->addWidget(m_onlyFlipped);
    auto *tools = new QWidget;
    auto *column = new QVBoxLayout(tools);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(first);
    column->addLayout(second);

    connect(m_method, &QComboBox::currentIndexChanged, this,
            [this] { m_model->setMethod(m_method->currentData().toString()); });
    connect(m_group, &QComboBox::currentIndexChanged, this,
            [this] { m_shown->setGroupLabel(m_group->currentData().toString()); });
    connect(m_whatIf, &QCheckBox::toggled, m_model, &AccessModel::setStaged);
    connect(m_onlyFlipped, &QCheckBox::toggled, m_shown, &AccessFilterModel::setOnlyFlipped);
    connect(m_consumerFilter, &FilterEdit::filterChanged, this, [this](const QString &text) {
        Filter filter;
        if (!parse(text, AccessFilterModel::consumerFields(), &filter))
            m_shown->setConsumerFilter(std::move(filter));
    });
    connect(m_routeFilter, &FilterEdit::filterChanged, this, [this](const QString &text) {
        Filter filter;
        if (!parse(text, AccessFilterModel::routeFields(), &filter))
            m_shown->setRouteFilter(std::move(filter));
    });
    for (FilterEdit *edit : {m_consumerFilter, m_routeFilter})
        connect(edit, &FilterEdit::left, m_view, qOverload<>(&QWidget::setFocus));
    connect(m_sendAll, &QPushButton::clicked, this, &AccessPage::sendAll);
    connect(save, &QPushButton::clicked, this, &AccessPage::chooseExport);
    return tools;
}

QWidget *AccessPage::makeDetails()
{
    m_heading = new QLabel;
    m_heading->setObjectName(QStringLiteral("cellHeading"));
    QFont bold = m_heading->font();
    bold.setBold(true);
    m_heading->setFont(bold);
    m_summary = new QLabel;
    m_summary->setObjectName(QStringLiteral("cellSummary"));
    m_summary->setWordWrap(true);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("cellText"));
    m_text->setAccessibleName(tr("Why the cell is as it is"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(Theme::monospace());
    m_text->setPlaceholderText(tr("Select a cell to see why it is as it is."));
    m_flips = new QLabel;
    m_flips->setObjectName(QStringLiteral("flips"));
    m_flips->setWordWrap(true);
    m_flips->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_send = makeButton(QStringLiteral("sendCell"), tr("&Send it for real"),
                        tr("Sends this request to the running gateway (Ctrl+Enter)"));
    m_toggle = makeButton(QStringLiteral("toggleRule"), tr("&Turn around"),
                          tr("Stages the edit that lets in or keeps out (T)"));
    m_open = makeButton(QStringLiteral("openRoute"), tr("Open &route"), tr("Shows the route"));

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_send);
    buttons->addWidget(m_toggle);
    buttons->addWidget(m_open);
    buttons->addStretch();
    auto *details = new QWidget;
    auto *column = new QVBoxLayout(details);
    column->setContentsMargins(0, 6, 0, 0);
    column->addWidget(m_heading);
    column->addWidget(m_summary);
    column->addWidget(m_text, 1);
    column->addLayout(buttons);
    column->addWidget(m_flips);

    connect(m_send, &QPushButton::clicked, this, &AccessPage::sendSelected);
    connect(m_toggle, &QPushButton::clicked, this, &AccessPage::toggleRule);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const QModelIndex cell = selected(); cell.isValid())
            shell().openObject("/routes/" + m_model->routeAt(cell.column()));
    });
    return details;
}

} // namespace postern::gui
