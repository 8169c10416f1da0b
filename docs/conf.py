"""The settings of Sphinx, which builds the documentation: `make docs`."""

from __future__ import annotations

import ast
import builtins
import gc
import importlib
import inspect
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.addnodes import pending_xref
from sphinx.pycode import ModuleAnalyzer

from frontegg_async import __version__
from frontegg_async.endpoints import Endpoint

if TYPE_CHECKING:
    from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).with_name("_extensions")))

# A migration says each of its steps; the build prints only what is wrong.
logging.getLogger("alembic").setLevel(logging.WARNING)

# The garbage collector would search millions of nodes again and again: a fifth of a build.
gc.set_threshold(100_000, 20, 20)

project = "frontegg-async"
author = "the frontegg-async developers"
version = release = __version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_llms_txt",
    "sphinxext.opengraph",
    # Of this folder.
    "page_html",
    "reading",
    "redirects",
]
root_doc = "index"
exclude_patterns = ["_build", "_extensions"]

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

# Docstrings say `name` of what is documented elsewhere; what has no page of its own stays a word of code.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
autodoc_typehints = "signature"
autodoc_class_signature = "mixed"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
napoleon_numpy_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"frontegg-async {version}"
html_show_sourcelink = False  # llms.txt leads to the copied sources
html_sourcelink_suffix = ""  # the links of a source lead to other sources
html_show_sphinx = False
html_show_copyright = False
# Where the site is, which no file of it knows; without it, the card has an address of the host alone.
html_baseurl = os.environ.get("DOCUMENTATION_URL", "")
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"priority": 0})]  # before clipboard.js
html_favicon = "_static/favicon.svg"
html_theme_options = {"navigation_with_keys": True}
# The prompt of a console is not part of the command.
copybutton_prompt_text = "$ "

SUMMARY = "The Python SDK for Frontegg's accounts (tenants) API: typed, for asyncio and threads, with an emulator."
ogp_site_url = f"{html_baseurl.rstrip('/')}/"
ogp_image = "_static/card.png"
ogp_image_alt = SUMMARY
ogp_enable_meta_description = True
# One card for all pages: drawing one for each needs matplotlib.
ogp_social_cards = {"enable": False}
ogp_custom_meta_tags = ['<meta name="twitter:card" content="summary_large_image">']

llms_txt_summary = SUMMARY
llms_txt_uri_template = (
    "{base_url}" if html_baseurl else ""
) + "_sources/{docname}{suffix}"

_BEFORE_NAPOLEON = 400
_AFTER_NAPOLEON = 600
_BEFORE_FURO = 400
_sentences: dict[str, list[str]] = {}


def setup(app: Sphinx) -> None:
    """Connect what autodoc leaves to us."""
    app.connect("autodoc-process-docstring", _describe_value, priority=_AFTER_NAPOLEON)
    app.connect("autodoc-process-docstring", _remember, priority=_BEFORE_NAPOLEON)
    app.connect("autodoc-process-docstring", _restore, priority=_AFTER_NAPOLEON)
    app.connect("doctree-read", _keep_builtins)
    app.connect("doctree-read", _find_exact_names)
    app.connect("html-page-context", _Contents().shorten, priority=_BEFORE_FURO)


class _Contents:
    """Has furo make the navigation of a page from the titles of all pages.

    It shows no more of them, and would copy the thousands of functions of the API for each page: two fifths of a build.
    """

    def __init__(self) -> None:
        self._titles: dict[str, nodes.bullet_list] = {}

    def shorten(
        self,
        app: Sphinx,
        _page: str,
        _template: str,
        context: dict[str, Any],
        _tree: object,
    ) -> None:
        """Leave titles, and the pages below them, to the function that furo calls."""
        whole = context["toctree"]
        if not self._titles:
            self._titles = {name: _titles_of(toc) for name, toc in app.env.tocs.items()}

        def toctree(**options: object) -> str:
            kept, app.env.tocs = app.env.tocs, self._titles
            try:
                return str(whole(**options))
            finally:
                app.env.tocs = kept

        context["toctree"] = toctree


def _titles_of(toc: nodes.bullet_list) -> nodes.bullet_list:
    shortened: nodes.bullet_list = toc.deepcopy()
    for item in list(shortened.findall(nodes.list_item)):
        is_section = item.parent is not None and item.parent is not shortened
        if is_section and next(item.findall(addnodes.toctree), None) is None:
            item.parent.remove(item)
    return shortened


def _describe_value(
    _app: object,
    what: str,
    name: str,
    value: object,
    _options: object,
    lines: list[str],
) -> None:
    """Describe a value by the string below its definition, which autodoc does not find where the value is imported."""
    if what != "data":
        return
    module, _, attribute = name.rpartition(".")
    lines[:] = (
        [value.summary]
        if isinstance(value, Endpoint)
        else _string_below(module, attribute)
    )


def _string_below(module: str, name: str) -> list[str]:
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.startswith("frontegg_")
        ):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return _string_below(node.module, alias.name)
    return ModuleAnalyzer.for_module(module).find_attr_docs()["", name]


def _remember(
    _app: object,
    what: str,
    name: str,
    _value: object,
    _options: object,
    lines: list[str],
) -> None:
    if what in {"attribute", "property"} and not any(
        line.endswith("s:") for line in lines
    ):
        _sentences[name] = [*lines]


def _restore(
    _app: object,
    _what: str,
    name: str,
    _value: object,
    _options: object,
    lines: list[str],
) -> None:
    """Undo what napoleon makes of a sentence with a colon: it takes what stands before the colon for a type."""
    lines[:] = _sentences.pop(name, lines)


def _keep_builtins(_app: object, doctree: nodes.document) -> None:
    """Make no link of a built-in type in an annotation: it would lead to an attribute with the name of the type."""
    for node in list(doctree.findall(pending_xref)):
        if node.get("reftype") == "class" and hasattr(builtins, node["reftarget"]):
            node.replace_self(nodes.Text(node["reftarget"]))


def _find_exact_names(_app: object, doctree: nodes.document) -> None:
    """Look up full names exactly, since Sphinx would compare each of them with the ends of all names, which is slow."""
    for node in doctree.findall(pending_xref):
        target = node["reftarget"]
        if "." in target or target == "None":
            node.attributes.pop("refspecific", None)
