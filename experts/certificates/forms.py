"""The shape of a certificate as it is handed in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from experts.certificates.rules import LONGEST
from experts.certificates.words import PROOF_WORDS


class Adding(forms.Form):
    """A file, what it proves, and until when."""

    proof = forms.ChoiceField(label=_("证明什么"), choices=[(p.value, words) for p, words in PROOF_WORDS.items()])
    name = forms.CharField(label=_("证书名称"), max_length=LONGEST, help_text=_("如“高级工程师（计算机）”。"))
    valid_until = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("长期有效的不填。"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("扫描件（PDF、JPEG、PNG，不超过4兆字节）"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
