// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/problem_response.h"

#include "server/db/connection.h"
#include "server/fhir/outcome.h"
#include "server/ops/log.h"

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <new>
#include <stdexcept>
#include <typeinfo>

namespace yarrow::server {
namespace {

bool isUnderFhir(std::string_view path) noexcept
{
    constexpr std::string_view kBase = "/fhir";
    return path.substr(0, kBase.size()) == kBase &&
           (path.size() == kBase.size() || path[kBase.size()] == '/');
}

Problem unavailable()
{
    return {503, "database-unavailable", "The database cannot be reached at the moment.", {}, {}, {}};
}

Problem busy()
{
    return {503, "database-busy", "The database is busy with the same records; try again.", {}, {}, {}};
}

// Classes and codes of appendix A of PostgreSQL's manual.
Problem problemOfSql(const pqxx::sql_error& error, const std::string& requestId)
{
    const std::string& state = error.sqlstate();
    const std::string_view group = std::string_view(state).substr(0, 2);
    ops::log(ops::LogLevel::Warning, "database-refused", {{"request", requestId}, {"sqlstate", state}});
    if (group == "08" || state == "57P01" || state == "57P02" || state == "57P03" || state == "25P03")
        return unavailable(); // connection lost, shutting down, starting up
    if (group == "40" || state == "55P03" || state == "57014" || group == "53")
        return busy(); // serialization, deadlock, lock or statement time-out, out of resources
    if (group == "22")
        return {400, "bad-value", "A value of the request is none that the database knows.", {}, {}, {}};
    return {500, "internal-error", "Something went wrong on the server.", {}, {}, {}};
}

} // namespace

const char* statusText(int status) noexcept
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 406:
        return "Not Acceptable";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 411:
        return "Length Required";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 424:
        return "Failed Dependency";
    case 426:
        return "Upgrade Required";
    case 428:
        return "Precondition Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    default:
        return "Error";
    }
}

Response problemResponse(const Problem& problem, const Request& request)
{
    Response response;
    response.status = problem.status;
    if (isUnderFhir(request.path)) {
        response.headers.set("Content-Type", "application/fhir+json; charset=utf-8");
        response.body = fhir::outcomeOf(problem);
    } else {
        boost::json::object document{{"type", "urn:yarrow:problem:" + problem.code},
                                     {"title", statusText(problem.status)},
                                     {"status", problem.status},
                                     {"detail", problem.detail},
                                     {"code", problem.code},
                                     {"requestId", request.id}};
        if (!problem.expression.empty())
            document["expression"] = problem.expression;
        if (!problem.reference.empty())
            document["reference"] = problem.reference;
        response.headers.set("Content-Type", "application/problem+json");
        response.body = boost::json::serialize(document);
    }
    if (problem.status == 401)
        response.headers.set("WWW-Authenticate", "Bearer realm=\"yarrow\"");
    if (problem.status == 503)
        response.headers.set("Retry-After", "1");
    for (const auto& [name, value] : problem.headers)
        response.headers.set(name, value);
    return response;
}

Problem problemOfException(const std::string& requestId)
{
    try {
        throw;
    } catch (const pqxx::transaction_rollback&) { // before sql_error: libpqxx 7 derives it from that
        return busy();
    } catch (const pqxx::sql_error& error) {
        return problemOfSql(error, requestId);
    } catch (const db::UnstorableText&) {
        return {400, "bad-value", "A text of the request holds the character U+0000.", {}, {}, {}};
    } catch (const pqxx::broken_connection&) {
        ops::log(ops::LogLevel::Warning, "database-lost", {{"request", requestId}});
        return unavailable();
    } catch (const pqxx::in_doubt_error&) {
        ops::log(ops::LogLevel::Error, "commit-in-doubt", {{"request", requestId}});
        return unavailable();
    } catch (const std::bad_alloc&) {
        ops::log(ops::LogLevel::Error, "out-of-memory", {{"request", requestId}});
        return {503, "overloaded", "The server is out of memory at the moment.", {}, {}, {}};
    } catch (const std::exception& error) {
        // what() may quote data; the type does not.
        ops::log(ops::LogLevel::Error, "handler-failed",
                 {{"request", requestId}, {"type", typeid(error).name()}});
    } catch (...) {
        ops::log(ops::LogLevel::Error, "handler-failed", {{"request", requestId}, {"type", "unknown"}});
    }
    return {500, "internal-error", "Something went wrong on the server.", {}, {}, {}};
}

} // namespace yarrow::server
