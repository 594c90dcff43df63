// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/system_proxy.h"

#include <QNetworkProxyFactory>
#include <QNetworkProxyQuery>
#include <QUrl>

namespace yarrow::sync {

Proxy systemProxyFor(const std::string& url)
{
    const QNetworkProxyQuery query(QUrl(QString::fromStdString(url)));
    const auto proxies = QNetworkProxyFactory::systemProxyForQuery(query);
    for (const QNetworkProxy& proxy : proxies) {
        const bool isSocks = proxy.type() == QNetworkProxy::Socks5Proxy;
        if (!isSocks && proxy.type() != QNetworkProxy::HttpProxy)
            continue;
        // socks5h: the proxy looks the name up, so that a name only it knows works too.
        const std::string scheme = isSocks ? "socks5h://" : "http://";
        return {scheme + proxy.hostName().toStdString() + ":" + std::to_string(proxy.port()),
                proxy.user().toStdString(), proxy.password().toStdString()};
    }
    return {};
}

} // namespace yarrow::sync
