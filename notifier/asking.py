"""Acts that ask what is slow, the notifier or a bucket: they let go, ask, and begin again (decision 0046)."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from rulebook.refusal import Kind, Reason, Refused

MOST = 12  # times that an act begins again; one act puts six questions at most
BUSY = Reason("panel.changing", Kind.NOT_NOW, "评审专家名单正在变动，请稍后再试")

_act = threading.local()
P = ParamSpec("P")
R = TypeVar("R")


class Unanswered(Exception):
    """Inside an act a question came up to which it has no answer yet.

    question: what tells it from others.  put: asks it.
    """

    def __init__(self, question: str, put: Callable[[], bytes]) -> None:
        super().__init__(question)
        self.question, self.put = question, put


def answer(question: str, put: Callable[[], bytes]) -> bytes:
    """What is answered: at once outside acts that `asks_first`, of what was answered before inside of one."""
    answers: dict[str, bytes] | None = getattr(_act, "answers", None)
    if answers is None:
        return put()
    if question not in answers:
        raise Unanswered(question, put)
    return answers[question]


def asks_first(act: Callable[P, R]) -> Callable[P, R]:
    """Make an act atomic that may have to ask, so that nothing is held while it waits.

    Where the act comes to a question without an answer it is undone, the question is put, and the act begins again.
    What it asks under the hold is therefore word for word what was answered; what changed meanwhile is asked again.
    Inside another such act it is a part of that one.
    Refused when it is other words every time, and when nobody answers: then nothing was done.
    """

    @wraps(act)
    def whole(*args: P.args, **more: P.kwargs) -> R:
        if getattr(_act, "answers", None) is not None:
            with transaction.atomic():
                return act(*args, **more)
        answers: dict[str, bytes] = {}
        while True:
            try:
                with transaction.atomic():
                    _act.answers = answers
                    try:
                        return act(*args, **more)
                    finally:
                        _act.answers = None  # what follows the commit asks for itself
            except Unanswered as asked:
                if len(answers) == MOST:
                    raise Refused(BUSY) from asked
                question, put = asked.question, asked.put
            answers[question] = put()

    return whole
