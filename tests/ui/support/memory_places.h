// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/directory.h"
#include "models/items/clinic_session.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace yarrow {

/// Who and what can be booked in a clinic in memory, when, and what of that is free.
class MemoryPlaces
{
public:
    // What a test arranges.
    void setClinicHours(WeeklyHours hours) { m_clinicHours = std::move(hours); }
    void setClosures(std::vector<Blockout> closures) { m_closures = std::move(closures); }
    PractitionerId addPractitioner(const QString& name, const QString& specialty,
                                   BookableActor availability = {})
    {
        const auto id = PractitionerId::known("pr-" + std::to_string(m_practitioners.size() + 1));
        m_practitioners.push_back({id, name, specialty, std::move(availability)});
        return id;
    }
    LocationId addRoom(const QString& name)
    {
        Location room;
        room.id = LocationId::known("room-" + std::to_string(m_rooms.size() + 1));
        room.name = name;
        m_rooms.push_back(room);
        return room.id;
    }
    /// Its hours and closures, as a test wants them.
    void editRoom(const LocationId& id, const std::function<void(Location&)>& edit)
    {
        for (Location& room : m_rooms)
            if (room.id == id)
                edit(room);
    }
    HealthcareServiceId addService(const QString& name, std::chrono::minutes duration)
    {
        HealthcareService service;
        service.id = HealthcareServiceId::known("service-" + std::to_string(m_services.size() + 1));
        service.name = name;
        service.defaultDuration = duration;
        m_services.push_back(service);
        return service.id;
    }
    /// What a visit type needs, as a test wants it.
    void editService(const HealthcareServiceId& id, const std::function<void(HealthcareService&)>& edit)
    {
        for (HealthcareService& service : m_services)
            if (service.id == id)
                edit(service);
    }
    DeviceId addDevice(const QString& name)
    {
        Device device;
        device.id = DeviceId::known("device-" + std::to_string(m_devices.size() + 1));
        device.name = name;
        m_devices.push_back(device);
        return device.id;
    }

    /// With what is `booked` by now.
    [[nodiscard]] OpeningsQuery queryOf(const OpeningsRequest& request,
                                        const std::vector<Appointment>& booked) const
    {
        OpeningsQuery query;
        query.duration = request.duration;
        query.earliest = request.earliest;
        query.days = request.days;
        query.timeOfDay = request.timeOfDay;
        query.limit = static_cast<std::size_t>(request.limit);
        query.clinicHours = m_clinicHours;
        query.closures = m_closures;
        query.zone = m_zone;
        for (const auto& practitioner : m_practitioners) {
            if (request.practitioner && *request.practitioner != practitioner.id)
                continue;
            BookableActor actor = practitioner.availability;
            actor.busy =
                busy(booked, [&](const Appointment& a) { return a.practitioner == practitioner.id; });
            query.practitioners.emplace_back(practitioner.id, actor);
        }
        HealthcareService type;
        for (const HealthcareService& service : m_services)
            if (service.id == request.service)
                type = service;
        query.bufferBefore = type.bufferBefore;
        query.bufferAfter = type.bufferAfter;
        const auto isOneOf = [](const auto& wanted, const auto& id) {
            return std::find(wanted.begin(), wanted.end(), id) != wanted.end();
        };
        for (const Device& device : m_devices) {
            if (!isOneOf(type.devices, device.id))
                continue;
            BookableActor actor;
            actor.busy = busy(booked, [&](const Appointment& a) { return a.device == device.id; });
            query.devices.emplace_back(device.id, actor);
        }
        if (request.needsRoom && type.needsRoom)
            for (const auto& room : m_rooms) {
                if (!type.rooms.empty() && !isOneOf(type.rooms, room.id))
                    continue;
                BookableActor actor;
                actor.hours = room.hours;
                actor.busy = busy(booked, [&](const Appointment& a) { return a.room == room.id; });
                query.rooms.emplace_back(room.id, actor);
            }
        return query;
    }

protected:
    explicit MemoryPlaces(QTimeZone zone)
        : m_zone(std::move(zone))
    {}
    Directory closedWithClinic() const
    {
        Directory directory;
        directory.closures = m_closures;
        return directory;
    }

    QTimeZone m_zone;
    WeeklyHours m_clinicHours;
    std::vector<Blockout> m_closures;
    std::vector<CalendarResource> m_practitioners;
    std::vector<Location> m_rooms;
    std::vector<HealthcareService> m_services;
    std::vector<Device> m_devices;

private:
    [[nodiscard]] TimeRange withBuffers(const Appointment& a) const
    {
        for (const HealthcareService& service : m_services)
            if (service.id == a.service)
                return {a.start - service.bufferBefore, a.end + service.bufferAfter};
        return {a.start, a.end};
    }
    template <class Takes>
    [[nodiscard]] std::vector<TimeRange> busy(const std::vector<Appointment>& booked, Takes takes) const
    {
        std::vector<TimeRange> ranges;
        for (const Appointment& each : booked)
            if (holdsSlot(each.status) && takes(each))
                ranges.push_back(withBuffers(each));
        return ranges;
    }
};

} // namespace yarrow
