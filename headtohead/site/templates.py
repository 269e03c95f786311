"""The templates of the views: each fills in what a view has gathered; text is escaped, and all of it seen."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension

from headtohead.content.evidence import when
from headtohead.site.documentation import documentation
from headtohead.site.html import day, figure, highlighted, pairs, prose, slug
from headtohead.site.unseen import visible

BREAK = re.compile(r"(?<=[>}])\n\s*|\n\s*(?=[<{])")


class Joined(Extension):
    """Leaves out a line break beside a tag, with the blanks behind it: it is the template's own, and not the page's."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return BREAK.sub(r"{#\g<0>#}", source)  # a comment, so that messages have the right line


ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    extensions=[Joined],
)
ENVIRONMENT.filters |= {
    each.__name__: each for each in (day, documentation, figure, highlighted, pairs, prose, slug, when)
}


def render(name: str, **values: object) -> str:
    """A template filled in, in which everything is seen.

    Raises:
        jinja2.UndefinedError: It asks for what is not given.
    """
    return visible(ENVIRONMENT.get_template(f"{name}.jinja").render(values))
