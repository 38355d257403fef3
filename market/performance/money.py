"""Invoices and payments as facts both sides can read: dated, of an amount. No money moves here."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from intermediaries.ratings.rules import Side
from ledger.services import record
from market.performance import queries, rules
from market.performance.acting import held, tell
from market.performance.events import InvoiceRecorded, PaymentAnswered, PaymentRecorded
from market.performance.models import Invoice, Payment, PaymentAnswer
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.money import yuan
from rulebook.refusal import refuse_if


@transaction.atomic
def record_invoice(*, number: str, invoice: str, amount: Decimal, issued_on: date, by: Actor, at: datetime) -> Invoice:
    """Note an invoice.  invoice: its number.  amount: yuan; all together no more than the price of the contract.

    Refused to anyone but the provider, twice for a number, and for a day to come.
    """
    project, made = held(number)
    amount, invoice = yuan(amount), invoice.strip()
    refuse_if(
        rules.why_not_invoice(
            stage=project.stage, parties=queries.parties(made), total=queries.total(made, queries.plan(made)),
            before=queries.invoiced(made), again=made.invoices.filter(number=invoice).exists(), amount=amount,
            issued_on=issued_on, today=day_in_china(at), by=by,
        )
    )  # fmt: skip
    row = Invoice.objects.create(
        contract=made, number=invoice, amount=amount, issued_on=issued_on, by_name=by.name, recorded_at=at
    )
    tell(made, Side.BUYER, "已登记发票", f"金额 {amount:,.2f} 元", at=at)
    record(InvoiceRecorded(stream=project.log, amount=str(amount), issued_on=issued_on), at=at)
    return row


@transaction.atomic
def record_payment(
    *, number: str, amount: Decimal, paid_on: date, reference: str = "", by: Actor, at: datetime
) -> Payment:
    """Note a payment that was made elsewhere; the provider says whether it arrived.

    Refused to anyone but the buyer, above the price of the contract, and for a day to come.
    """
    project, made = held(number)
    amount = yuan(amount)
    refuse_if(
        rules.why_not_pay(
            stage=project.stage, parties=queries.parties(made), total=queries.total(made, queries.plan(made)),
            before=queries.paid(made), amount=amount, paid_on=paid_on, today=day_in_china(at), by=by,
        )
    )  # fmt: skip
    row = Payment.objects.create(
        contract=made, amount=amount, paid_on=paid_on, reference=reference.strip(), by_name=by.name, recorded_at=at
    )
    tell(made, Side.PROVIDER, "请确认收款", f"对方登记付款 {amount:,.2f} 元，请确认是否收到。", at=at)
    record(PaymentRecorded(stream=project.log, amount=str(amount), paid_on=paid_on), at=at)
    return row


@transaction.atomic
def answer_payment(
    *, number: str, payment: object, received: bool, text: str = "", by: Actor, at: datetime
) -> PaymentAnswer:
    """Say whether a payment arrived. One that did not is counted no longer, and may be noted again."""
    project, made = held(number)
    row = Payment.objects.select_related("answer").get(contract=made, public_id=payment)
    answered = getattr(row, "answer", None) is not None
    refuse_if(
        rules.why_not_confirm(parties=queries.parties(made), answered=answered, received=received, text=text, by=by)
    )
    told = PaymentAnswer.objects.create(payment=row, received=received, text=text.strip(), at=at)
    subject = "对方已确认收款" if received else "对方未收到款项"
    tell(made, Side.BUYER, subject, text.strip() or f"{row.amount:,.2f} 元", at=at)
    record(PaymentAnswered(stream=project.log, amount=str(row.amount), paid_on=row.paid_on, received=received), at=at)
    return told
