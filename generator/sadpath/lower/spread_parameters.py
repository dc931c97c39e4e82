"""Finds objects whose members are parameters of the query themselves, and cannot be told from others there."""

from __future__ import annotations

from collections.abc import Iterable

from sadpath.diagnostics import Report, listed, quote
from sadpath.diagnostics.rules_lowering import NO_FORM
from sadpath.lower.schemas import TypeTable
from sadpath.openapi.model import Parameter, Schema


def check_spread(parameters: Iterable[Parameter], types: TypeTable, report: Report) -> None:
    """Say which members have the name of another parameter, and which objects of any members stand beside each other."""
    given = tuple(parameters)
    first: dict[str, Parameter] = {}
    for parameter in given:
        schema = _spread(parameter, types)
        if schema is None:
            continue
        name = quote(parameter.name)
        options = [types.flat(option) for option in (*schema.one_of, *schema.any_of)]
        others = {one.name for one in given if one.location == parameter.location and one is not parameter}
        shared = [member for part in (schema, *options) for member in part.properties if member in others]
        if shared:
            words = listed(list(dict.fromkeys(shared)), conjunction="and", limit=3)
            report.add(NO_FORM, f"{words} of {name} can't be told from other parameters of that name", parameter.place)
        if options or not _is_open(schema):
            continue
        other = first.setdefault(parameter.location, parameter)
        if other is not parameter:
            message = f"{quote(other.name)} and {name} can't be sent together: nobody could tell their members apart"
            report.add(NO_FORM, message, parameter.place)


def _spread(parameter: Parameter, types: TypeTable) -> Schema | None:
    """The folded schema of an object whose members stand beside other parameters, under their own names."""
    is_spread = parameter.location in ("query", "cookie") and parameter.explode and parameter.style != "deepObject"
    if parameter.schema is None or not is_spread:
        return None
    schema = types.flat(parameter.schema)
    parts = (schema, *map(types.flat, (*schema.one_of, *schema.any_of)))
    return schema if any("object" in part.types or part.properties for part in parts) else None


def _is_open(schema: Schema) -> bool:
    extra = schema.additional_properties
    return not schema.properties or (extra is not None and extra.always is not False)
