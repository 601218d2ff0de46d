"""`preauth demo`"""


def demo() -> None:
    """Demo."""
