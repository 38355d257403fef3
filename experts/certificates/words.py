"""What the pages call proofs."""

from django.utils.translation import gettext_lazy as _

from experts.certificates.rules import Proof

PROOF_WORDS = {
    Proof.TITLE: _("专业技术职称"),
    Proof.LICENCE: _("执业资格"),
    Proof.LIKE: _("同等专业水平的证明"),
    Proof.EMPLOYMENT: _("工作单位或年限的证明"),
    Proof.OTHER: _("其他"),
}
