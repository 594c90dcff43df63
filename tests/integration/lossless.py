# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads JSON so that nothing is lost, and says what an import should make of a file: an independent second opinion
on the round trip."""

import json


class Number(str):
    """A number as it was written: 1.10 is not 1.1."""


class Members(list):
    """An object as a list of (name, value), in order."""

    def first(self, name, default=None):
        return next((value for key, value in self if key == name), default)

    def without(self, *names):
        return Members((key, value) for key, value in self if key not in names)


def parse(text):
    return json.loads(text, object_pairs_hook=Members, parse_int=Number, parse_float=Number)


def documents(file):
    """The values in the file: one, or several one after the other."""
    decoder = json.JSONDecoder(object_pairs_hook=Members, parse_int=Number, parse_float=Number)
    text = file.read_text(encoding="utf-8")
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        value, at = decoder.raw_decode(text, at)
        yield value


def with_references(value, known):
    """The value with the references that `known` resolves."""
    if isinstance(value, Members):
        return Members((name, known.get(item, item) if name == "reference" and isinstance(item, str)
                        else with_references(item, known)) for name, item in value)
    if isinstance(value, list):
        return [with_references(item, known) for item in value]
    return value


def identified(resource, full_url):
    """With the id that the entry's fullUrl gives it, behind resourceType; None when it gives none."""
    if resource.first("id") is not None:
        return resource
    if not full_url.startswith("urn:uuid:"):
        return None
    done = Members()
    for name, value in resource:
        done.append((name, value))
        if name == "resourceType":
            done.append(("id", full_url.removeprefix("urn:uuid:")))
    return done


def expected(files):
    """What must be stored after importing the files in order: {Type/id: resource}, and a list of resources that come
    without any id."""
    stored, nameless = {}, []
    for file in files:
        for document in documents(file):
            if document.first("resourceType") == "Bundle":
                _take_bundle(document, stored, nameless)
            elif document.first("id") is None:
                nameless.append(document)
            else:
                stored[f"{document.first('resourceType')}/{document.first('id')}"] = document
    return stored, nameless


def _take_bundle(bundle, stored, nameless):
    entries = []
    for entry in bundle.first("entry", []):
        resource, full_url = entry.first("resource"), entry.first("fullUrl", "")
        request = entry.first("request", Members())
        if request.first("method") == "DELETE":
            entries.append((request.first("url"), full_url, None))
        elif resource is not None:
            named = identified(resource, full_url)
            if named is None:
                nameless.append(resource)
            else:
                entries.append((f"{named.first('resourceType')}/{named.first('id')}", full_url, named))
    known = {full_url: reference for reference, full_url, resource in entries if full_url and resource is not None}
    seen = set()
    for reference, _, resource in entries:
        if bundle.first("type") == "history" and reference in seen:
            continue  # the newest version stands first
        seen.add(reference)
        if resource is None:
            stored.pop(reference, None)
        else:
            stored[reference] = with_references(resource, known)
