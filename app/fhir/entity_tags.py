"""Read the versions in an If-Match header.

https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
"""

from __future__ import annotations

import re

from msgspec import Struct

_TAG = r'(?:W/)?(?:"([\x21\x23-\x7e\x80-\xff]*)"|(\d{1,18}))'
"""A weak or strong entity tag. R4 compares versions, so `W/` has no meaning here; a bare number is a version, too."""

_ONE = re.compile(rf"[ \t]*{_TAG}[ \t]*(?:,|$)", re.ASCII)
_NONE = re.compile(r"[ \t]*,")


class EntityTags(Struct, frozen=True):
    """The tags that If-Match lists. `any_version` stands for `*`."""

    tags: frozenset[str] = frozenset()
    any_version: bool = False

    def include(self, version: int) -> bool:
        """Return whether the header lists the version."""
        return self.any_version or str(version) in self.tags


def read_entity_tags(header: str) -> EntityTags | None:
    """Read an If-Match header; None if it is not a list of entity tags."""
    if header.strip() == "*":
        return EntityTags(any_version=True)
    tags, start = [], 0
    while start < len(header):
        empty = _NONE.match(header, start)
        if empty is not None:
            start = empty.end()
            continue
        tag = _ONE.match(header, start)
        if tag is None:
            break
        tags.append(tag[1] if tag[2] is None else tag[2])
        start = tag.end()
    return EntityTags(frozenset(tags)) if tags and not header[start:].strip() else None
