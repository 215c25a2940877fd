"""Sphinx configuration; `pages.py` writes the pages that are made from the code itself."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import docstrings  # found through the line above
from gallery import write_gallery
from pages import write_pages
from sphinx.application import Sphinx

project = "partybuild"
author = "partybuild contributors"
copyright = "2026, partybuild contributors"
release = version = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))["project"][
    "version"
]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
exclude_patterns = ["_build", "_generated/*.md"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = "partybuild"
html_copy_source = False

write_pages(HERE / "_generated")
write_gallery(HERE / "_generated" / "gallery")


def setup(app: Sphinx) -> None:
    """Connect what Sphinx has no setting for."""
    app.connect("autodoc-process-docstring", docstrings.as_rest)
    app.connect("autodoc-process-signature", docstrings.keywords_of_attrs)
    app.connect("missing-reference", docstrings.leave_types_of_signatures)
