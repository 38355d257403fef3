"""Refusals carry their reasons, in words."""

import pytest

from rulebook.law import Article
from rulebook.refusal import Kind, Reason, Refused, refuse_if

TOO_FEW = Reason("hall.too-few", Kind.NOT_NOW, "投标人不足{least}家", Article("87号令", "第43条"), {"least": 3})


def test_nothing_is_refused_without_a_reason():
    refuse_if([])

    with pytest.raises(ValueError, match="without a reason"):
        Refused()


def test_a_refusal_carries_every_reason_and_names_their_codes():
    late = Reason("bid.late", Kind.NOT_NOW, "投标截止时间已过")

    with pytest.raises(Refused, match="hall.too-few: 投标人不足3家; bid.late") as refusal:
        refuse_if(reason for reason in (TOO_FEW, late))

    assert refusal.value.reasons == (TOO_FEW, late)


def test_a_reason_can_be_kept_in_a_set():
    assert len({TOO_FEW, Reason(*(getattr(TOO_FEW, name) for name in TOO_FEW.__slots__))}) == 1


def test_an_article_names_its_law_and_edition():
    assert str(Article("招标投标法", "第37条")) == "招标投标法 第37条"
    assert str(Article("招标投标法", "第37条", "2017修正")) == "招标投标法(2017修正) 第37条"
