"""The control files are handed in with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.evidence.rules import ENDINGS

ACCEPT = ",".join(ending for endings in ENDINGS.values() for ending in endings)
HINT = _("PDF、JPEG 或 PNG，每个不超过 20 MB；可选多个。")


class _Several(forms.FileInput):
    """A file control that takes several."""

    allow_multiple_selected = True


class EvidenceFiles(forms.FileField):
    """Several files, as they came; the list may be empty where none is asked for."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"help_text": HINT, "widget": _Several(attrs={"accept": ACCEPT}), **more})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [forms.FileField.clean(self, each, initial) for each in given]
