"""Classroom 50's runner starts this in the student's checkout; this folder lies elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STUDENT = Path.cwd()

# Nothing is started in the student's folder: a pip.py or grader.py there would be taken for the real one.
subprocess.run(
    ["bash", str(HERE / "install.sh")], cwd=HERE, env={**os.environ, "KATA_PYTHON": sys.executable}, check=True
)
command = [".venv/bin/kata", "package", "run", "classroom50", "--judge", "."]
done = subprocess.run([*command, "--submission", str(STUDENT), "--results", str(STUDENT)], cwd=HERE, check=False)
sys.exit(done.returncode)
