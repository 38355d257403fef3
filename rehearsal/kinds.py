"""The kinds of purchase a rehearsal can play: their acts, and how they differ seen from outside. Rows only."""

from rehearsal import buying, checking, judging, offering, opening, quoting, talking
from rehearsal.story import Acts, Kind

TO_NOTICE: Acts = (
    ("编制项目", buying.draft),
    ("保管人制钥并试开启", buying.ready_keys),
    ("审批与发布", buying.publish),
)
BIDS: Acts = (("获取招标文件", offering.take_documents), ("封标递交", offering.seal_and_submit))
DEADLINE: Acts = (
    ("替换与撤回", offering.replace_and_withdraw),
    ("截止前保密", offering.secrecy_until_the_deadline),
    ("迟到", offering.too_late),
)
FIRST_SESSION: Acts = (("封存", offering.closed), ("开标", opening.open_hall))
NEXT_SESSION: Acts = (("开启下一场", opening.open_next_session),)
OPENED: Acts = (("投标人解密", opening.release_halves), ("保管人开启", opening.holders_open))
REOPENED: Acts = (("外人重开", opening.reopen_alone),)
SIGNED: Acts = (("签署开标记录", opening.sign_the_record), ("结束开标", opening.close_hall))
QUALIFIED: Acts = (("资格审查", judging.review_qualification),)
PANEL: Acts = (
    ("抽取专家", judging.draw_panel),
    ("组成评审小组", judging.seat_panel),
    ("符合性审查", judging.review),
)
SCORED: Acts = (("评审打分", judging.score),)
TALKS: Acts = (("磋商", talking.talk), ("最后报价", talking.quote))
DISCLOSED: Acts = (("公开报价", talking.disclosed),)
RESULT: Acts = (
    ("评审报告", judging.sign_report),
    ("定标与公告", judging.award),
    ("合同", judging.contract),
)
VERIFIED: Acts = (("核验全程记录", checking.verify_record),)

KINDS: dict[str, Kind] = {
    "tender": Kind(
        title="公开招标",
        facts={},
        sessions=(("sheet", "body"),),
        seats=5,
        acts=(*TO_NOTICE, *BIDS, *DEADLINE, *FIRST_SESSION, *OPENED, *REOPENED, *SIGNED, *QUALIFIED, *PANEL, *SCORED,
              *RESULT, *VERIFIED),
    ),
    "two-envelope": Kind(
        title="公开招标（双信封）",
        facts={"envelopes": "two", "title": "国控断面水质自动站运维设备采购"},
        sessions=(("tech",), ("price",)),
        seats=5,
        acts=(*TO_NOTICE, *BIDS, *DEADLINE, *FIRST_SESSION, *OPENED, *SIGNED, *QUALIFIED, *PANEL, *SCORED,
              *NEXT_SESSION, *OPENED, *REOPENED, *SIGNED, *RESULT, *VERIFIED),
    ),
    "negotiation": Kind(
        title="竞争性磋商",
        facts={
            "edition": "rehearsal-214", "category": "services", "ground": "services",
            "title": "水质自动监测站运维服务采购", "item": "水质自动监测站运维服务 1 年",
            "demand": "日常巡检、校准、数据审核与故障处置；12 个月；须持证上岗。",
        },
        sessions=(("tech",), ("price",)),
        rounds=True,
        seats=3,
        acts=(*TO_NOTICE, *BIDS, *DEADLINE, *FIRST_SESSION, *OPENED, *SIGNED, *PANEL, *TALKS, *NEXT_SESSION, *OPENED,
              *SIGNED, *SCORED, *RESULT, *DISCLOSED, *VERIFIED),
    ),
    "quotes": Kind(
        title="密封报价",
        facts={},
        sessions=(("sheet",),),
        seats=0,
        acts=(("三屏编制并公告", quoting.buy), BIDS[-1], ("自动开启与选取", quoting.chosen), *VERIFIED),
        last="sealed.quotes-fixed",
    ),
}  # fmt: skip
DEFAULT = "tender"
