"""Templates of the user's own: Jinja2 for text, docxtpl for Word. The only place of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Any

import attrs

from partybuild.errors import MissingExtraError, UnknownNameError, UsageError, nearest
from partybuild.report.docx_saved import checked_template, saved
from partybuild.report.lang import Wording
from partybuild.report.view import ReportView, TargetView


@attrs.frozen(kw_only=True)
class Figures:
    """What a template can ask for of one place: each name takes a target's id."""

    view: ReportView
    words: Wording

    def _target(self, target: str, organisation: str | None) -> TargetView:
        places = [one for one in self.view.places if organisation in (None, one.organisation)]
        if not places:
            raise UnknownNameError(f"the report has no organisation {organisation!r}")
        if len(places) > 1:
            raise UsageError(f"figure({target!r}): name the organisation as well")
        found = {
            name: one
            for one in places[0].targets
            for name in (one.spec.id, f"{one.spec.commitment}/{one.spec.id}")
        }
        if target not in found:
            hint = nearest(target, found)
            raise UnknownNameError(
                f"the plan has no target {target!r}" + (f"; {hint}" if hint else "")
            )
        return found[target]

    def figure(self, target: str, organisation: str | None = None) -> str:
        """What was measured, with its unit: 62天."""
        return self.words.actual_amount(self._target(target, organisation))

    def required(self, target: str, organisation: str | None = None) -> str:
        """What was asked for: 不少于60天."""
        return self.words.asked(self._target(target, organisation).spec)

    def completion(self, target: str, organisation: str | None = None) -> str:
        """The completion: 95%."""
        return self.words.percent(self._target(target, organisation).completion)

    def shortfall(self, target: str, organisation: str | None = None) -> str:
        """What is missing, with its unit, or a dash."""
        return self.words.shortfall_cell(self._target(target, organisation))

    def status(self, target: str, organisation: str | None = None) -> str:
        """The status in words."""
        return self.words.status(self._target(target, organisation).shown_status)

    def sentence(self, target: str, organisation: str | None = None) -> str:
        """What was done and how it stands, as a clause."""
        return self.words.sentence(self._target(target, organisation))

    def names(self) -> dict[str, Callable[..., str]]:
        """The functions by the names a template calls them."""
        functions = (
            self.figure, self.required, self.completion, self.shortfall, self.status, self.sentence,
        )  # fmt: skip
        return {function.__name__: function for function in functions}


def template_names(view: ReportView, words: Wording, texts: Mapping[str, str]) -> dict[str, Any]:
    """Everything a template can use, by name."""
    return {
        **Figures(view=view, words=words).names(),
        **texts,
        "title": words.named(view),
        "as_of": words.day(view.as_of, year=True),
        "view": view,
        "words": words,
    }


def fill_text(template: str, view: ReportView, words: Wording, texts: Mapping[str, str]) -> str:
    """Fill a Jinja2 text.

    Raises `UsageError` when the template cannot be followed, `UnknownNameError` for
    a target the plan does not have.
    """
    jinja2, environment = _environment(autoescape=False)
    given: Any = template
    if not isinstance(given, str):
        raise UsageError(f"template: got {given!r}; expected the text of a template")
    try:
        return str(environment.from_string(template).render(template_names(view, words, texts)))
    except jinja2.TemplateError as error:
        raise UsageError(f"template: {error}") from error


def fill_docx(
    template: str | IO[bytes],
    view: ReportView,
    words: Wording,
    texts: Mapping[str, str],
) -> bytes:
    """Fill a Word template with docxtpl; figures are written as text, whatever is in them."""
    jinja2, environment = _environment(autoescape=True)
    try:
        from docxtpl import DocxTemplate
    except ImportError as error:
        raise MissingExtraError("Filling a Word template", "report") from error
    document = DocxTemplate(checked_template(template))
    try:
        document.render(template_names(view, words, texts), environment, autoescape=True)
    except jinja2.TemplateError as error:
        raise UsageError(f"template: {error}") from error
    return saved(document)


def _environment(*, autoescape: bool) -> tuple[Any, Any]:
    """Jinja2 and an environment in which templates cannot reach Python itself."""
    try:
        import jinja2
        import jinja2.sandbox
    except ImportError as error:
        raise MissingExtraError("Filling a template", "report") from error
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, autoescape=autoescape, keep_trailing_newline=True
    )
    return jinja2, environment
