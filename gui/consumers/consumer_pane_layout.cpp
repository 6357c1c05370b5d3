// SPDX-License-Identifier: Apache-2.0
// Where the parts of the ConsumerPane are.
#include "gui/consumers/consumer_pane.h"
#include "gui/consumers/label_chips.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/logins.h"
#include "gui/session/object_order.h"
#include "gui/session/session.h"
#include "gui/shell/page.h"
#include "gui/text/mnemonic.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/flow_layout.h"
#include "gui/widgets/json_editor.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

namespace postern::gui {

namespace {

QLabel *makeLabel(const QString &name, Role role)
{
    auto *label = new QLabel;
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    const auto paint = [label, role] {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText, Theme::instance().color(role));
        label->setPalette(palette);
    };
    paint();
    QObject::connect(&Theme::instance(), &Theme::changed, label, paint);
    return label;
}

/// The column of cards. Its layout would ask for the height that the narrowest cards need, and the
/// list would scroll through blank space.
class Cards : public QWidget
{
public:
    [[nodiscard]] QSize minimumSizeHint() const override
    {
        return {QWidget::minimumSizeHint().width(), 0};
    }
};

} // namespace

ConsumerPane::ConsumerPane(Shell &shell, ObjectLint &lint, QWidget *parent)
    : QWidget(parent),
      m_shell(shell),
      m_lint(lint),
      m_title(new QLabel),
      m_nameFault(makeLabel(QStringLiteral("nameFault"), Role::Denied)),
      m_times(makeLabel(QStringLiteral("times"), Role::Muted)),
      m_applyHint(makeLabel(QStringLiteral("applyHint"), Role::Muted)),
      m_jsonTitle(makeLabel(QStringLiteral("jsonTitle"), Role::Muted)),
      m_pluginsTitle(makeLabel(QStringLiteral("pluginsTitle"), Role::Muted)),
      m_apply(new QPushButton(tr("Sa&ve"))),
      m_discard(new QPushButton(tr("&Discard"))),
      m_mint(new QPushButton(tr("&Mint"))),
      m_name(new QLineEdit),
      m_description(new QLineEdit),
      m_labels(new LabelChips),
      m_tabs(new QTabWidget),
      m_json(new JsonEditor),
      m_plugins(new JsonEditor)
{
    setObjectName(QStringLiteral("consumerPane"));
    for (QLabel *const label : {m_applyHint, m_jsonTitle, m_pluginsTitle}) {
        QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Preferred); // of a long name
        policy.setHeightForWidth(true);
        label->setSizePolicy(policy);
    }
    auto *column = new QVBoxLayout(this);
    column->addWidget(makeHeader());
    m_tabs->setObjectName(QStringLiteral("consumerTabs"));
    m_tabs->setAccessibleName(tr("Consumer"));
    m_tabs->addTab(makeDetails(), tr("De&tails"));
    m_tabs->addTab(makeCredentials(), tr("C&redentials"));
    m_tabs->addTab(makeJson(m_plugins, m_pluginsTitle, QStringLiteral("pluginsJson")),
                   tr("&Plugins"));
    m_tabs->addTab(makeJson(m_json, m_jsonTitle, QStringLiteral("json")), tr("&JSON"));
    column->addWidget(m_applyHint); // below would be notices
    column->addWidget(m_tabs, 1);
    for (JsonEditor *const editor : {m_json, m_plugins})
        editor->installEventFilter(this);
    connect(m_json, &JsonEditor::edited, this, &ConsumerPane::typeJson);
    connect(m_plugins, &JsonEditor::edited, this, &ConsumerPane::typePlugins);
    connect(&shell.session().workspace(), &Workspace::changed, this, &ConsumerPane::refresh);
    connect(&Privacy::instance(), &Privacy::changed, this, &ConsumerPane::refresh);
}

QWidget *ConsumerPane::makeHeader()
{
    auto *header = new QWidget;
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins({});
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.3);
    large.setBold(true);
    m_title->setFont(large);
    m_title->setObjectName(QStringLiteral("consumerTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setMinimumWidth(fontMetrics().averageCharWidth() * 8);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_title->installEventFilter(this);
    row->addWidget(m_title, 1);
    const auto add = [row](QPushButton *button, const char *name, const char *icon) {
        button->setObjectName(QLatin1String(name));
        button->setAccessibleName(withoutMnemonic(button->text()));
        button->setIcon(Theme::instance().icon(QLatin1String(icon)));
        row->addWidget(button);
    };
    add(m_mint, "mintHere", "mint");
    add(m_discard, "discardHere", "undo");
    add(m_apply, "apply", "save");
    connect(m_mint, &QPushButton::clicked, this, [this] { m_shell.mintFor(idOf(m_consumer)); });
    connect(m_apply, &QPushButton::clicked, this, [this] { workspace().save(); });
    connect(m_discard, &QPushButton::clicked, this, &ConsumerPane::discard);
    return header;
}

QWidget *ConsumerPane::makeDetails()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    column->addLayout(form);
    column->addStretch(1);
    const auto add = [form](const QString &text, QWidget *field, QWidget *buddy, const char *name,
                            const QString &spoken) {
        buddy->setObjectName(QLatin1String(name));
        buddy->setAccessibleName(spoken);
        auto *label = new QLabel(text);
        label->setBuddy(buddy);
        form->addRow(label, field);
    };
    auto *nameColumn = new QWidget;
    auto *nameLayout = new QVBoxLayout(nameColumn);
    nameLayout->setContentsMargins({});
    nameLayout->addWidget(m_name);
    nameLayout->addWidget(m_nameFault);
    add(tr("User &name"), nameColumn, m_name, "userName", tr("User name"));
    add(tr("D&escription"), m_description, m_description, "description", tr("Description"));
    add(tr("&Labels"), m_labels, m_labels, "labels", tr("Labels"));
    form->addRow(QString(), m_times);
    connect(m_name, &QLineEdit::textEdited, this, &ConsumerPane::typeName);
    connect(m_description, &QLineEdit::textEdited, this, &ConsumerPane::typeDescription);
    connect(m_labels, &LabelChips::edited, this, &ConsumerPane::editLabels);
    connect(m_labels, &LabelChips::removed, this, &ConsumerPane::removeLabel);
    m_name->installEventFilter(this);
    return page;
}

QWidget *ConsumerPane::makeCredentials()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    auto *buttons = new QWidget;
    auto *row = new FlowLayout(buttons);
    for (const LoginKind &kind : loginKinds()) {
        auto *button = new QPushButton(Theme::instance().icon(QStringLiteral("plus")),
                                       toText(kind.shortName).toUpper());
        button->setObjectName(QStringLiteral("add-") + toText(kind.plugin));
        button->setAccessibleName(tr("Add a credential of %1").arg(toText(kind.plugin)));
        button->setToolTip(button->accessibleName());
        connect(button, &QPushButton::clicked, this,
                [this, plugin = std::string(kind.plugin)] { addCredential(plugin); });
        row->addWidget(button);
    }
    column->addWidget(buttons); // above: notices come up below
    m_noCredential = new EmptyState(QStringLiteral("key"), QString());
    m_noCredential->setObjectName(QStringLiteral("noCredential"));
    m_noCredential->addButton(QStringLiteral("addFirstKey"), tr("Add &key"),
                              [this] { addCredential("key-auth"); });
    m_noCredential->addButton(QStringLiteral("addFirstJwt"), tr("Add &JWT"),
                              [this] { addCredential("jwt-auth"); });
    column->addWidget(m_noCredential, 1);
    auto *cards = new Cards;
    m_cardColumn = new QVBoxLayout(cards);
    m_cardColumn->setContentsMargins({});
    m_cardColumn->addStretch();
    m_scroll = new QScrollArea;
    m_scroll->setObjectName(QStringLiteral("credentialCards"));
    m_scroll->setAccessibleName(tr("Credentials"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus); // its fields have it
    m_scroll->setWidget(cards);
    column->addWidget(m_scroll, 4);
    return page;
}

QWidget *ConsumerPane::makeJson(JsonEditor *editor, QLabel *title, const QString &name)
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    editor->setObjectName(name);
    editor->setAccessibleName(name == QLatin1String("json") ? tr("JSON of the object")
                                                            : tr("JSON of the plugins"));
    title->setBuddy(editor);
    auto *fault = makeLabel(name + QStringLiteral("Fault"), Role::Denied);
    connect(editor, &JsonEditor::faultChanged, fault, [fault](const QString &sentence) {
        fault->setText(sentence.isEmpty() ? QString() : QStringLiteral("✗ ") + sentence);
    });
    column->addWidget(title);
    column->addWidget(editor, 1);
    column->addWidget(fault);
    return page;
}

} // namespace postern::gui
