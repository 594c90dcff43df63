// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QByteArray>
#include <QString>

#include <vector>

class QJsonObject;

namespace yarrow {

/// What is typed of appointments and not saved: a place for each appointment, the same on all pages, and one
/// for each new booking of a page. No draft takes the place of another, and what goes is only ever what was
/// put there from here, or what somebody was asked about.
class AppointmentDrafts
{
public:
    /// New bookings are those of `page`. The session must outlive it.
    AppointmentDrafts(ClinicSession& session, const QString& page);

    /// The form begins with that appointment; empty: with a new booking, in a place of its own.
    void begin(const AppointmentId& id);
    /// The form has again what is in that place, or was.
    void goOn(const QString& place);
    [[nodiscard]] const QString& place() const noexcept { return m_place; } ///< of what is in the form
    /// What is typed by now; empty when nothing is unsaved any more, then what was kept before goes.
    void keep(const QByteArray& content);
    /// That draft goes, unless another stands there by now.
    void remove(const QString& place, const QByteArray& content);
    void discard(const QString& place); ///< whatever is there

    [[nodiscard]] QByteArray in(const QString& place) const; ///< empty: there is none
    /// Places that are not empty: of appointments, and of this page's new bookings. What is in the form comes
    /// first.
    [[nodiscard]] std::vector<QString> places() const;

private:
    [[nodiscard]] QJsonObject all() const;
    void put(const QString& place, const QByteArray& content);

    ClinicSession& m_session;
    QString m_new;     ///< what the places of new bookings begin with
    int m_lastNew = 0; ///< the number of the last one
    QString m_place;
    QByteArray m_kept; ///< from here
};

} // namespace yarrow
