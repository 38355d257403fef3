"""A score sheet of 30 bidders and 60 criteria: ready at once, moved through by keyboard, filled from a spreadsheet."""

from django.template.loader import render_to_string
from playwright.sync_api import Page, Route

BIDDERS, FACTORS = 30, 60
READY = 1.0  # seconds of work of the page, whatever else the machine does


def sheet() -> str:
    """The page's own part with its script; the rest of a page costs the same with any sheet."""
    bids = [{"org": f"O{n:02d}", "name": f"投标人{n}"} for n in range(BIDDERS)]
    lines = [
        {"factor": {"key": f"f{row}", "name": f"第{row}项", "max": "1.5", "objective": False}, "step": "0.5",
         "cells": [{**bid, "value": "", "open": row != 1} for bid in bids]}
        for row in range(FACTORS)
    ]  # fmt: skip
    told = {"project": type("P", (), {"number": "T"}), "lines": lines, "columns": bids, "left": BIDDERS * FACTORS,
            "csrf_token": "x"}  # fmt: skip
    part = render_to_string("bidding/evaluation/_scores.html", told)
    return f'<!doctype html>{part}<script type="module" src="/static/bidding/evaluation/sheet.js"></script>'


def test_1800_cells_are_ready_within_a_second_and_filled_by_keyboard_and_from_a_sheet(page: Page, scripts: str) -> None:
    sent: list[str] = []

    def saved(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(json={"saved_at": "2026-11-22T09:00:00Z"})

    page.route("**/sheet/", lambda route: route.fulfill(body=sheet(), content_type="text/html; charset=utf-8"))
    page.route("**/evaluation/scores", saved)
    work = page.context.new_cdp_session(page)
    work.send("Performance.enable", {"timeDomain": "threadTicks"})  # seconds of work, not of waiting

    def worked() -> float:
        return next(
            each["value"] for each in work.send("Performance.getMetrics")["metrics"] if each["name"] == "TaskDuration"
        )

    before = worked()
    page.goto(f"{scripts}/sheet/")
    page.locator("[data-left]", has_text="1800").wait_for()
    spent = worked() - before
    assert spent < READY, spent
    cell = page.locator("input[data-column]")
    cell.nth(0).focus()
    for key in ("1", "ArrowRight", "1", ".", "5", "Enter", "ArrowDown", "ArrowLeft", "0"):
        page.keyboard.press(key)
    assert [cell.nth(at).input_value() for at in (0, 1, BIDDERS * 2)] == ["1", "1.5", "0"]
    cell.nth(28).focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "1\\t0.5\\t9\\r\\n1\\t1\\t1\\n0.5\\t1.5\\n");
          const options = {clipboardData: data, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )
    filled = [cell.nth(at).input_value() for at in (28, 29, 58, 59, 88, 89, 30)]
    assert filled == ["1", "0.5", "", "", "0.5", "1.5", ""]  # no wrapping into the next line, nothing into locked cells
    assert page.locator("[data-total='28']").inner_text() == "1.50"
    assert page.locator("[data-left]").inner_text() == "尚有 1793 格未评"
    page.locator("[data-saved]", has_text="已保存").wait_for()
    for _ in range(200):  # what was typed first may have been saved before what was pasted
        if "points:O28:f2" in "".join(sent):
            break
        page.wait_for_timeout(50)
    assert "points:O28:f2" in "".join(sent)
