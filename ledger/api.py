"""Programs' doors to the streams."""

from ninja import Router

router = Router(tags=["ledger"])
