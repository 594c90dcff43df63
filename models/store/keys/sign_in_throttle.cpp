// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/sign_in_throttle.h"

#include "core/json.h"
#include "models/store/keys/atomic_file.h"
#include "models/store/keys/key_file_tuning.h"

#include <algorithm>
#include <map>
#include <optional>

namespace yarrow {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kFormat = 1;
constexpr int kMostFailures = 1'000'000'000;

struct Failures
{
    int count = 0;
    Instant last;
};

struct State
{
    std::map<std::string, Failures> users; ///< by account id; "" for names that nobody has
    std::optional<Failures> others;        ///< of everybody who is not in `users`, after damage
    bool changed = false;                  ///< since it was read

    [[nodiscard]] Failures of(const AccountId& user) const
    {
        const auto found = users.find(user.text());
        return found != users.end() ? found->second : others.value_or(Failures{});
    }
    void set(const AccountId& user, Failures failures)
    {
        changed = true;
        if (failures.count == 0 && !others)
            users.erase(user.text());
        else
            users[user.text()] = failures;
    }
};

Json toJson(const Failures& failures)
{
    Json json = Json::object();
    json.set("failures", failures.count);
    json.set("last", formatInstant(failures.last));
    return json;
}

std::optional<Failures> failuresFrom(const Json& json)
{
    const std::optional<std::int64_t> count = json["failures"].integer();
    const Result<Instant> last = parseInstant(json["last"].string());
    if (!count || *count < 0 || *count > kMostFailures || !last)
        return {};
    return Failures{static_cast<int>(*count), *last};
}

std::optional<State> parse(std::string_view text)
{
    const Result<Json> json = Json::parse(text, {tuning::kMaxThrottleFileBytes, 4});
    if (!json || (*json)["format"].integer() != kFormat || !(*json)["users"].isObject())
        return {};
    State state;
    for (const auto& [id, value] : (*json)["users"].members()) {
        const std::optional<Failures> failures = failuresFrom(value);
        if (!failures || (!id.empty() && !isFhirId(id)))
            return {};
        state.users[id] = *failures;
    }
    if (const Json* others = json->find("others")) {
        state.others = failuresFrom(*others);
        if (!state.others)
            return {};
    }
    return state;
}

Result<State> read(const QString& path, Instant now)
{
    const Result<std::string> text = readSmallFile(path, tuning::kMaxThrottleFileBytes);
    if (!text && text.error().code == ErrorCode::NotFound)
        return State{};
    if (!text && text.error().code != ErrorCode::LimitExceeded)
        return fail(text.error());
    if (std::optional<State> state = text ? parse(*text) : std::nullopt)
        return std::move(*state);
    State damaged;
    damaged.others = Failures{tuning::kFreeSignInFailures + 1, now};
    damaged.changed = true;
    return damaged;
}

Result<void> write(const QString& path, const State& state)
{
    Json json = Json::object();
    json.set("format", kFormat);
    Json users = Json::object();
    for (const auto& [id, failures] : state.users)
        users.set(id, toJson(failures));
    json.set("users", std::move(users));
    if (state.others)
        json.set("others", toJson(*state.others));
    return writeFileAtomically(path, json.dump());
}

milliseconds waitAfter(int failures)
{
    if (failures <= tuning::kFreeSignInFailures)
        return milliseconds(0);
    milliseconds wait = tuning::kFirstSignInWait;
    for (int i = tuning::kFreeSignInFailures + 1; i < failures && wait < tuning::kLongestSignInWait; ++i)
        wait *= 2;
    return std::min<milliseconds>(wait, tuning::kLongestSignInWait);
}

/// How long `user` still waits. A clock that was set back is noticed here, and the wait starts anew in
/// `state`.
milliseconds remaining(State& state, const AccountId& user, Instant now)
{
    Failures failures = state.of(user);
    if (failures.count > 0 && failures.last > now) {
        failures.last = now;
        state.set(user, failures);
    }
    return std::max(milliseconds(0), waitAfter(failures.count) - (now - failures.last));
}

} // namespace

Result<std::chrono::seconds> SignInThrottle::remainingWait(const AccountId& user)
{
    const Instant now = m_clock.now();
    Result<State> state = read(m_path, now);
    if (!state)
        return fail(state.error());
    const milliseconds wait = remaining(*state, user, now);
    // What was noticed must be kept, or the wait would start anew with every look.
    if (state->changed) {
        if (const auto written = write(m_path, *state); !written)
            return fail(written.error());
    }
    return std::chrono::ceil<std::chrono::seconds>(wait);
}

Result<SignInAttempt> SignInThrottle::begin(const AccountId& user)
{
    const Instant now = m_clock.now();
    Result<State> state = read(m_path, now);
    if (!state)
        return fail(state.error());
    const milliseconds wait = remaining(*state, user, now);
    const Failures before = state->of(user);
    if (wait == milliseconds(0))
        state->set(user, {std::min(before.count + 1, kMostFailures), now});
    if (state->changed) {
        if (const auto written = write(m_path, *state); !written)
            return fail(written.error());
    }
    if (wait > milliseconds(0))
        return fail(ErrorCode::Throttled,
                    std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()));
    return SignInAttempt{user, before.count, before.last};
}

Result<int> SignInThrottle::succeed(const SignInAttempt& attempt)
{
    Result<State> state = read(m_path, m_clock.now());
    if (!state)
        return fail(state.error());
    state->set(attempt.user, {});
    if (const auto written = write(m_path, *state); !written)
        return fail(written.error());
    return attempt.failuresBefore;
}

Result<void> SignInThrottle::withdraw(const SignInAttempt& attempt)
{
    Result<State> state = read(m_path, m_clock.now());
    if (!state)
        return fail(state.error());
    state->set(attempt.user, {attempt.failuresBefore, attempt.lastFailure});
    return write(m_path, *state);
}

} // namespace yarrow
