// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <QWidget>

namespace yarrow {

class ChoiceCard;
class NoteBox;

/// No clinic in this profile yet: make one, or look at the demo clinic.
class FirstRunPage final : public QWidget
{
    Q_OBJECT
public:
    explicit FirstRunPage(const QString& profilePath, QWidget* parent = nullptr);
    void focusFirst();
    void setNotice(const QString& notice); ///< above everything; empty: nothing
    void showFailure(const Error& error);

Q_SIGNALS:
    void newClinicChosen();
    void demoChosen();

private:
    ChoiceCard* m_newClinic;
    NoteBox* m_note;
    NoteBox* m_notice;
};

} // namespace yarrow
