"""Kinds of clues in words, each with what innocently explains it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from supervision.clues.rules import Kind

WORDS: Mapping[Kind, Promise] = {
    Kind.ADDRESS: _("递交时的网络地址相同"),
    Kind.DEVICE: _("从同一台设备递交"),
    Kind.ORIGIN: _("文件出自同一份原始文档"),
    Kind.AUTHOR: _("文件的作者相同"),
    Kind.EDITOR: _("文件的最后修改人相同"),
    Kind.TOOL: _("制作文件的软件版本相同"),
    Kind.FILE: _("有完全相同的文件"),
    Kind.PERSON: _("联系人姓名相同"),
    Kind.PHONE: _("联系电话相同"),
    Kind.MAIL: _("电子邮箱相同"),
    Kind.ACCOUNT: _("保证金的账户或凭证号相同"),
    Kind.PRICE: _("报价呈规律性"),
    Kind.TEXT: _("文件内容雷同"),
    Kind.TIME: _("递交时间紧挨着"),
}
INNOCENT: Mapping[Kind, Promise] = {
    Kind.ADDRESS: _("同一栋楼、同一园区、交易中心大厅、移动网络的出口，都会共用一个地址。"),
    Kind.DEVICE: _("公用电脑、打印店或同一代办人的电脑；共享办公的设备。"),
    Kind.ORIGIN: _("都从同一份公开范本另存而来；采购文件自带的格式已经剔除。"),
    Kind.AUTHOR: _("同名；都用同一份范本，作者是范本的作者；委托同一家制作服务机构。"),
    Kind.EDITOR: _("同名；都请同一家打印店排版。"),
    Kind.TOOL: _("常用软件的同一版本，用的人很多。"),
    Kind.FILE: _("同一厂家的样本、同一份公开证明。"),
    Kind.PERSON: _("同名。"),
    Kind.PHONE: _("总机号码；填错。"),
    Kind.MAIL: _("填错；公共邮箱。"),
    Kind.ACCOUNT: _("同一家担保机构的总账户；凭证号填错。"),
    Kind.PRICE: _("价格公开透明时会彼此接近；按同一份定额或政府指导价计算。"),
    Kind.TEXT: _("引用同样的标准和法规条文；同行业通用的范文。采购文件自己的文字已经剔除。"),
    Kind.TIME: _("临近截止时大家都在递交。"),
}
PATTERNS: Mapping[str, Promise] = {
    "arithmetic": _("等差"),
    "geometric": _("等比"),
    "near": _("几乎相同"),
    "ratio": _("分项报价成固定比例"),
}
