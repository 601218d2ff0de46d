"""Pages and apps in a real browser, against a running server."""
