// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QByteArray>
#include <QString>

namespace yarrow {

/// A form's place among the drafts. The same form of another page writes to it as well, so what goes is only
/// ever what was put there from here, or what somebody was asked about.
class DraftSlot
{
public:
    /// The session must outlive it.
    DraftSlot(ClinicSession& session, QString form);

    [[nodiscard]] QByteArray content() const { return m_session.draft(m_form); } ///< empty: there is none
    /// What is typed by now; empty when nothing is unsaved any more, then what was kept before goes.
    void keep(const QByteArray& content);
    /// That draft goes, unless another stands there by now.
    void remove(const QByteArray& content);
    void clear(); ///< whatever is there
    /// What is there, to be continued in this form.
    [[nodiscard]] QByteArray resume();
    /// The form begins anew; what was kept stays there.
    void leave() { m_kept.clear(); }

private:
    ClinicSession& m_session;
    QString m_form;
    QByteArray m_kept; ///< from here
};

} // namespace yarrow
