// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/json/json.h"

#include <QSlider>

#include <vector>

namespace postern::gui {

/// A time line: the handle is the clock, ticks are the instants of `iat`, `nbf` and `exp`.
class ClockSlider : public QSlider
{
    Q_OBJECT
public:
    struct Tick
    {
        QString name;
        Timestamp time;
    };

    explicit ClockSlider(QWidget *parent = nullptr);

    /// \param now where the session's clock stands: always on the line
    void setTicks(std::vector<Tick> ticks, Timestamp now);
    void setTime(Timestamp time); ///< without timeChosen()
    [[nodiscard]] Timestamp time() const;
    [[nodiscard]] const std::vector<Tick> &ticks() const noexcept { return m_ticks; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void timeChosen(postern::Timestamp time); ///< by the user

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int labelHeight() const;
    [[nodiscard]] int xOf(Timestamp time) const;

    std::vector<Tick> m_ticks;
    Timestamp m_begin; ///< what 0 means; a step is a second
    bool m_setting = false;
};

/// The ticks of a payload, in the order of time.
[[nodiscard]] std::vector<ClockSlider::Tick> ticksOf(const Json &payload);

} // namespace postern::gui
