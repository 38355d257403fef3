"""A choice by merit: every judge's points for every provider, with reasons; summed exactly, for anyone to sum again.

    basis = {"factors": [{"key","name","max"}], "weight", "judges": [{"seat","name"}],
             "scores": {org: {seat: {factor: points}}}, "reasons": {org: {seat: text}}, "ties": […]}

A total is the mean of the judges' sums, and what the price earns: lowest quote ÷ quote × weight, each to two places.
Equal totals: the lower quote; then lots.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from proofs import quotes
from proofs.canonical import require_keys
from proofs.prices import places2

FEWEST = 3  # judges
SHORTEST = 10  # characters of a reason
_KEYS = ("factors", "weight", "judges", "scores", "reasons", "ties")

Scores = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Organisation ↦ seat ↦ factor ↦ points."""


def totals(scores: Scores, prices: quotes.Prices, weight: Decimal) -> dict[str, Decimal]:
    """Each provider's total, of those that have points."""
    lowest = min(prices[org] for org in scores) if scores else Decimal()
    found = {}
    for org, seats in scores.items():
        sums = [sum((Fraction(points) for points in row.values()), Fraction()) for row in seats.values()]
        earned = places2(Fraction(lowest) * Fraction(weight) / Fraction(prices[org]))
        found[org] = places2(sum(sums, Fraction()) / len(sums)) + earned
    return found


def groups(scores: Scores, prices: quotes.Prices, weight: Decimal) -> list[list[str]]:
    """Who can win, best first; equals in total and quote stand together, by code."""
    told = totals(scores, prices, weight)
    keys = {org: (-total, prices[org]) for org, total in told.items()}
    return [sorted(org for org in keys if keys[org] == key) for key in sorted(set(keys.values()))]


def why_not_scores(points: Mapping[str, Any], factors: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What is wrong with one judge's points for one provider: each factor once, from 0 to its most, two places."""
    if set(points) != {each["key"] for each in factors}:
        return ("每项评审因素都要打分",)
    wrong = []
    for each in factors:
        text = str(points[each["key"]])
        plain = text.isascii() and text.replace(".", "", 1).isdigit() and len(text.partition(".")[2]) <= 2
        if not plain or not 0 <= Decimal(text) <= Decimal(str(each["max"])):
            wrong.append(f"“{each['name']}”应在 0 至 {each['max']} 分之间，至多两位小数")
    return tuple(wrong)


def why_not_report(report: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a `selection/1` over such a basis: too few judges, a point or reason missing, the order."""
    told = require_keys(report["basis"], _KEYS, "basis")
    seats = [str(judge["seat"]) for judge in told["judges"]]
    faults: list[str] = []
    if len(set(seats)) < FEWEST or len(set(seats)) != len(seats):
        faults.append(f"评审人员不足 {FEWEST} 人")
    ranked = {bid["org"]: Decimal(bid["quote"]) for bid in report["bids"] if bid["compliant"]}
    if set(told["scores"]) != set(ranked) or set(told["reasons"]) != set(ranked):
        return (*faults, "打分的与参加排序的不是同一些机构")
    most = sum((Decimal(str(each["max"])) for each in told["factors"]), Decimal())
    if most + Decimal(told["weight"]) != 100:
        faults.append("各评审因素与价格合计不是 100 分")
    for org in ranked:
        if set(told["scores"][org]) != set(seats) or set(told["reasons"][org]) != set(seats):
            return (*faults, f"{org} 没有得到每个人的打分和理由")
        for seat in seats:
            faults += [f"{org}：{why}" for why in why_not_scores(told["scores"][org][seat], told["factors"])]
            if len(told["reasons"][org][seat].strip()) < SHORTEST:
                faults.append(f"{org} 缺少第 {seat} 席的理由")
    if faults:
        return tuple(faults)
    standing = groups(told["scores"], ranked, Decimal(told["weight"]))
    order = quotes.ranking(standing, [tie["order"] for tie in told["ties"]])
    bids = sorted((bid for bid in report["bids"] if bid["rank"] is not None), key=lambda bid: int(bid["rank"]))
    return () if [bid["org"] for bid in bids] == order else ("名次与由打分重算的不符",)
