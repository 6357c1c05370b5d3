// SPDX-License-Identifier: Apache-2.0
#include "gui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QHeaderView>
#include <QMenu>
#include <QMessageBox>
#include <QSignalSpy>
#include <QSlider>
#include <QStyle>
#include <QStyleOptionViewItem>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace postern::gui;

class tst_Theme : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyTextRoleIsReadable_data();
    void everyTextRoleIsReadable();
    void textIsReadableOnMarksAndSelections();
    void theRingOfTheFocusIsVisible();
    void aSliderIsVisible_data();
    void aSliderIsVisible();
    void theGridOfATableIsVisible();
    void headsStandRightAboveTheirCells();
    void theArrowOfAMenuStandsBesideItsText();
    void questionsHaveOurSigns();
    void anOpenQuestionFollowsTheTheme();
    void switchesLive();
    void iconsTakeTheColourOfTheirRole();
    void everyIconCanBePainted();

private:
    static double luminance(const QColor &color);
    static double contrast(const QColor &front, const QColor &back);
    static double contrast(Role front, Role back, bool dark);
};

double tst_Theme::luminance(const QColor &color) // WCAG 2.2, relative luminance
{
    const auto linear = [](double part) {
        return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

double tst_Theme::contrast(const QColor &front, const QColor &back)
{
    const double a = luminance(front);
    const double b = luminance(back);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

double tst_Theme::contrast(Role front, Role back, bool dark)
{
    return contrast(Theme::color(front, dark), Theme::color(back, dark));
}

void tst_Theme::everyTextRoleIsReadable_data()
{
    QTest::addColumn<int>("role");
    const std::pair<const char *, Role> rows[]{{"text", Role::Text},
                                               {"muted", Role::Muted},
                                               {"accent", Role::Accent},
                                               {"allowed", Role::Allowed},
                                               {"warning", Role::Warning},
                                               {"denied", Role::Denied},
                                               {"JWT header", Role::JwtHeader},
                                               {"JWT payload", Role::JwtPayload},
                                               {"JWT signature", Role::JwtSignature}};
    for (const auto &[name, role] : rows)
        QTest::newRow(name) << static_cast<int>(role);
}

void tst_Theme::everyTextRoleIsReadable()
{
    QFETCH(int, role);
    for (const bool dark : {false, true}) {
        for (const Role back : {Role::Window, Role::Base}) {
            const double ratio = contrast(static_cast<Role>(role), back, dark);
            QVERIFY2(ratio >= 4.5, qPrintable(QString::number(ratio))); // WCAG AA for text
        }
    }
}

void tst_Theme::textIsReadableOnMarksAndSelections()
{
    for (const bool dark : {false, true}) {
        for (const Role back : {Role::Selection, Role::Mark}) {
            QVERIFY(contrast(Role::Text, back, dark) >= 7);
            const double muted = contrast(Role::Muted, back, dark);
            QVERIFY2(muted >= 4.0, qPrintable(QString::number(muted)));
        }
    }
}

void tst_Theme::theRingOfTheFocusIsVisible()
{
    for (const bool dark : {false, true})
        for (const Role back : {Role::Window, Role::Base})
            QVERIFY(contrast(Role::Accent, back, dark) >= 3);
}

void tst_Theme::aSliderIsVisible_data()
{
    QTest::addColumn<bool>("dark");
    QTest::addColumn<bool>("reversed");
    for (const bool dark : {false, true}) {
        for (const bool reversed : {false, true})
            QTest::addRow("%s%s", dark ? "dark" : "light", reversed ? ", from right to left" : "")
                << dark << reversed;
    }
}

/// Its line on both sides of the knob, and the knob's edge.
void tst_Theme::aSliderIsVisible()
{
    QFETCH(bool, dark);
    QFETCH(bool, reversed);
    Theme::instance().setChoice(dark ? Theme::Choice::Dark : Theme::Choice::Light);
    QSlider slider(Qt::Horizontal);
    slider.setLayoutDirection(reversed ? Qt::RightToLeft : Qt::LeftToRight);
    slider.setRange(0, 100);
    slider.setValue(50);
    slider.resize(200, 30);
    const QImage image = slider.grab().toImage();
    const QColor back = Theme::color(Role::Window, dark);
    const auto strongest = [&](int x) {
        double ratio = 0;
        for (int y = 0; y < image.height(); ++y)
            ratio = std::max(ratio, contrast(image.pixelColor(x, y), back));
        return ratio;
    };
    for (const int x : {20, 60, 140, 180})
        QVERIFY2(strongest(x) >= 3, qPrintable(QString::number(strongest(x))));
    // what is passed is told from what is to come
    const int middle = image.height() / 2;
    QVERIFY(image.pixelColor(20, middle) != image.pixelColor(180, middle));
    int knob = 0; // columns where something is above the line
    for (int x = 80; x < 120; ++x)
        knob += contrast(image.pixelColor(x, middle - 5), back) >= 3 ? 1 : 0;
    QVERIFY2(knob >= 2, qPrintable(QString::number(knob)));
    Theme::instance().setChoice(Theme::Choice::Light);
}

void tst_Theme::theGridOfATableIsVisible()
{
    for (const bool dark : {false, true}) {
        Theme::instance().setChoice(dark ? Theme::Choice::Dark : Theme::Choice::Light);
        const QTableView table;
        QStyleOptionViewItem option;
        option.initFrom(&table);
        const int grid =
            QApplication::style()->styleHint(QStyle::SH_Table_GridLineColor, &option, &table);
        const double ratio =
            contrast(QColor::fromRgb(static_cast<QRgb>(grid)), Theme::color(Role::Base, dark));
        QVERIFY2(ratio >= 3, qPrintable(QString::number(ratio)));
    }
    Theme::instance().setChoice(Theme::Choice::Light);
}

void tst_Theme::headsStandRightAboveTheirCells()
{
    QTableView table;
    const QStyle *const style = QApplication::style();
    QStyleOptionHeader head;
    head.initFrom(&table);
    head.rect = QRect(0, 0, 100, 30);
    head.text = QStringLiteral("Status");
    QStyleOptionViewItem cell;
    cell.initFrom(&table);
    cell.rect = head.rect;
    cell.features = QStyleOptionViewItem::HasDisplay;
    cell.text = head.text;
    cell.displayAlignment = Qt::AlignLeft | Qt::AlignVCenter;
    const int inset = style->pixelMetric(QStyle::PM_FocusFrameHMargin, &cell, &table) + 1;
    QCOMPARE(style->subElementRect(QStyle::SE_HeaderLabel, &head, table.horizontalHeader()).left(),
             style->subElementRect(QStyle::SE_ItemViewItemText, &cell, &table).left() + inset);
}

void tst_Theme::theArrowOfAMenuStandsBesideItsText()
{
    QMenu menu;
    QToolButton plain, button;
    for (QToolButton *made : {&plain, &button}) {
        made->setText(QStringLiteral("Copy as"));
        made->setToolButtonStyle(Qt::ToolButtonTextOnly);
        made->setPopupMode(QToolButton::InstantPopup);
        made->setAutoRaise(true);
    }
    button.setMenu(&menu);
    QVERIFY(button.sizeHint().width() > plain.sizeHint().width()); // room for the arrow
    button.resize(button.sizeHint());
    const QImage image = button.grab().toImage();
    const QColor back = image.pixelColor(0, 0);
    int top = image.height(), bottom = -1;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = image.width() - 9; x < image.width(); ++x) {
            if (contrast(image.pixelColor(x, y), back) < 2)
                continue;
            top = std::min(top, y);
            bottom = std::max(bottom, y);
        }
    }
    QVERIFY(bottom >= top);
    const int middle = image.height() / 2;
    QVERIFY2(top > middle - 6 && bottom < middle + 6,
             qPrintable(QStringLiteral("%1 to %2 of %3").arg(top).arg(bottom).arg(middle)));
}

void tst_Theme::questionsHaveOurSigns()
{
    const std::pair<QStyle::StandardPixmap, Role> signs[]{
        {QStyle::SP_MessageBoxQuestion, Role::Accent},
        {QStyle::SP_MessageBoxInformation, Role::Accent},
        {QStyle::SP_MessageBoxWarning, Role::Warning},
        {QStyle::SP_MessageBoxCritical, Role::Denied}};
    for (const bool dark : {false, true}) {
        Theme::instance().setChoice(dark ? Theme::Choice::Dark : Theme::Choice::Light);
        for (const auto &[sign, role] : signs) {
            const QImage image =
                QApplication::style()->standardIcon(sign).pixmap(QSize(32, 32)).toImage();
            int painted = 0, others = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    if (image.pixelColor(x, y).alpha() < 255)
                        continue;
                    (image.pixelColor(x, y) == Theme::color(role, dark) ? painted : others)++;
                }
            }
            QVERIFY(painted > 8);
            QCOMPARE(others, 0);
        }
    }
    Theme::instance().setChoice(Theme::Choice::Light);
}

void tst_Theme::anOpenQuestionFollowsTheTheme()
{
    QMessageBox box(QMessageBox::Question, QStringLiteral("title"), QStringLiteral("text"));
    box.open();
    for (const bool dark : {true, false}) {
        Theme::instance().setChoice(dark ? Theme::Choice::Dark : Theme::Choice::Light);
        const QImage sign = box.iconPixmap().toImage();
        int painted = 0;
        for (int y = 0; y < sign.height(); ++y) {
            for (int x = 0; x < sign.width(); ++x)
                painted += sign.pixelColor(x, y) == Theme::color(Role::Accent, dark) ? 1 : 0;
        }
        QVERIFY2(painted > 8, dark ? "dark" : "light");
    }
}

void tst_Theme::switchesLive()
{
    Theme &theme = Theme::instance();
    theme.setChoice(Theme::Choice::Light);
    const QSignalSpy changes(&theme, &Theme::changed);
    theme.setChoice(Theme::Choice::Dark);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(QApplication::palette().color(QPalette::Base), Theme::color(Role::Base, true));
    QCOMPARE(QApplication::palette().color(QPalette::WindowText), Theme::color(Role::Text, true));
    theme.setChoice(Theme::Choice::Light);
    QCOMPARE(QApplication::palette().color(QPalette::Base), Theme::color(Role::Base, false));
    QCOMPARE(changes.size(), 2);
}

void tst_Theme::iconsTakeTheColourOfTheirRole()
{
    Theme &theme = Theme::instance();
    const QIcon icon = theme.icon(QStringLiteral("record"), Role::Allowed);
    for (const auto choice : {Theme::Choice::Light, Theme::Choice::Dark}) {
        theme.setChoice(choice);
        const QImage image = icon.pixmap(QSize(24, 24), 2.0).toImage();
        QCOMPARE(image.size(), QSize(48, 48)); // as sharp as the screen
        QCOMPARE(image.pixelColor(24, 24), theme.color(Role::Allowed));
    }
    theme.setChoice(Theme::Choice::Light);
}

void tst_Theme::everyIconCanBePainted()
{
    const QStringList files = QDir(QStringLiteral(POSTERN_SOURCE_DIR "/resources/icons"))
                                  .entryList({QStringLiteral("*.svg")});
    QVERIFY(files.size() > 40);
    for (const QString &file : files) {
        const QImage image =
            Theme::instance().icon(file.chopped(4)).pixmap(QSize(24, 24), 1.0).toImage();
        int painted = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                painted += image.pixelColor(x, y).alpha() > 100 ? 1 : 0;
        QVERIFY2(painted > 8, qPrintable(file));
    }
}

QTEST_MAIN(tst_Theme)
#include "tst_theme.moc"
