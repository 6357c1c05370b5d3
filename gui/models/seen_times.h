// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"

#include <QByteArray>
#include <QObject>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gui {

class Session;

/// When each consumer was seen last in the traffic of this session. Traces are read in the
/// background. Main thread.
class SeenTimes : public QObject
{
    Q_OBJECT
public:
    explicit SeenTimes(Session &session, QObject *parent = nullptr);
    [[nodiscard]] std::optional<Timestamp> of(std::string_view consumer) const;

Q_SIGNALS:
    void seen(const std::vector<std::string> &consumers);

private:
    using Times = std::map<std::string, Timestamp, std::less<>>;
    void read(const std::vector<QByteArray> &traces);
    void take(const Times &times);

    Times m_times;
};

} // namespace postern::gui
