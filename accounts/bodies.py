"""Bodies of programs' doors in the shape of a page's form: told to people as a form, to programs as JSON."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from django import forms
from ninja import Schema
from ninja.errors import ValidationError
from pydantic import Field, create_model

_KINDS: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.MultipleChoiceField, list[str]),
    (forms.TypedChoiceField, bool),  # every one of the house asks yes or no
    (forms.BooleanField, bool),
    (forms.IntegerField, int),
)


class Seen(Schema):
    """A second person's yes.  seen: what was read, as the answer that showed it names it."""

    seen: str = Field(max_length=100)


@cache
def body_of(shape: type[forms.Form]) -> type[Schema]:
    """The JSON object that fills a form in: amounts and instants as text; files have no place in it."""
    fields: dict[str, Any] = {
        name: _field(field) for name, field in shape.base_fields.items() if not isinstance(field, forms.FileField)
    }
    doc = (shape.__doc__ or "").strip() or None
    return create_model(
        f"{shape.__module__.split('.')[1].title()}{shape.__name__}", __base__=Schema, __doc__=doc, **fields
    )


def _field(field: forms.Field) -> tuple[Any, Any]:
    kind = next((told for of, told in _KINDS if isinstance(field, of)), str)
    if kind is not str:
        none: Any = {bool: False, int: None}.get(kind, [])
        asked = field.required and kind is not bool
        return (kind | None, none) if none is None and not asked else (kind, ... if asked else none)
    longest = getattr(field, "max_length", None)
    return str, Field(max_length=longest) if field.required else Field("", max_length=longest)


def filled(form: forms.BaseForm) -> dict[str, Any]:
    """What a form says.  Refused (422) with every field that is not as it should be."""
    if not form.is_valid():
        raise ValidationError(
            [{"loc": ("body", name), "msg": str(text)} for name, texts in form.errors.items() for text in texts]
        )
    return dict(form.cleaned_data)


def typed(body: Mapping[str, Any] | Schema, *, leave: Collection[str] = ()) -> dict[str, Any]:
    """A body as a browser would have sent it: yes is "1", no and nothing are empty."""
    told = body.model_dump() if isinstance(body, Schema) else dict(body)
    words = {True: "1", False: "", None: ""}
    return {
        name: words[value] if value is None or isinstance(value, bool) else value
        for name, value in told.items()
        if name not in leave
    }
