"""Answer an error in the form of its path: an OperationOutcome, unless another room has a form for the path."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.responses import Response
from starlette.types import Scope

from app.fhir.outcome import FhirError
from app.web.respond import respond_error

Form = Callable[[Scope, FhirError], Response]
Forms = Sequence[tuple[str, Form]]
"""Forms of errors by the beginning of their paths; the first that fits counts. `router.install` sets them."""


def error_answer(scope: Scope, error: FhirError) -> Response:
    """Render an error for the path of the request."""
    path = path_below_root(scope)
    forms: Forms = scope["app"].state.error_forms
    form = next((form for prefix, form in forms if path.startswith(prefix)), None)
    return respond_error(path, error) if form is None else form(scope, error)


def path_below_root(scope: Scope) -> str:
    """Return the path without the root path of a proxy; a Mount changes `root_path` and keeps the first one."""
    root_path = scope.get("app_root_path", scope.get("root_path", ""))
    return str(scope["path"].removeprefix(root_path))
