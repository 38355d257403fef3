"""`{% qr text label=… %}`: a QR code in the page."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from documents import qr as codes

register = template.Library()


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """The code of a text; its label is read aloud."""
    return mark_safe(codes.svg(text, label=escape(label)))
