"""Sphinx configuration; `pages.py` writes the pages that are made from the code itself."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from docutils.nodes import Element
from pages import write_pages  # found through the line above
from sphinx.addnodes import desc_signature, pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

project = "partybuild"
author = "partybuild contributors"
copyright = "2026, partybuild contributors"
release = version = installed_version("partybuild")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
exclude_patterns = ["_build", "_generated/*.md"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_default_options = {"show-inheritance": True}
autodoc_typehints_format = "short"
default_role = "literal"  # docstrings write `name`, as Markdown does
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = "partybuild"
html_static_path = ["_static"]
html_copy_source = False

write_pages(Path(__file__).parent / "_generated")


def leave_types_of_signatures(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, shown: Element
) -> Element | None:
    """Show a type in a signature as it is when it has no page: other packages', and inner ones.

    References in prose stay strict.
    """
    parent = node.parent
    while parent is not None:
        if isinstance(parent, desc_signature):
            return shown
        parent = parent.parent
    return None


def setup(app: Sphinx) -> None:
    """Connect what Sphinx has no setting for."""
    app.connect("missing-reference", leave_types_of_signatures)
