"""A Dynoxide of a measurement's own."""

import contextlib
import os
import subprocess
import sys
import tempfile

from served import ROOT

sys.path.insert(0, str(ROOT / "tests" / "api"))  # where the tables of the stand-ins are made


@contextlib.contextmanager
def dynoxide():
    """Its URL."""
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "ESTANTE_STANDINS_STATE": state}
        script = str(ROOT / "scripts" / "standins")
        subprocess.run([script, "up", "dynoxide"], env=environment, check=True, stdout=subprocess.DEVNULL)
        try:
            lines = subprocess.run([script, "env"], env=environment, check=True, capture_output=True, text=True).stdout.splitlines()
            yield next(line.split("=", 1)[1] for line in lines if "DYNAMODB_DYNOXIDE=" in line)
        finally:
            subprocess.run([script, "down"], env=environment, check=True, stdout=subprocess.DEVNULL)
