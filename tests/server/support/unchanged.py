# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a document came back as it was sent: byte for byte, but for meta.versionId and meta.lastUpdated."""

import json
import re


class Number(str):
    """A JSON number as it was written: 1.10 is not 1.1."""


class Pairs(list):
    """A JSON object: its members in order."""


def exact(text):
    """The JSON value with numbers as their digits and members in their order."""
    return json.loads(text, parse_int=Number, parse_float=Number, object_pairs_hook=Pairs)


def without_version(value):
    """An exact() document without what the server adds to it, so that it equals what was sent."""
    kept = Pairs()
    for name, member in value:
        if name == "meta":
            member = Pairs((n, m) for n, m in member if n not in ("versionId", "lastUpdated"))
            if not member:
                continue
        kept.append((name, member))
    return kept


def without_meta_text(text):
    """The text of a document whose sender wrote no meta, without the meta that the server put in."""
    return re.sub(r'"meta":\{"versionId":"[^"]*","lastUpdated":"[^"]*"\},?', "", text, count=1)
