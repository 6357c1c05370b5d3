// SPDX-License-Identifier: Apache-2.0
#include "tests/support/stage.h"

#include "gui/session/workspace.h"
#include "gui/shell/language.h"
#include "gui/theme/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSet>
#include <QToolButton>

#include <array>

namespace postern::gui {

namespace {

constexpr int kPatience = 20'000; // ms

void settle()
{
    for (int turn = 0; turn < 5; ++turn)
        QCoreApplication::processEvents();
}

void useDirectories(const QTemporaryDir &home)
{
    constexpr std::array kNames{"XDG_CONFIG_HOME", "XDG_DATA_HOME",   "XDG_STATE_HOME",
                                "XDG_CACHE_HOME",  "XDG_RUNTIME_DIR", "POSTERN_HOME"};
    for (const char *name : kNames) {
        const QString path = home.filePath(QString::fromLatin1(name).toLower());
        QDir().mkpath(path);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv(name, path.toLocal8Bit());
    }
}

bool isUniform(const QImage &image)
{
    QSet<QRgb> colors;
    for (int y = 0; y < image.height(); y += 7)
        for (int x = 0; x < image.width(); x += 7)
            colors.insert(image.pixel(x, y));
    return colors.size() < 4;
}

bool isLabelClipped(const QLabel &label)
{
    if (label.text().isEmpty() || label.textFormat() == Qt::RichText)
        return false;
    const QRect room = label.contentsRect();
    if (label.wordWrap())
        return label.heightForWidth(label.width()) > label.height() + 1;
    return label.sizePolicy().horizontalPolicy() != QSizePolicy::Ignored
        && (label.fontMetrics().size(label.buddy() ? Qt::TextShowMnemonic : 0, label.text()).width()
                > room.width() + 1
            || label.fontMetrics().height() > label.height() + 1);
}

bool isButtonClipped(const QAbstractButton &button)
{
    if (button.text().isEmpty())
        return false;
    const auto *tool = qobject_cast<const QToolButton *>(&button);
    if (tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly && !tool->icon().isNull())
        return false;
    return button.sizeHint().width() > button.width() + 1
        || button.fontMetrics().height() > button.height();
}

} // namespace

Stage::Stage(Options options)
{
    useLanguage(options.language.isEmpty() ? QStringLiteral("en_US") : options.language);
    QApplication::setCursorFlashTime(0);
    QApplication::setQuitOnLastWindowClosed(false); // the next stage comes
    QApplication::setLayoutDirection(options.reversed ? Qt::RightToLeft : Qt::LeftToRight);
    QApplication::setFont(QFont(QStringLiteral("DejaVu Sans"), 10));
    useDirectories(m_home);
    auto settings = std::make_unique<QSettings>(m_home.filePath(QStringLiteral("gui.ini")),
                                                QSettings::IniFormat);
    settings->setValue(QStringLiteral("appearance/theme"), static_cast<int>(Theme::Choice::Light));
    m_window = std::make_unique<MainWindow>(std::move(settings), false);
    m_window->resize(1280, 800);
    m_window->show();
    m_window->activateWindow();
    if (!QTest::qWaitForWindowActive(m_window.get(), kPatience))
        qWarning("the window does not become active");
    if (!options.open)
        return;
    m_window->openStore(store());
    if (!wait([this] { return session().state() == Session::State::Stopped; }))
        qWarning("the store does not open");
    settle();
}

Stage::~Stage()
{
    m_window.reset();
    Theme::instance().setChoice(Theme::Choice::Light);
    QApplication::setLayoutDirection(Qt::LeftToRight);
    useLanguage(QStringLiteral("en_US"));
}

std::string Stage::store() const
{
    return "sqlite:" + m_home.filePath(QStringLiteral("scenario.postern")).toStdString();
}

QWidget *Stage::findWidget(const QString &name) const
{
    QList<QWidget *> windows = QApplication::topLevelWidgets();
    if (QWidget *top = QApplication::activeModalWidget())
        windows.prepend(top);
    for (const QWidget *candidate : std::as_const(windows)) {
        const auto found = candidate->findChildren<QWidget *>(name);
        for (QWidget *widget : found) {
            if (widget->isVisible())
                return widget;
        }
        if (candidate->objectName() == name && candidate->isVisible())
            return const_cast<QWidget *>(candidate);
    }
    return nullptr;
}

void Stage::type(const QString &text)
{
    QWidget *target = QApplication::focusWidget();
    QTest::keyClicks(target ? target : m_window.get(), text);
}

void Stage::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QWidget *target = QApplication::activePopupWidget();
    if (!target)
        target = QApplication::focusWidget();
    if (!target)
        target = QApplication::activeModalWidget();
    QTest::keyClick(target ? target : m_window.get(), key, modifiers);
}

bool Stage::click(const QString &name)
{
    // What was just rebuilt is shown with the next turn of the event loop.
    QWidget *widget = nullptr;
    if (!wait([&] { return (widget = findWidget(name)) != nullptr; }))
        return false;
    QTest::mouseClick(widget, Qt::LeftButton);
    return true;
}

bool Stage::wait(const std::function<bool()> &condition)
{
    return QTest::qWaitFor(condition, kPatience);
}

QImage Stage::picture() const
{
    QImage image = m_window->grab().toImage();
    QPainter painter(&image);
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (QWidget *window : windows) {
        const bool above = qobject_cast<QDialog *>(window) || window->windowType() == Qt::Popup;
        if (!above || !window->isVisible())
            continue;
        const QPixmap shot = window->grab();
        const QSizeF size = shot.deviceIndependentSize();
        QPoint place = window->mapToGlobal(QPoint()) - m_window->mapToGlobal(QPoint());
        if (window->windowType() != Qt::Popup) // in the middle, as on a screen with room for it
            place = QRect(QPoint(), m_window->size()).center() - window->rect().center();
        place.setX(std::clamp(place.x(), 0,
                              std::max(0, m_window->width() - static_cast<int>(size.width()))));
        place.setY(std::clamp(place.y(), 0,
                              std::max(0, m_window->height() - static_cast<int>(size.height()))));
        painter.setPen(Theme::instance().color(Role::Muted));
        painter.drawPixmap(place, shot);
        painter.drawRect(QRectF(place, size).adjusted(-1, -1, 0, 0));
    }
    return image;
}

QStringList Stage::clipped(const QWidget &root)
{
    QStringList found;
    const auto widgets = root.findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        if (!widget->isVisible() || widget->visibleRegion().isEmpty())
            continue;
        if (const auto *label = qobject_cast<const QLabel *>(widget);
            label && isLabelClipped(*label))
            found.append(QStringLiteral("%1: %2").arg(label->objectName(), label->text()));
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget);
            button && isButtonClipped(*button))
            found.append(QStringLiteral("%1: %2").arg(button->objectName(), button->text()));
    }
    return found;
}

bool Stage::shoot(const QString &id)
{
    m_faults.clear();
    const QDir screens(QStringLiteral(POSTERN_SOURCE_DIR "/build/screens"));
    QDir().mkpath(screens.path());
    m_window->resize(1280, 800);
    const Theme::Choice before = Theme::instance().choice();
    for (const Theme::Choice choice : {Theme::Choice::Light, Theme::Choice::Dark}) {
        Theme::instance().setChoice(choice);
        settle();
        const QImage image = picture();
        const QString name = id + QLatin1String(choice == Theme::Choice::Dark ? "-dark" : "-light");
        if (!image.save(screens.filePath(name + QStringLiteral(".png"))))
            m_faults += "cannot save " + name.toUtf8() + "; ";
        if (isUniform(image))
            m_faults += name.toUtf8() + " is uniform; ";
    }
    Theme::instance().setChoice(before);
    settle();
    QStringList cut = clipped(*m_window);
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (const QWidget *window : windows) {
        if (qobject_cast<const QDialog *>(window) && window->isVisible())
            cut += clipped(*window);
    }
    cut.removeDuplicates();
    if (!cut.isEmpty())
        m_faults += "clipped: " + cut.join(QStringLiteral(" | ")).toUtf8();
    return m_faults.isEmpty();
}

} // namespace postern::gui
