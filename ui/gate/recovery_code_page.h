// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;

namespace yarrow {

class NoteBox;

/// The recovery code of a new clinic, shown once. Going on needs the word that it was kept.
class RecoveryCodePage final : public QWidget
{
    Q_OBJECT
public:
    explicit RecoveryCodePage(QWidget* parent = nullptr);
    void setCode(const QString& clinicName, const QString& code);
    void focusFirst();
    void forget(); ///< takes the code off the screen and out of the clipboard

Q_SIGNALS:
    void confirmed();

private:
    void copy();
    void save();
    void writeTo(const QString& path);

    QString m_clinicName;
    QString m_code;
    QLabel* m_shown;
    NoteBox* m_note;
    QCheckBox* m_kept;
    QPushButton* m_copy;
    QPushButton* m_go;
};

} // namespace yarrow
