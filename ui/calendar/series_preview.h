// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/booking_desk.h"

#include <QDate>
#include <QWidget>

#include <functional>
#include <map>
#include <string>
#include <vector>

class QLabel;
class QListWidget;
class QListWidgetItem;
class QPushButton;

namespace yarrow {

class ClinicSession;

/// The visits that are about to be saved together, each with what is in its way. A visit can be left out, or
/// be put to the next free time; what was decided about a date stays when the plan is made anew.
class SeriesPreview final : public QWidget
{
    Q_OBJECT
public:
    enum class Decision { Take, LeaveOut, NextFree };
    /// By the local day that the rule has; a day that is not named is taken as it is.
    using Decisions = std::map<QDate, Decision>;

    explicit SeriesPreview(ClinicSession& session, QWidget* parent = nullptr);

    using Done = BookingDesk::Done<SeriesPlan>;
    /// Has a plan made by `ask`, which is given where to answer; earlier questions are forgotten.
    void look(const std::function<void(QObject*, Done)>& ask);
    /// No plan, nothing asked, nothing decided.
    void clear();
    /// What is planned has changed: no answer is waited for, nothing runs when one comes. What is listed and
    /// what was decided stays.
    void outdate();
    /// Runs `then` once the plan is there (at once, when it is); not when it fails or another is asked for.
    void whenReady(std::function<void()> then);

    [[nodiscard]] bool isReady() const noexcept { return m_isReady; }
    [[nodiscard]] bool isEmpty() const; ///< nothing is left of it
    [[nodiscard]] bool hasObstacles() const;
    /// Whether one that is not left out is booked over another.
    [[nodiscard]] bool needsReason() const;
    /// What is to be saved, by planned start; `overbookReason` goes to those that need one.
    [[nodiscard]] std::vector<AppointmentRow> chosen(const std::string& overbookReason) const;
    [[nodiscard]] std::vector<QDate> leftOut() const; ///< days of the clinic
    [[nodiscard]] const Decisions& decisions() const noexcept { return m_decisions; }
    /// Holds for the plan that comes next.
    void setDecisions(Decisions decisions);
    void focusList();

Q_SIGNALS:
    void changed(); ///< a plan has come, or something was decided

private:
    void show(SeriesPlan plan);
    void refuse(const Error& error);
    void showRow(int row);
    void showSummary();
    void decide(int row, Decision decision);
    void takeNextFree();
    void leaveOutTaken();
    void drop();
    [[nodiscard]] QDate dayOf(const PlannedVisit& visit) const;
    [[nodiscard]] Decision decisionOf(const PlannedVisit& visit) const;

    ClinicSession& m_session;
    SeriesPlan m_plan;
    Decisions m_decisions;
    bool m_isReady = false;
    bool m_loading = false;
    int m_asked = 0; ///< answers to earlier questions are not looked at
    std::function<void()> m_then;

    QLabel* m_summary;
    QListWidget* m_list;
    QPushButton* m_leaveOutTaken;
    QPushButton* m_nextFree;
};

} // namespace yarrow
