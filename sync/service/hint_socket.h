// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QTimer>

class QWebSocket;

namespace yarrow::sync {

/// Where our server's hints come from.
struct HintAddress
{
    QString url;          ///< of the server, as in its link
    QByteArray token;     ///< of this workstation
    QByteArray caPem;     ///< the one authority to trust; empty: those of the system
    QString subscription; ///< id of the Subscription that is listened to
};

/// Hints of our server that it has something new: a FHIR Subscription over a WebSocket. One lost costs
/// nothing, because polling goes on. Lives on a thread with an event loop.
class HintSocket final : public QObject
{
    Q_OBJECT
public:
    explicit HintSocket(QObject* parent = nullptr);
    ~HintSocket() override;

    /// Ends in closed() sooner or later, at the latest when the token expires. Only where none is open.
    void open(const HintAddress& address);

Q_SIGNALS:
    void hinted();
    /// The server does not know the Subscription (any more); closed() follows.
    void subscriptionUnknown();
    void closed();

private:
    void read(const QString& message);
    void ping();
    void end();

    QWebSocket* m_socket = nullptr;
    QString m_subscription;
    QTimer m_pings;
    int m_unanswered = 0;
};

} // namespace yarrow::sync
