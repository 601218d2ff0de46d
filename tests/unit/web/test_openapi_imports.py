import subprocess
import sys

import pytest

LOOK = "import sys, app.main; print([name for name in sys.modules if name.startswith('fhir.resources')])"


@pytest.mark.slow
def test_the_server_starts_without_importing_the_fhir_models() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
