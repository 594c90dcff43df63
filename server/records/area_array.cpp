// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/area_array.h"

#include "server/db/connection.h"

namespace yarrow::server::records {

std::string areaArray(AreaSet areas)
{
    db::TextArray array;
    for (int i = 0; i < kAreaCount; ++i) {
        if (areas.contains(static_cast<Area>(i)))
            array.add(areaCode(static_cast<Area>(i)));
    }
    return array.literal();
}

} // namespace yarrow::server::records
