"""Test engines that a benchmark starts for itself."""

import contextlib
import os
import subprocess
import sys
import tempfile

from harness import ROOT

sys.path.insert(0, str(ROOT / "tests" / "api"))  # dynamodb_tables


@contextlib.contextmanager
def start_engine(*names, **settings):
    """Starts the first of these engines that is available, with these environment variables, and yields its URL."""
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, **settings, "ESTANTE_ENGINES_STATE": state}
        script = str(ROOT / "scripts" / "engines")
        try:
            for name in names:
                if subprocess.run([script, "up", name], env=environment, stdout=subprocess.DEVNULL).returncode == 0:
                    break
            lines = subprocess.run([script, "env"], env=environment, check=True, capture_output=True, text=True).stdout.splitlines()
            if not lines:
                raise SystemExit(f"none of {', '.join(names)} is available on this machine")
            yield lines[0].split("=", 1)[1]
        finally:
            subprocess.run([script, "down"], env=environment, check=True, stdout=subprocess.DEVNULL)


def dynoxide():
    return start_engine("dynoxide")


def opensearch():
    """3.8 with Java 21 or newer, else 2.19. Both JIT compilers are enabled, as in production; tests use the quick one only."""
    return start_engine("opensearch", "opensearch-2", ESTANTE_ENGINES_JIT="full")
