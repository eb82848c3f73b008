"""Compile every template of the project, so that a mistake in one shows before a person meets it."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import BaseCommand, CommandError
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.backends.django import DjangoTemplates
from django.template.base import Template
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.templatetags.static import StaticNode

MAIL = "emails/"  # mail readers know no style sheets, and no policy watches them
FILES = "files/"  # saved and read without us, so they carry their style sheets; nothing in them may run all the same
STYLE_SHEET = r"<style\b"
FORBIDDEN = {
    r"\sstyle=": "an inline style, which the content security policy blocks",
    STYLE_SHEET: "an inline style sheet, which the content security policy blocks",
    r"<script(?![^>]*\b(src=|type=.application/json))": "an inline script, which the content security policy blocks",
    r"\son[a-z]+\s*=": "an inline event handler, which the content security policy blocks",
    r"javascript:": "a script address, which the content security policy blocks",
}


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "templates"
        names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        problems = [f"{name}: {problem}" for name in names for problem in problems_of(folder, name)]
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{len(names)} templates compile.")


def problems_of(folder: Path, name: str) -> list[str]:
    """What is wrong with one template: its syntax, what it extends or includes, its static files, its safety."""
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    problems = []
    try:
        template = engine.engine.get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist, UnicodeDecodeError) as problem:
        return [f"{type(problem).__name__}: {problem}"]
    for other in sorted(named_templates(template)):
        try:
            engine.engine.get_template(other)
        except TemplateDoesNotExist:
            problems.append(f"names {other}, which does not exist")
        except TemplateSyntaxError:
            continue  # told where it is itself looked at
    problems += [
        f"names the static file {path}, which does not exist"
        for path in sorted(named_static_files(template))
        if finders.find(path) is None
    ]
    if name.endswith(".html") and not name.startswith(MAIL):
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", (folder / name).read_text())
        allowed = {STYLE_SHEET} if name.startswith(FILES) else set()
        problems += [f"has {why}" for sign, why in FORBIDDEN.items() if sign not in allowed and re.search(sign, text)]
    return problems


def named_templates(template: Template) -> set[str]:
    """Names that are written in the template, not computed."""
    expressions = [node.parent_name for node in nodes_of(template, ExtendsNode)]
    expressions += [node.template for node in nodes_of(template, IncludeNode)]
    return {str(name) for expression in expressions if isinstance(name := expression.var, str)}


def named_static_files(template: Template) -> set[str]:
    expressions = [node.path for node in nodes_of(template, StaticNode) if node.path is not None]
    return {str(path) for expression in expressions if isinstance(path := expression.var, str)}


def nodes_of(template: Template, kind: type) -> list[Any]:
    """Nodes of one class; what a node keeps of its arguments is not in Django's published types."""
    return list(template.nodelist.get_nodes_by_type(kind))
