// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/frame/page.h"

#include <QPointer>
#include <QWidget>

#include <utility>

class QFrame;

namespace yarrow {

/// All keys at a glance (F1), over the window. Arrow keys scroll it, any other key or a click puts it away.
class KeySheet final : public QWidget
{
    Q_OBJECT
public:
    using Section = std::pair<QString, QList<KeyHint>>;

    explicit KeySheet(QWidget* window);
    void open(const QList<Section>& sections);
    void close();

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    QFrame* m_card = nullptr;
    QPointer<QWidget> m_focusBefore;
};

} // namespace yarrow
