// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/service/hint_socket.h"

#include "sync/service/service_tuning.h"

#include <QNetworkProxyFactory>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QUrl>
#include <QWebSocket>

#include <utility>

namespace yarrow::sync {
namespace {

constexpr quint64 kMaxMessageBytes = 4096;
constexpr int kMostUnanswered = 2;

QSslConfiguration trustOf(const QByteArray& caPem)
{
    QSslConfiguration trust = QSslConfiguration::defaultConfiguration();
    trust.setProtocol(QSsl::TlsV1_2OrLater);
    trust.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!caPem.isEmpty())
        trust.setCaCertificates(QSslCertificate::fromData(caPem, QSsl::Pem));
    return trust;
}

} // namespace

HintSocket::HintSocket(QObject* parent)
    : QObject(parent)
    , m_pings(this)
{
    m_pings.setInterval(tuning::kHintPing);
    connect(&m_pings, &QTimer::timeout, this, &HintSocket::ping);
}

HintSocket::~HintSocket()
{
    if (m_socket)
        m_socket->disconnect(this); // nobody is told any more
}

void HintSocket::open(const HintAddress& address)
{
    m_subscription = address.subscription;
    m_unanswered = 0;
    QUrl url(address.url + QStringLiteral("/fhir/ws"));
    const auto proxies = QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(url));
    const bool isEncrypted = url.scheme() == QLatin1String("https");
    url.setScheme(isEncrypted ? QStringLiteral("wss") : QStringLiteral("ws"));

    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    m_socket->setMaxAllowedIncomingMessageSize(kMaxMessageBytes);
    m_socket->setMaxAllowedIncomingFrameSize(kMaxMessageBytes);
    m_socket->setProxy(proxies.isEmpty() ? QNetworkProxy(QNetworkProxy::NoProxy) : proxies.front());
    if (isEncrypted)
        m_socket->setSslConfiguration(trustOf(address.caPem));
    connect(m_socket, &QWebSocket::connected, this,
            [this] { m_socket->sendTextMessage(QStringLiteral("bind ") + m_subscription); });
    connect(m_socket, &QWebSocket::textMessageReceived, this, &HintSocket::read);
    connect(m_socket, &QWebSocket::pong, this, [this] { m_unanswered = 0; });
    connect(m_socket, &QWebSocket::stateChanged, this, [this](QAbstractSocket::SocketState state) {
        if (state == QAbstractSocket::UnconnectedState)
            end();
    });
    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Bearer " + address.token);
    m_socket->open(request);
    m_pings.start();
}

void HintSocket::read(const QString& message)
{
    if (message.startsWith(QLatin1String("ping ")) || message.startsWith(QLatin1String("bound "))) {
        Q_EMIT hinted(); // something may have changed before it was bound
        return;
    }
    if (message.startsWith(QLatin1String("error no-such-subscription")))
        Q_EMIT subscriptionUnknown();
    m_socket->close(); // unbound, or not understood: without its subscription it is of no use
}

void HintSocket::ping()
{
    if (m_socket == nullptr)
        return;
    if (++m_unanswered > kMostUnanswered)
        m_socket->abort();
    else if (m_socket->isValid())
        m_socket->ping();
}

void HintSocket::end()
{
    QWebSocket* ended = std::exchange(m_socket, nullptr);
    if (ended == nullptr)
        return;
    m_pings.stop();
    ended->disconnect(this);
    ended->deleteLater();
    Q_EMIT closed();
}

} // namespace yarrow::sync
