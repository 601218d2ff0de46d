"""Find the extensions of an element by URL (http://hl7.org/fhir/R4/extensibility.html)."""

from __future__ import annotations

from msgspec import Struct

from app.fhir.element import Element


class Extensions(Struct, frozen=True):
    """The extensions of an element, by URL."""

    _by_url: dict[str, list[Element]]

    def all(self, url: str) -> list[Element]:
        """Return every extension with this URL."""
        return self._by_url.get(url, [])

    def first(self, url: str) -> Element | None:
        """Return the first extension with this URL."""
        return self._by_url[url][0] if url in self._by_url else None

    def text(self, url: str, value: str = "valueString") -> str | None:
        """Return the string value of the first extension with this URL."""
        extension = self.first(url)
        return None if extension is None else extension.text(value)


def extensions_of(element: Element) -> Extensions:
    """Return the extensions of an element, by URL."""
    if "extension" not in element.fields:
        return _NONE
    by_url: dict[str, list[Element]] = {}
    for extension in element.many("extension"):
        url = extension.text("url")
        if url in by_url:
            by_url[url].append(extension)
        elif url is not None:
            by_url[url] = [extension]
    return Extensions(by_url)


_NONE = Extensions({})
