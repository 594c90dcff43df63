// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/conflict_item.h"

#include <QFrame>

#include <optional>
#include <vector>

class QListWidget;

namespace yarrow {

/// A booking whose time was taken: what was wished for, who has the time, and the next openings to choose
/// from.
class BookingChoice final : public QFrame
{
    Q_OBJECT
public:
    BookingChoice(ClinicSession& session, const ConflictDetails& conflict, QWidget* parent = nullptr);

    enum class Chosen { Wished, Opening, Leave };
    [[nodiscard]] std::optional<Chosen> chosen() const;
    [[nodiscard]] Opening opening() const; ///< the one chosen
    [[nodiscard]] QString outcome() const; ///< the choice as a sentence
    void setChangeable(bool changeable);
    void focusChoice();

Q_SIGNALS:
    void changed();
    void confirmed(); ///< Enter on a choice

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addWish(const ConflictDetails& conflict);
    void addOpenings(const Appointment& wished);
    [[nodiscard]] QString dayAndTime(Instant start) const;
    [[nodiscard]] QString placeOf(const PractitionerId& practitioner, const LocationId& room) const;

    ClinicSession& m_session;
    std::vector<Opening> m_openings;
    QListWidget* m_list;
};

} // namespace yarrow
