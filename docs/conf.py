"""Sphinx configuration; `pages.py` writes the pages that are made from the code itself."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pages import write_pages  # found through the line above

project = "partybuild"
author = "partybuild contributors"
copyright = "2026, partybuild contributors"
release = version = installed_version("partybuild")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["_build", "_generated/*.md"]
nitpicky = True
# Types of other packages; their documentation is not at hand without a network.
nitpick_ignore_regex = [
    (r"py:.*", r"(attr|attrs|collections|datetime|dt|numpy|os|pathlib|typing)\..*"),
    (r"py:.*", r"(pd|pandas|np)\..*"),
]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_typehints_format = "short"
default_role = "literal"  # docstrings write `name`, as Markdown does
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = "partybuild"
html_static_path = ["_static"]
html_copy_source = False

write_pages(Path(__file__).parent / "_generated")
