// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/store.h"

#include <QObject>

/// What every Store must do, run against each implementation by a small subclass.
class StoreConformance : public QObject
{
    Q_OBJECT
protected:
    /// A new, empty store. The one given out before may be closed.
    virtual std::unique_ptr<postern::Store> makeStore() = 0;

private Q_SLOTS:
    void init();
    void startsEmptyAtRevisionZero();
    void givesBackExactlyWhatWasPut_data();
    void givesBackExactlyWhatWasPut();
    void countsRevisionsAsEtcd();
    void putsAllOrNothing();
    void refusesFailedExpectations_data();
    void refusesFailedExpectations();
    void listsByPrefixInByteOrder();
    void deletesKeys();
    void changesNothingWithoutARevision();
    void refusesUnsoundTransactions();
    void reportsChangesToTheWatcher();
    void takesALargeTransaction();

private:
    std::unique_ptr<postern::Store> m_store;
};
