// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "gui/tokens/document.h"

#include <QAbstractTableModel>

#include <cstddef>
#include <deque>
#include <string>

namespace postern::gui {

/// The tokens that were looked at, newest first; in memory only. Signatures are not shown. Main
/// thread.
class TokenHistory : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Source, Verdict, Token, ColumnCount };
    static constexpr std::size_t kMaxRows = 200;

    using QAbstractTableModel::QAbstractTableModel;

    /// Notes a token; one that is the newest already only gets its verdict.
    void add(const std::string &token, TokenSource source, TokenState state, Timestamp now);
    [[nodiscard]] const std::string &token(int row) const;
    void clear();

    [[nodiscard]] static QString nameOf(TokenSource source);
    [[nodiscard]] static QString nameOf(TokenState state); ///< sign and word

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const final;

private:
    struct Entry
    {
        std::string token;
        TokenSource source;
        TokenState state;
        Timestamp time;
    };
    std::deque<Entry> m_entries;
};

} // namespace postern::gui
