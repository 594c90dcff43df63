// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/curl_transport.h"

#include "sync/transport/gzip.h"

#include <curl/curl.h>

#include <algorithm>
#include <csignal>
#include <ctime>

namespace yarrow::sync {
namespace {

using Steady = std::chrono::steady_clock;

struct FreeList
{
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void append(HeaderList& list, const std::string& line)
{
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    YARROW_ASSERT(longer != nullptr);
    static_cast<void>(list.release());
    list.reset(longer);
}

bool isHeaderText(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

template <class Value>
void set(CURL* curl, CURLoption option, Value value)
{
    YARROW_ASSERT(curl_easy_setopt(curl, option, value) == CURLE_OK);
}

template <class Value>
Value info(CURL* curl, CURLINFO which)
{
    Value value{};
    curl_easy_getinfo(curl, which, &value);
    return value;
}

/// A write to a connection that has gone raises SIGPIPE, and OpenSSL does not hold it back; it would end the
/// program. Kept from this thread while one of these stands.
class WithoutSigpipe
{
public:
    WithoutSigpipe()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        m_wasPending = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~WithoutSigpipe()
    {
        const timespec atOnce{};
        if (!m_wasPending)
            sigtimedwait(&m_pipe, nullptr, &atOnce); // takes it away, if there is one
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    WithoutSigpipe(const WithoutSigpipe&) = delete;
    WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

private:
    sigset_t m_pipe{};
    sigset_t m_before{};
    bool m_wasPending = false;
};

CURLcode perform(CURL* curl)
{
    const WithoutSigpipe quiet;
    return curl_easy_perform(curl);
}

TransportError::Reason reasonOf(CURLcode code, bool sent)
{
    using Reason = TransportError::Reason;
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return Reason::TimedOut;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return Reason::Untrusted;
    default:
        return sent ? Reason::CutOff : Reason::Unreachable;
    }
}

} // namespace

struct CurlTransport::Handle
{
    Handle()
    {
        static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
        YARROW_ASSERT(kReady == CURLE_OK);
        curl = curl_easy_init();
        YARROW_ASSERT(curl != nullptr);
    }
    ~Handle()
    {
        const WithoutSigpipe quiet;
        curl_easy_cleanup(curl);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    CURL* curl = nullptr;
};

/// One request and what has come of it; libcurl's callbacks end here.
class CurlTransport::Exchange
{
public:
    Exchange(const HttpRequest& request, const Options& options, const std::atomic_bool* cancelled)
        : m_request(request)
        , m_options(options)
        , m_cancelled(cancelled)
    {}

    void prepare(CURL* curl, const std::string& url);
    [[nodiscard]] tl::expected<HttpResponse, TransportError> conclude(CURL* curl, CURLcode code);

    [[nodiscard]] std::int64_t headBytes() const noexcept { return m_headBytes; }

private:
    enum class Stop { No, Cancelled, Stalled, TooLarge, Repeated };

    void prepareBody(CURL* curl, HeaderList& headers);
    void prepareTrust(CURL* curl);

    static int onBegin(void* self, char*, char*, int, int) noexcept;
    static std::size_t onHeader(char* data, std::size_t, std::size_t size, void* self);
    static std::size_t onBody(char* data, std::size_t, std::size_t size, void* self);
    static int onProgress(void* self, curl_off_t, curl_off_t received, curl_off_t toSend,
                          curl_off_t sent) noexcept;

    const HttpRequest& m_request;
    const Options& m_options;
    const std::atomic_bool* m_cancelled;
    HeaderList m_headers;
    std::string m_packed;
    std::int64_t m_headBytes = 0;
    char m_error[CURL_ERROR_SIZE] = {};

    int m_begun = 0; ///< how often it was given to a connection
    Stop m_stop = Stop::No;
    HttpResponse m_response;
    bool m_hasHead = false; ///< to its last line: libcurl takes an answer that ends before for a whole one
    curl_off_t m_moved = 0; ///< bytes, both ways
    Steady::time_point m_movedAt = Steady::now();
};

void CurlTransport::Exchange::prepare(CURL* curl, const std::string& url)
{
    set(curl, CURLOPT_URL, url.c_str());
    set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    set(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(curl, CURLOPT_FOLLOWLOCATION, 0L);
    set(curl, CURLOPT_NOSIGNAL, 1L);
    set(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    set(curl, CURLOPT_MAXAGE_CONN, static_cast<long>(tuning::kMaxIdle.count()));
    set(curl, CURLOPT_MAXCONNECTS, 1L);
    set(curl, CURLOPT_BUFFERSIZE, tuning::kReadBytes);
    set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_options.connectTime.count()));
    set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(std::chrono::milliseconds(m_request.timeout).count()));
    set(curl, CURLOPT_ERRORBUFFER, static_cast<char*>(m_error));
    set(curl, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    set(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    prepareTrust(curl);

    set(curl, CURLOPT_PREREQFUNCTION, &Exchange::onBegin);
    set(curl, CURLOPT_PREREQDATA, this);
    set(curl, CURLOPT_HEADERFUNCTION, &Exchange::onHeader);
    set(curl, CURLOPT_HEADERDATA, this);
    set(curl, CURLOPT_WRITEFUNCTION, &Exchange::onBody);
    set(curl, CURLOPT_WRITEDATA, this);
    set(curl, CURLOPT_NOPROGRESS, 0L);
    set(curl, CURLOPT_XFERINFOFUNCTION, &Exchange::onProgress);
    set(curl, CURLOPT_XFERINFODATA, this);

    append(m_headers, "User-Agent: Yarrow");
    append(m_headers, "Expect:"); // no 100-continue: a 417 would make libcurl send the request again
    for (const auto& [name, value] : m_request.headers.fields())
        append(m_headers, value.empty() ? name + ";" : name + ": " + value);
    prepareBody(curl, m_headers);
    for (const curl_slist* line = m_headers.get(); line != nullptr; line = line->next)
        m_headBytes += static_cast<std::int64_t>(std::string_view(line->data).size()) + 2;
    m_headBytes += static_cast<std::int64_t>(url.size());
    set(curl, CURLOPT_HTTPHEADER, m_headers.get());
}

void CurlTransport::Exchange::prepareBody(CURL* curl, HeaderList& headers)
{
    const bool mayHaveBody = m_request.method == Method::Post || m_request.method == Method::Put;
    if (!mayHaveBody) {
        set(curl, CURLOPT_HTTPGET, 1L);
        if (m_request.method == Method::Delete)
            set(curl, CURLOPT_CUSTOMREQUEST, methodName(m_request.method));
        return;
    }
    const std::string* body = &m_request.body;
    if (m_options.packRequests && body->size() >= tuning::kPackFrom &&
        m_request.headers.find("Content-Encoding").empty()) {
        m_packed = packGzip(*body);
        body = &m_packed;
        append(headers, "Content-Encoding: gzip");
    }
    if (m_request.headers.find("Content-Type").empty())
        append(headers, "Content-Type:"); // else libcurl says it is a form
    set(curl, CURLOPT_POST, 1L);
    set(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    set(curl, CURLOPT_POSTFIELDS, body->data());
    if (m_request.method != Method::Post)
        set(curl, CURLOPT_CUSTOMREQUEST, methodName(m_request.method));
}

void CurlTransport::Exchange::prepareTrust(CURL* curl)
{
    set(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    set(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (m_options.caPem.empty())
        return;
    // The blob replaces the system's file of authorities, but not its folder.
    set(curl, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    curl_blob blob{};
    blob.data = const_cast<char*>(m_options.caPem.data()); // libcurl only reads it
    blob.len = m_options.caPem.size();
    blob.flags = CURL_BLOB_NOCOPY;
    set(curl, CURLOPT_CAINFO_BLOB, &blob);
}

/// Called each time the request is about to go onto a connection, so a second time is libcurl's own
/// repetition.
int CurlTransport::Exchange::onBegin(void* self, char*, char*, int, int) noexcept
{
    auto& exchange = *static_cast<Exchange*>(self);
    if (++exchange.m_begun > 1 && exchange.m_request.method != Method::Get) {
        exchange.m_stop = Stop::Repeated;
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

std::size_t CurlTransport::Exchange::onHeader(char* data, std::size_t, std::size_t size, void* self)
{
    auto& exchange = *static_cast<Exchange*>(self);
    std::string_view line(data, size);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {
        exchange.m_response.headers = {}; // what came before belonged to an interim answer
        exchange.m_hasHead = false;
        return size;
    }
    if (line.empty())
        exchange.m_hasHead = true;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return size;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
        value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
        value.remove_suffix(1);
    exchange.m_response.headers.add(std::string(line.substr(0, colon)), std::string(value));
    return size;
}

std::size_t CurlTransport::Exchange::onBody(char* data, std::size_t, std::size_t size, void* self)
{
    auto& exchange = *static_cast<Exchange*>(self);
    std::string& body = exchange.m_response.body;
    if (size > exchange.m_options.maxAnswerBytes - body.size()) {
        exchange.m_stop = Stop::TooLarge;
        return 0;
    }
    body.append(data, size);
    return size;
}

int CurlTransport::Exchange::onProgress(void* self, curl_off_t, curl_off_t received, curl_off_t toSend,
                                        curl_off_t sent) noexcept
{
    auto& exchange = *static_cast<Exchange*>(self);
    if (exchange.m_cancelled != nullptr && *exchange.m_cancelled) {
        exchange.m_stop = Stop::Cancelled;
        return 1;
    }
    const auto now = Steady::now();
    const bool shouldMove = exchange.m_begun > 0 && (sent < toSend || received > 0);
    if (!shouldMove || received + sent != exchange.m_moved) {
        exchange.m_moved = received + sent;
        exchange.m_movedAt = now;
    } else if (now - exchange.m_movedAt > exchange.m_options.stallTime) {
        exchange.m_stop = Stop::Stalled;
        return 1;
    }
    return 0;
}

tl::expected<HttpResponse, TransportError> CurlTransport::Exchange::conclude(CURL* curl, CURLcode code)
{
    using Reason = TransportError::Reason;
    if (code == CURLE_OK && !m_hasHead)
        return tl::unexpected(TransportError{Reason::CutOff, true, "the answer ended within its head"});
    if (code == CURLE_OK) {
        m_response.status = static_cast<int>(info<long>(curl, CURLINFO_RESPONSE_CODE));
        return std::move(m_response);
    }
    const bool sent = m_begun > 0 && info<long>(curl, CURLINFO_REQUEST_SIZE) > 0;
    TransportError error{reasonOf(code, sent), sent, m_error[0] != '\0' ? m_error : curl_easy_strerror(code)};
    switch (m_stop) {
    case Stop::No:
        break;
    case Stop::Cancelled:
        error.reason = Reason::Cancelled;
        error.detail = "cancelled";
        break;
    case Stop::Stalled:
        error.reason = Reason::TimedOut;
        error.detail = "nothing moved any more";
        break;
    case Stop::TooLarge:
        error.reason = Reason::TooLarge;
        error.detail = "the answer is larger than " + std::to_string(m_options.maxAnswerBytes) + " bytes";
        break;
    case Stop::Repeated:
        error.reason = Reason::CutOff;
        error.detail = "the connection ended before an answer began";
        break;
    }
    return tl::unexpected(std::move(error));
}

CurlTransport::CurlTransport(Options options, const std::atomic_bool* cancelled)
    : m_options(std::move(options))
    , m_cancelled(cancelled)
    , m_handle(std::make_unique<Handle>())
{}

CurlTransport::~CurlTransport() = default;

/// Nothing of these goes out: not the token, and not a byte that could become a header of its own.
std::optional<TransportError> CurlTransport::refusalOf(const HttpRequest& request) const
{
    using Reason = TransportError::Reason;
    if (!m_options.server.isEncrypted() && !m_options.allowPlainHttp && !m_options.server.isThisMachine())
        return TransportError{Reason::Untrusted, false, "http without TLS leads to another machine"};
    for (const auto& [name, value] : request.headers.fields()) {
        if (!isHeaderText(name) || !isHeaderText(value))
            return TransportError{Reason::Untrusted, false, "a header field has a line break"};
    }
    return std::nullopt;
}

void CurlTransport::route(const std::string& url)
{
    CURL* curl = m_handle->curl;
    if (m_options.server.isThisMachine()) {
        set(curl, CURLOPT_PROXY, "");
        return;
    }
    if (!m_proxy)
        m_proxy = m_options.proxyFor(url);
    if (m_proxy->url.empty())
        return; // the environment's, which libcurl reads itself
    set(curl, CURLOPT_PROXY, m_proxy->url.c_str());
    if (!m_proxy->user.empty()) {
        set(curl, CURLOPT_PROXYUSERNAME, m_proxy->user.c_str());
        set(curl, CURLOPT_PROXYPASSWORD, m_proxy->password.c_str());
    }
}

tl::expected<HttpResponse, TransportError> CurlTransport::send(const HttpRequest& request)
{
    if (auto refusal = refusalOf(request))
        return tl::unexpected(std::move(*refusal));
    const auto url = m_options.server.resolve(request.url);
    if (!url)
        return tl::unexpected(TransportError{TransportError::Reason::Untrusted, false,
                                             "an address leads to another server; nothing was sent there"});
    CURL* curl = m_handle->curl;
    curl_easy_reset(curl); // keeps the connection
    Exchange exchange(request, m_options, m_cancelled);
    exchange.prepare(curl, *url);
    route(*url);
    const CURLcode code = perform(curl);

    ++m_traffic.requests;
    m_traffic.bytesSent += exchange.headBytes() + info<curl_off_t>(curl, CURLINFO_SIZE_UPLOAD_T);
    m_traffic.bytesReceived +=
        info<long>(curl, CURLINFO_HEADER_SIZE) + info<curl_off_t>(curl, CURLINFO_SIZE_DOWNLOAD_T);
    auto concluded = exchange.conclude(curl, code);
    if (!concluded)
        m_proxy.reset(); // a machine that moves finds other settings
    return concluded;
}

} // namespace yarrow::sync
