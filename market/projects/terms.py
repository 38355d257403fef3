"""What each law calls the parts of a purchase: one row of words per procedure. Pure.

87号令 speaks of 采购人, 投标人 and 开标; the law of tenders for works of 招标人; 财库〔2014〕214号 and 74号令 know
neither bids nor their opening: suppliers hand in responses, and one of them is 成交供应商.
"""

from dataclasses import replace

from rulebook.terms import Terms

WORKS = Terms(buyer="招标人")
CONSULTATION = Terms(
    bidder="供应商", bid="响应", file="响应文件", documents="磋商文件", tender="采购",
    deadline="提交响应文件截止", closing="截止", opening="开启", sheet="报价一览表", price="报价",
    published="结果公告后公开", read_out="开启", seal="封装", guarantee="磋商保证金",
    evaluation="评审", panel="磋商小组", award="成交", winner="成交供应商", candidate="成交候选供应商", failure="终止",
)  # fmt: skip
_RULES_74 = replace(CONSULTATION, guarantee="保证金", candidate="成交候选人")
NEGOTIATION = replace(_RULES_74, documents="谈判文件", panel="谈判小组")
INQUIRY = replace(_RULES_74, documents="询价通知书", panel="询价小组")
SUPERMARKET = replace(
    CONSULTATION, buyer="项目业主", bidder="中介服务机构", bid="报名", file="报价文件", documents="采购需求",
    deadline="报名截止", closing="截止", opening="选取", sheet="报价单", published="选取后公开", price="报价",
    evaluation="选取", panel="评审小组", award="中选", winner="中选机构", candidate="中选候选机构", failure="流标",
)  # fmt: skip
OFFERING = replace(SUPERMARKET, bid="报价", deadline="报价截止", opening="开启", read_out="开启")
