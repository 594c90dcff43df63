// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "ui/frame/page.h"

#include <vector>

class QStackedWidget;
class QTabBar;

namespace yarrow {

class AccountsSection;
class ClinicForm;
class EntryFrame;
class EntrySection;
class ErasurePanel;

/// The clinic as reception plans with it: opening hours and closed days, rooms, devices, visit types,
/// practitioners; and who may sign in. For those who may change the directory.
class SetupPage final : public Page
{
    Q_OBJECT
public:
    explicit SetupPage(ClinicSession& session, QWidget* parent = nullptr);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override { return QStringLiteral("clinic"); }
    [[nodiscard]] QList<KeyHint> keyHints() const override;
    void activated() override;
    void saveDrafts() override;
    [[nodiscard]] QStringList tourStops() const override;
    void showTourStop(const QString& stop) override;

    enum Section { Hours, Rooms, Devices, VisitTypes, Staff, Accounts, Erasure };
    void showSection(int section);

private:
    void addSection(const QString& title, QWidget* content);
    EntrySection* makeRooms();
    EntrySection* makeDevices();
    EntrySection* makeVisitTypes();
    EntrySection* makeStaff();
    void readClinic();

    ClinicSession& m_session;
    QTabBar* m_tabs;
    QStackedWidget* m_stack;
    ClinicForm* m_clinic;
    ErasurePanel* m_erasure = nullptr;     ///< for administrators
    AccountsSection* m_accounts = nullptr; ///< for administrators
    std::vector<EntrySection*> m_sections; ///< from Rooms on
    std::vector<EntryFrame*> m_lists;      ///< these, and the accounts
};

} // namespace yarrow
