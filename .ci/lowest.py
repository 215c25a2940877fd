"""Print a pip constraint for the lowest version of each dependency and extra."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
wanted = [*project["dependencies"]]
for extra in project["optional-dependencies"].values():
    wanted += extra
for requirement in sorted(set(wanted)):
    if found := re.fullmatch(r"([\w.-]+)>=([\w.]+)", requirement):
        print(f"{found[1]}=={found[2]}")
    elif not requirement.startswith("partybuild["):
        raise SystemExit(f"no lower bound: {requirement}")
