// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QObject>
#include <QTimer>

namespace yarrow {

/// Notes a search in the audit trail once it has settled: when typing has paused, or when something found was
/// opened.
class SettledSearch final : public QObject
{
    Q_OBJECT
public:
    SettledSearch(ClinicSession& session, QObject* parent);
    /// Another key was typed. An empty text is no search.
    void typed(const QString& text, int hits);
    void settle(); ///< now, if there is something to note

private:
    ClinicSession& m_session;
    QTimer m_pause;
    QString m_text;
    int m_hits = 0;
};

} // namespace yarrow
