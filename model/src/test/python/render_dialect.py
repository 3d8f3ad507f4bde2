"""Renders the templates of dialect.json anew with Python's jinja2, in the environment that
transformers makes for chat templates, and writes what they give, or that they fail, back into it.

    pip install jinja2==3.1.6
    python render_dialect.py ../resources/dev/brigade/model/template/dialect.json

To add cases, add objects with a "template" to a group in the file and run this.
"""

import copy
import datetime
import json
import sys

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.nodes import CallBlock
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

    @jinja2.pass_eval_context
    def _render(self, context, caller):
        return caller()


def environment(now):
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )

    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(
            value,
            ensure_ascii=ensure_ascii,
            indent=indent,
            separators=separators,
            sort_keys=sort_keys,
        )

    def raise_exception(message):
        raise jinja2.TemplateError(message)

    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = now.strftime
    return env


def render(env, case, variables):
    for key in ("expected", "error", "raised"):
        case.pop(key, None)
    try:
        case["expected"] = env.from_string(case["template"]).render(**copy.deepcopy(variables))
    except Exception as failure:
        case["error"] = str(failure)
        if type(failure) is jinja2.TemplateError:
            case["raised"] = True


def main(path):
    with open(path, encoding="utf-8") as file:
        dialect = json.load(file)
    env = environment(datetime.datetime.fromisoformat(dialect["now"]))
    usual = {"messages": [], "tools": None, "documents": None, "add_generation_prompt": True}
    for group in dialect["groups"]:
        for case in group["cases"]:
            render(env, case, {**usual, **group["variables"]})
    with open(path, "w", encoding="utf-8") as file:
        json.dump(dialect, file, ensure_ascii=True, indent=0)
        file.write("\n")


main(sys.argv[1])
