// SPDX-License-Identifier: Apache-2.0
#include "gui/theme/style.h"

#include "gui/theme/theme.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QPainterPath>
#include <QSplitter>
#include <QStyleOption>
#include <QToolButton>

#include <algorithm>

namespace postern::gui {

namespace {

constexpr qreal kRadius = 4;
constexpr int kArrowRoom = 8; // beside the text of a button with a menu
constexpr int kGridShare = 175; // of 255: lines that are seen, and do not shout

QColor shade(Role role) { return Theme::instance().color(role); }

/// `color` over `under`, `share` of 255.
QColor mixed(const QColor &color, const QColor &under, int share)
{
    const auto mix = [share](int a, int b) { return (a * share + b * (255 - share)) / 255; };
    return {mix(color.red(), under.red()), mix(color.green(), under.green()),
            mix(color.blue(), under.blue())};
}

void drawBox(QPainter *painter, const QRect &rect, const QBrush &fill, const QColor &line,
             qreal width = 1, qreal radius = kRadius)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(line.isValid() ? QPen(line, width) : QPen(Qt::NoPen));
    painter->setBrush(fill);
    const qreal inset = line.isValid() ? width / 2 : 0;
    painter->drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius);
    painter->restore();
}

/// The frame of everything that text or items stand in.
void drawFieldFrame(QPainter *painter, const QStyleOption *option, const QWidget *widget,
                    const QBrush &fill)
{
    const bool focus = option->state.testFlag(QStyle::State_HasFocus);
    QColor line = shade(focus ? Role::Accent : Role::Line);
    const QVariant verdict = widget ? widget->property("verdict") : QVariant();
    if (verdict.isValid()) // "right" or "wrong": see FilterEdit
        line = shade(verdict.toString() == QLatin1String("wrong") ? Role::Denied : Role::Allowed);
    drawBox(painter, option->rect, fill, line, focus || verdict.isValid() ? 2 : 1);
}

void drawButtonPanel(QPainter *painter, const QStyleOption *option)
{
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    const QStyle::State state = option->state;
    const bool enabled = state.testFlag(QStyle::State_Enabled);
    const bool down = state.testAnyFlags(QStyle::State_Sunken | QStyle::State_On);
    const bool flat = button && button->features.testFlag(QStyleOptionButton::Flat);
    const bool standard = button && button->features.testFlag(QStyleOptionButton::DefaultButton);
    QColor fill = option->palette.color(QPalette::Button);
    if (down)
        fill = shade(Role::Selection);
    else if (enabled && state.testFlag(QStyle::State_MouseOver))
        fill = mixed(shade(Role::Accent), fill, 22);
    if (state.testFlag(QStyle::State_HasFocus)) // buttons and drop-down lists
        return drawBox(painter, option->rect, enabled ? QBrush(fill) : QBrush(),
                       shade(Role::Accent), 2);
    if (flat && !down && !state.testFlag(QStyle::State_MouseOver))
        return;
    const QColor line = shade(standard && enabled ? Role::Accent : Role::Line);
    drawBox(painter, option->rect.adjusted(1, 1, -1, -1), enabled ? QBrush(fill) : QBrush(),
            flat ? QColor() : line);
}

void drawToolButtonPanel(QPainter *painter, const QStyleOption *option)
{
    const QStyle::State state = option->state;
    if (state.testAnyFlags(QStyle::State_Sunken | QStyle::State_On))
        drawBox(painter, option->rect, shade(Role::Selection), {});
    else if (state.testFlag(QStyle::State_Enabled) && state.testFlag(QStyle::State_MouseOver))
        drawBox(painter, option->rect, mixed(shade(Role::Muted), shade(Role::Window), 40), {});
}

void drawIndicator(QPainter *painter, const QStyleOption *option, bool round)
{
    const QStyle::State state = option->state;
    const bool on = state.testAnyFlags(QStyle::State_On | QStyle::State_NoChange);
    const bool enabled = state.testFlag(QStyle::State_Enabled);
    const QColor color = shade(enabled ? Role::Accent : Role::Muted);
    const QRect rect = option->rect;
    const qreal radius = round ? rect.width() / 2.0 : 3;
    drawBox(painter, rect, on ? QBrush(color) : QBrush(shade(Role::Base)),
            on ? color : shade(Role::Muted), 1, radius);
    if (!on)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF box(rect);
    const auto at = [&box](qreal x, qreal y) {
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height());
    };
    if (round) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(shade(Role::Base));
        painter->drawEllipse(box.center(), box.width() / 5, box.height() / 5);
    } else {
        painter->setPen(
            QPen(shade(Role::Base), box.width() / 8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        if (state.testFlag(QStyle::State_NoChange))
            painter->drawLine(at(0.25, 0.5), at(0.75, 0.5));
        else
            painter->drawPolyline(QPolygonF({at(0.24, 0.52), at(0.43, 0.71), at(0.77, 0.31)}));
    }
    painter->restore();
}

void drawTab(QPainter *painter, const QStyleOptionTab *tab)
{
    const bool selected = tab->state.testFlag(QStyle::State_Selected);
    const bool hover = tab->state.testFlag(QStyle::State_MouseOver);
    const QRect &rect = tab->rect;
    if (hover && !selected)
        drawBox(painter, rect.adjusted(2, 3, -2, -4),
                mixed(shade(Role::Muted), shade(Role::Window), 30), {});
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), shade(Role::Line));
    if (selected)
        painter->fillRect(QRect(rect.left() + 4, rect.bottom() - 1, rect.width() - 8, 2),
                          shade(Role::Accent));
}

void drawScrollBar(QPainter *painter, const QStyle &style, const QStyleOptionSlider *bar,
                   const QWidget *widget)
{
    const bool across = bar->orientation == Qt::Horizontal;
    painter->fillRect(bar->rect, bar->palette.color(QPalette::Base));
    if (bar->maximum <= bar->minimum)
        return;
    QRect handle =
        style.subControlRect(QStyle::CC_ScrollBar, bar, QStyle::SC_ScrollBarSlider, widget);
    handle = across ? handle.adjusted(1, 3, -1, -3) : handle.adjusted(3, 1, -3, -1);
    const bool hot =
        bar->state.testFlag(QStyle::State_MouseOver) || bar->state.testFlag(QStyle::State_Sunken);
    drawBox(painter, handle,
            mixed(shade(Role::Muted), bar->palette.color(QPalette::Base), hot ? 170 : 90), {}, 1,
            std::min(handle.width(), handle.height()) / 2.0);
}

void drawSlider(QPainter *painter, const QStyle &style, const QStyleOptionSlider *slider,
                const QWidget *widget)
{
    constexpr int kThick = 4;
    const bool across = slider->orientation == Qt::Horizontal;
    const QRect groove =
        style.subControlRect(QStyle::CC_Slider, slider, QStyle::SC_SliderGroove, widget);
    const QRect handle =
        style.subControlRect(QStyle::CC_Slider, slider, QStyle::SC_SliderHandle, widget);
    const QPoint middle = handle.center();
    const QRect line = across
        ? QRect(groove.left(), middle.y() - kThick / 2, groove.width(), kThick)
        : QRect(middle.x() - kThick / 2, groove.top(), kThick, groove.height());
    QRect passed = line;
    if (across && slider->upsideDown)
        passed.setLeft(middle.x());
    else if (across)
        passed.setRight(middle.x());
    else if (slider->upsideDown)
        passed.setTop(middle.y());
    else
        passed.setBottom(middle.y());
    const QColor color =
        shade(slider->state.testFlag(QStyle::State_Enabled) ? Role::Accent : Role::Muted);
    drawBox(painter, line, shade(Role::Muted), {}, 1, kThick / 2.0);
    drawBox(painter, passed, color, {}, 1, kThick / 2.0);
    const int size = std::min(handle.width(), handle.height());
    QRect knob(QPoint(), QSize(size, size));
    knob.moveCenter(middle);
    const bool hot = slider->state.testAnyFlags(QStyle::State_MouseOver | QStyle::State_Sunken);
    drawBox(painter, knob, hot ? color : shade(Role::Base), color, 2, size / 2.0);
}

void drawSpinBox(QPainter *painter, const QStyle &style, const QStyleOptionSpinBox *box,
                 const QWidget *widget)
{
    const bool enabled = box->state.testFlag(QStyle::State_Enabled);
    if (box->frame)
        drawFieldFrame(painter, box, widget,
                       box->palette.brush(enabled ? QPalette::Base : QPalette::Window));
    if (box->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const std::pair<QStyle::SubControl, QString> arrows[]{
        {QStyle::SC_SpinBoxUp, QStringLiteral("chevron-up")},
        {QStyle::SC_SpinBoxDown, QStringLiteral("chevron-down")}};
    for (const auto &[part, icon] : arrows) {
        const QRect place = style.subControlRect(QStyle::CC_SpinBox, box, part, widget);
        const bool possible = enabled
            && box->stepEnabled.testFlag(part == QStyle::SC_SpinBoxUp
                                             ? QAbstractSpinBox::StepUpEnabled
                                             : QAbstractSpinBox::StepDownEnabled);
        Theme::instance()
            .icon(icon, Role::Muted)
            .paint(painter, QRect(place.center() - QPoint(5, 5), QSize(11, 11)), Qt::AlignCenter,
                   possible ? QIcon::Normal : QIcon::Disabled);
    }
}

/// A tool button that opens a menu wherever it is clicked.
bool hasMenuArrow(const QWidget *widget)
{
    const auto *button = qobject_cast<const QToolButton *>(widget);
    return button && button->menu() && button->popupMode() == QToolButton::InstantPopup;
}

void drawHeaderSection(QPainter *painter, const QStyleOption *option)
{
    const QRect &rect = option->rect;
    const auto *section = qstyleoption_cast<const QStyleOptionHeader *>(option);
    const bool ofRows = section && section->orientation == Qt::Vertical;
    const int end = option->direction == Qt::RightToLeft ? rect.left() : rect.right();
    painter->fillRect(rect, shade(Role::Window));
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), shade(Role::Line));
    // The heads of rows stand beside cells with a grid, those of columns above cells without.
    painter->fillRect(ofRows ? QRect(end, rect.top(), 1, rect.height())
                             : QRect(end, rect.top() + 5, 1, rect.height() - 10),
                      shade(Role::Line));
}

} // namespace

Style::Style() : QProxyStyle(QStringLiteral("fusion")) {}

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    // From right to left Qt places the parts of a splitter one pixel too far to the right.
    if (auto *const splitter = qobject_cast<QSplitter *>(widget);
        splitter && splitter->isRightToLeft() && splitter->orientation() == Qt::Horizontal)
        splitter->setContentsMargins(0, 0, 1, 0);
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                          const QWidget *widget) const
{
    switch (element) {
    case PE_PanelButtonCommand:
        return drawButtonPanel(painter, option);
    case PE_PanelButtonTool:
        return drawToolButtonPanel(painter, option);
    case PE_FrameLineEdit:
        return drawFieldFrame(painter, option, widget, Qt::NoBrush);
    case PE_PanelLineEdit: {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (!frame || frame->lineWidth == 0)
            return painter->fillRect(option->rect, option->palette.brush(QPalette::Base));
        const bool readOnly = frame->state.testFlag(State_ReadOnly);
        return drawFieldFrame(painter, option, widget,
                              option->palette.brush(readOnly ? QPalette::Window : QPalette::Base));
    }
    case PE_FrameFocusRect:
        if (qobject_cast<const QAbstractItemView *>(widget)) { // a cell of a list
            const QColor ring = shade(Role::Accent);
            return drawBox(painter, option->rect, Qt::NoBrush, ring, 1, 2);
        }
        return drawBox(painter, option->rect, Qt::NoBrush, shade(Role::Accent), 2);
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        return drawIndicator(painter, option, false);
    case PE_IndicatorRadioButton:
        return drawIndicator(painter, option, true);
    case PE_FrameTabWidget:
        return; // the line below the tabs is enough
    case PE_FrameTabBarBase:
        return painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            shade(Role::Line));
    case PE_FrameGroupBox:
        return drawBox(painter, option->rect, Qt::NoBrush, shade(Role::Line));
    case PE_FrameMenu:
        return drawBox(painter, option->rect, Qt::NoBrush, shade(Role::Line), 1, 0);
    case PE_PanelStatusBar:
        painter->fillRect(option->rect, shade(Role::Window));
        return painter->fillRect(QRect(option->rect.left(), 0, option->rect.width(), 1),
                                 shade(Role::Line));
    case PE_FrameStatusBarItem:
        return;
    case PE_IndicatorArrowDown:
        if (hasMenuArrow(widget)) { // beside the text, not below it
            QStyleOption arrow = *option;
            arrow.rect.moveCenter({arrow.rect.center().x(), widget->rect().center().y() + 1});
            return QProxyStyle::drawPrimitive(element, &arrow, painter, widget);
        }
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                        const QWidget *widget) const
{
    switch (element) {
    case CE_ShapedFrame: {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (frame && frame->frameShape == QFrame::StyledPanel)
            return drawFieldFrame(painter, option, widget, Qt::NoBrush);
        if (frame && (frame->frameShape == QFrame::HLine || frame->frameShape == QFrame::VLine)) {
            const QRect &rect = option->rect;
            const QPoint middle = rect.center();
            return painter->fillRect(frame->frameShape == QFrame::HLine
                                         ? QRect(rect.left(), middle.y(), rect.width(), 1)
                                         : QRect(middle.x(), rect.top(), 1, rect.height()),
                                     shade(Role::Line));
        }
        break;
    }
    case CE_TabBarTabShape:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option);
            tab && tab->shape == QTabBar::RoundedNorth)
            return drawTab(painter, tab);
        break;
    case CE_HeaderSection:
        return drawHeaderSection(painter, option);
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, shade(Role::Window));
        if (!option->state.testFlag(State_Horizontal))
            return;
        return painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            shade(Role::Line));
    case CE_ToolButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
            button && hasMenuArrow(widget)) {
            QStyleOptionToolButton label = *button;
            label.rect = visualRect(option->direction, option->rect,
                                    option->rect.adjusted(0, 0, -kArrowRoom, 0));
            return QProxyStyle::drawControl(element, &label, painter, widget);
        }
        break;
    case CE_Splitter:
        return painter->fillRect(
            option->state.testFlag(State_Horizontal)
                ? QRect(option->rect.center().x(), option->rect.top(), 1, option->rect.height())
                : QRect(option->rect.left(), option->rect.center().y(), option->rect.width(), 1),
            shade(Role::Line));
    case CE_ToolBar:
        painter->fillRect(option->rect, shade(Role::Window));
        return painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            shade(Role::Line));
    case CE_MenuBarItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            const bool open = item->state.testFlag(State_Selected);
            painter->fillRect(item->rect, shade(open ? Role::Selection : Role::Window));
            const bool enabled = item->state.testFlag(State_Enabled);
            return drawItemText(painter, item->rect,
                                Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine,
                                item->palette, enabled, item->text, QPalette::WindowText);
        }
        break;
    case CE_MenuBarEmptyArea:
        return painter->fillRect(option->rect, shade(Role::Window));
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                               QPainter *painter, const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option))
            return drawScrollBar(painter, *this, bar, widget);
    }
    if (control == CC_SpinBox) {
        if (const auto *box = qstyleoption_cast<const QStyleOptionSpinBox *>(option))
            return drawSpinBox(painter, *this, box, widget);
    }
    const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (control != CC_Slider || !slider)
        return QProxyStyle::drawComplexControl(control, option, painter, widget);
    drawSlider(painter, *this, slider, widget);
    if (option->state.testFlag(State_HasFocus))
        drawBox(painter, option->rect, Qt::NoBrush, shade(Role::Accent), 2);
}

QIcon Style::standardIcon(StandardPixmap kind, const QStyleOption *option,
                          const QWidget *widget) const
{
    const Theme &theme = Theme::instance();
    switch (kind) {
    case SP_MessageBoxQuestion:
        return theme.icon(QStringLiteral("help"), Role::Accent);
    case SP_MessageBoxInformation:
        return theme.icon(QStringLiteral("info"), Role::Accent);
    case SP_MessageBoxWarning:
        return theme.icon(QStringLiteral("warning"), Role::Warning);
    case SP_MessageBoxCritical:
        return theme.icon(QStringLiteral("denied"), Role::Denied);
    default:
        return QProxyStyle::standardIcon(kind, option, widget);
    }
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_DefaultFrameWidth: // room for the ring of the focus
        return qobject_cast<const QAbstractScrollArea *>(widget) ? 2 : 3;
    case PM_SplitterWidth:
        return 9;
    case PM_ScrollBarExtent:
        return 14;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_TabBarTabHSpace:
        return 28;
    case PM_TabBarTabVSpace:
        return 14;
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_ToolBarIconSize:
    case PM_ButtonIconSize:
    case PM_SmallIconSize:
    case PM_ListViewIconSize:
        return 18;
    case PM_HeaderMargin: // so that a head stands right above its column
        return 5;
    case PM_FocusFrameHMargin: // of the text of a cell, and one more
        return 4;
    case PM_ToolBarItemSpacing:
    case PM_ToolBarItemMargin:
        return 4;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                              const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    const int line = option ? option->fontMetrics.height() : 16;
    switch (type) {
    case CT_PushButton:
        result.rwidth() += 12;
        [[fallthrough]];
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox:
        result.setHeight(std::max(result.height(), line + 14));
        break;
    case CT_ToolButton: // 24 x 24 is the least that a pointer should have to hit
        if (hasMenuArrow(widget))
            result.rwidth() += kArrowRoom;
        result = result.expandedTo({28, 28});
        break;
    case CT_CheckBox:
    case CT_RadioButton:
        result.setHeight(std::max(result.height(), 24));
        break;
    case CT_ItemViewItem:
        result.setHeight(std::max(result.height(), line + 10));
        break;
    case CT_HeaderSection:
        result.setHeight(std::max(result.height(), line + 12));
        break;
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
            item && item->menuItemType != QStyleOptionMenuItem::Separator)
            result.setHeight(std::max(result.height(), line + 10));
        break;
    default:
        break;
    }
    return result;
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                     QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_DialogButtonBox_ButtonsHaveIcons: // Fusion's own would be none of ours
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_Widget_Animation_Duration: // nothing needs motion to be understood
        return 0;
    case SH_ItemView_ShowDecorationSelected:
        return 1;
    case SH_Table_GridLineColor:
        return static_cast<int>(mixed(shade(Role::Muted), shade(Role::Base), kGridShare).rgb());
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QRect Style::subElementRect(SubElement element, const QStyleOption *option,
                            const QWidget *widget) const
{
    if (element == SE_PushButtonFocusRect)
        return option->rect.adjusted(1, 1, -1, -1);
    if (element == SE_LineEditContents) // text does not touch the frame
        return QProxyStyle::subElementRect(element, option, widget).adjusted(4, 0, -4, 0);
    return QProxyStyle::subElementRect(element, option, widget);
}

} // namespace postern::gui
