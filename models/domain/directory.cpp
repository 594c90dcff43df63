// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/directory.h"

#include <algorithm>
#include <chrono>

namespace yarrow {
namespace {

template <class T, class IdType>
const T* find(const std::vector<T>& entries, const IdType& id)
{
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const T& entry) { return entry.id == id; });
    return found == entries.end() ? nullptr : &*found;
}

/// An entry that became inactive goes; one that is not listed is not put in.
template <class T>
void replace(std::vector<T>& entries, const T& changed)
{
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const T& entry) { return entry.id == changed.id; });
    if (found == entries.end())
        return;
    if (changed.active)
        *found = changed;
    else
        entries.erase(found);
}

struct Change
{
    Directory& directory;

    void operator()(const ClinicEntry& clinic) const
    {
        directory.clinicHours = clinic.location.value.hours;
        directory.closures = clinic.location.value.closures;
    }
    void operator()(const Revised<Location>& room) const { replace(directory.rooms, room.value); }
    void operator()(const Revised<Device>& device) const { replace(directory.devices, device.value); }
    void operator()(const Revised<HealthcareService>& service) const
    {
        replace(directory.services, service.value);
    }
    void operator()(const StaffEntry& entry) const
    {
        replace(directory.practitioners, entry.practitioner.value);
        if (entry.role.revision == 0 && entry.role.value.active)
            directory.roles.push_back(entry.role.value); // the first hours somebody has of their own
        else
            replace(directory.roles, entry.role.value);
    }
};

bool overlaps(const WeeklyHours& hours)
{
    return std::any_of(hours.days.begin(), hours.days.end(), [](const std::vector<LocalRange>& day) {
        return std::any_of(day.begin(), day.end(), [&](const LocalRange& range) {
            const bool reachesMidnight = range.until == QTime(0, 0);
            return std::any_of(day.begin(), day.end(), [&](const LocalRange& other) {
                return &other != &range && other.from >= range.from &&
                       (reachesMidnight || other.from < range.until);
            });
        });
    });
}

bool endsNotAfterStart(const WeeklyHours& hours)
{
    return std::any_of(hours.days.begin(), hours.days.end(), [](const std::vector<LocalRange>& day) {
        return std::any_of(day.begin(), day.end(), [](const LocalRange& range) {
            return range.until != QTime(0, 0) && range.until <= range.from;
        });
    });
}

bool endsNotAfterStart(const std::vector<Blockout>& blockouts)
{
    return std::any_of(blockouts.begin(), blockouts.end(),
                       [](const Blockout& blockout) { return blockout.when.end <= blockout.when.start; });
}

struct Rules
{
    std::vector<DirectoryProblem> problems;

    void require(bool holds, DirectoryProblem problem)
    {
        if (!holds)
            problems.push_back(problem);
    }
    void checkTimes(const WeeklyHours& hours, const std::vector<Blockout>& blockouts)
    {
        require(!overlaps(hours), DirectoryProblem::HoursOverlap);
        require(!endsNotAfterStart(hours) && !endsNotAfterStart(blockouts),
                DirectoryProblem::EndNotAfterStart);
    }
    void operator()(const ClinicEntry& clinic)
    {
        checkTimes(clinic.location.value.hours, clinic.location.value.closures);
    }
    void operator()(const Revised<Location>& room)
    {
        require(!room.value.name.trimmed().isEmpty(), DirectoryProblem::NoName);
        checkTimes(room.value.hours, room.value.closures);
    }
    void operator()(const Revised<Device>& device)
    {
        require(!device.value.name.trimmed().isEmpty(), DirectoryProblem::NoName);
    }
    void operator()(const Revised<HealthcareService>& service)
    {
        constexpr std::chrono::hours kDay(24);
        const HealthcareService& value = service.value;
        require(!value.name.trimmed().isEmpty(), DirectoryProblem::NoName);
        const bool isPositive = value.defaultDuration.count() > 0 && value.bufferBefore.count() >= 0 &&
                                value.bufferAfter.count() >= 0;
        require(isPositive && value.bufferBefore + value.defaultDuration + value.bufferAfter <= kDay,
                DirectoryProblem::NoDuration);
    }
    void operator()(const StaffEntry& entry)
    {
        const auto& names = entry.practitioner.value.names;
        require(std::any_of(names.begin(), names.end(),
                            [](const HumanName& name) { return !name.family.trimmed().isEmpty(); }),
                DirectoryProblem::NoName);
        checkTimes(entry.role.value.hours, entry.role.value.blockouts);
    }
};

} // namespace

BookableActor Directory::availability(const PractitionerId& practitioner) const
{
    BookableActor actor;
    for (const PractitionerRole& role : roles) {
        if (role.practitioner != practitioner)
            continue;
        for (std::size_t day = 0; day < role.hours.days.size(); ++day)
            actor.hours.days[day].insert(actor.hours.days[day].end(), role.hours.days[day].begin(),
                                         role.hours.days[day].end());
        actor.blockouts.insert(actor.blockouts.end(), role.blockouts.begin(), role.blockouts.end());
    }
    actor.blockouts.insert(actor.blockouts.end(), closures.begin(), closures.end());
    return actor;
}

BookableActor Directory::availability(const Location& room) const
{
    BookableActor actor{room.hours, room.closures, {}};
    actor.blockouts.insert(actor.blockouts.end(), closures.begin(), closures.end());
    return actor;
}

BookableActor Directory::availability(const Device& /*device*/) const
{
    return {{}, closures, {}};
}

bool isAvailable(const TimeRange& when, const BookableActor& actor, const WeeklyHours& clinicHours,
                 const QTimeZone& zone)
{
    const WeeklyHours& hours = actor.hours.hasHours() ? actor.hours : clinicHours;
    std::vector<TimeRange> open;
    const QDate last = toLocalDate(when.end, zone);
    for (QDate day = toLocalDate(when.start, zone); day <= last; day = day.addDays(1)) {
        const auto ranges = workingTime(hours, day, zone);
        open.insert(open.end(), ranges.begin(), ranges.end());
    }
    std::vector<TimeRange> blocked;
    for (const Blockout& blockout : actor.blockouts)
        blocked.push_back(blockout.when);
    const auto left = difference(normalized(std::move(open)), normalized(std::move(blocked)));
    return intersection(left, {when}) == std::vector<TimeRange>{when};
}

bool fits(const Directory& directory, const Appointment& appointment, const QTimeZone& zone)
{
    const TimeRange when{appointment.start, appointment.end};
    const auto has = [&](const BookableActor& actor) {
        return isAvailable(when, actor, directory.clinicHours, zone);
    };
    if (!appointment.practitioner.isEmpty() &&
        (find(directory.practitioners, appointment.practitioner) == nullptr ||
         !has(directory.availability(appointment.practitioner))))
        return false;
    if (!appointment.room.isEmpty()) {
        const Location* room = find(directory.rooms, appointment.room);
        // The clinic's hours bind who works in the room; a room without hours of its own is always there.
        if (room == nullptr || (room->hours.hasHours() && !has(directory.availability(*room))))
            return false;
        for (const Blockout& closure : room->closures)
            if (closure.when.start < when.end && when.start < closure.when.end)
                return false;
    }
    return appointment.device.isEmpty() || find(directory.devices, appointment.device) != nullptr;
}

Directory withChange(Directory directory, const DirectoryChange& change)
{
    std::visit(Change{directory}, change);
    return directory;
}

std::vector<DirectoryProblem> validate(const DirectoryChange& change)
{
    Rules rules;
    std::visit(rules, change);
    return std::move(rules.problems);
}

} // namespace yarrow
