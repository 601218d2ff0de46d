"""The extensions of an element, found by URL (http://hl7.org/fhir/R4/extensibility.html)."""

from __future__ import annotations

from app.fhir.element import Element


class Extensions:
    """An element's extensions, looked through once."""

    __slots__ = ("_by_url",)

    def __init__(self, element: Element) -> None:
        self._by_url: dict[str, list[Element]] = {}
        if "extension" in element.fields:
            for extension in element.many("extension"):
                url = extension.text("url")
                if url is not None:
                    self._by_url.setdefault(url, []).append(extension)

    def all(self, url: str) -> list[Element]:
        """Return every extension with this URL."""
        return self._by_url.get(url, [])

    def first(self, url: str) -> Element | None:
        """Return the first extension with this URL."""
        found = self._by_url.get(url)
        return found[0] if found else None

    def text(self, url: str, value: str = "valueString") -> str | None:
        """Return the string that an extension carries."""
        found = self.first(url)
        return None if found is None else found.text(value)
