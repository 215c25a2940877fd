"""Try partybuild, or test it, on a machine that has nothing but Python 3.11 or later.

    python start.py example     install what is needed and run the example year
    python start.py test        install what is needed and run the tests

Everything goes into `.venv` beside this file; a second run installs nothing
again. What follows `test` is handed to pytest, as in `python start.py test -k periods`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
WANTED = {
    "example": ["--editable", "."],
    "test": ["--editable", ".[all]", "--group", "test"],
}


def main(arguments: list[str]) -> int:
    """Run one of the two jobs and return its exit code."""
    if sys.version_info < (3, 11):
        print("partybuild needs Python 3.11 or later; this is", sys.version.split()[0])
        return 2
    job, *rest = arguments or ["help"]
    if job not in WANTED:
        print(__doc__)
        return 0 if job in {"help", "-h", "--help"} else 2
    install(job)
    if job == "test":
        return run("-m", "pytest", "-q", "-n", "auto", "--maxprocesses", "8", *rest)
    return run(str(main_example()), *rest)


def main_example() -> Path:
    """Return the example that shows the main job: the one numbered 01."""
    return next(iter(sorted((HERE / "examples").glob("01_*.py"))))


def install(job: str) -> None:
    """Make `.venv` and install what `job` needs, unless that is there already."""
    stamp = VENV / f"installed-for-{job}"
    version = hashlib.sha256((HERE / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == version:
        return
    print(f"Installing into {VENV.name} (once) ...", flush=True)
    if not PYTHON.exists():
        make_venv()
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # Dependency groups need pip 25.1; Python 3.11 and 3.12 bring an older one.
    for wanted in (["--upgrade", "pip>=25.1"], WANTED[job]):
        if run(*pip, *wanted) != 0:
            sys.exit("The installation failed; the lines above say why.")
    stamp.write_text(version)


def make_venv() -> None:
    """Make the virtual environment, or say which system package is missing."""
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
    if made.returncode != 0:
        sys.exit("No virtual environment could be made; on Debian: apt-get install python3-venv")


def run(*arguments: str) -> int:
    """Run the Python of `.venv` in the project folder and return its exit code."""
    return subprocess.run([str(PYTHON), *arguments], cwd=HERE, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
