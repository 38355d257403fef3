"""Who lives in the demo: invented people and firms in a real county. Data only."""

from dataclasses import dataclass
from datetime import date

from accounts.rules import Kind
from rulebook.actor import Role
from rulebook.credit_code import check_character

REGION = "150727"  # 新巴尔虎右旗


@dataclass(frozen=True, slots=True)
class House:
    """An organisation of the demo.  serial: eight digits that make its credit code."""

    key: str
    name: str
    kind: Kind
    serial: str
    is_small: bool = False

    @property
    def code(self) -> str:
        """Its 统一社会信用代码: registrar and kind, region, body with the check of GB 11714, check of GB 32100.

        A citizen has none: the platform's own takes its place.
        """
        if self.kind is Kind.CITIZEN:
            return f"GR{self.serial * 2}"
        head = "11" if self.kind in (Kind.BUYER, Kind.REGULATOR) else "12" if self.kind is Kind.CENTRE else "91"
        first17 = head + REGION + self.serial + body_check(self.serial)
        return first17 + check_character(first17)


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the demo.  house: key of an organisation.  id_number: of who keeps the platform, invented."""

    username: str
    name: str
    role: Role
    house: str
    is_deputy: bool = False
    id_number: str = ""


def body_check(serial: str) -> str:
    """The check character of an eight-digit organisation body (GB 11714)."""
    total = sum(int(digit) * weight for digit, weight in zip(serial, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    left = 11 - total % 11
    return {10: "X", 11: "0"}.get(left, str(left))


HOUSES = (
    House("buyer", "新巴尔虎右旗生态环境监测站", Kind.BUYER, "40120001"),
    House("centre", "新巴尔虎右旗公共资源交易中心", Kind.CENTRE, "40120002"),
    House("notary", "呼伦贝尔市草原公证处", Kind.NOTARY, "40120003"),
    House("regulator", "新巴尔虎右旗财政局", Kind.REGULATOR, "40120004"),
    House("platform", "明标平台运营中心", Kind.PLATFORM, "40120005"),
    House("ecology", "呼伦贝尔市生态环境局新巴尔虎右旗分局", Kind.BUYER, "40120011"),
    House("water", "新巴尔虎右旗水利局", Kind.BUYER, "40120012"),
    House("resources", "新巴尔虎右旗自然资源局", Kind.BUYER, "40120013"),
    House("development", "新巴尔虎右旗发展和改革委员会", Kind.BUYER, "40120014"),
    House("emergency", "新巴尔虎右旗应急管理局", Kind.BUYER, "40120015"),
    House("housing", "新巴尔虎右旗住房和城乡建设局", Kind.BUYER, "40120016"),
    House("ranch", "克鲁伦牧业有限公司", Kind.ENTERPRISE, "40120021"),
    House("citizen", "包*", Kind.CITIZEN, "40120022"),
    House("hetao", "河套仪器有限公司", Kind.PROVIDER, "50120001"),
    House("yinshan", "阴山环境科技有限公司", Kind.PROVIDER, "50120002", is_small=True),
    House("wuliangsu", "乌梁素海监测设备有限公司", Kind.PROVIDER, "50120003"),
    House("langshan", "狼山自动化有限公司", Kind.PROVIDER, "50120004"),
    House("kelulun", "克鲁伦河科技有限公司", Kind.PROVIDER, "50120005", is_small=True),
    House("beier", "贝尔湖环保设备有限公司", Kind.PROVIDER, "50120006"),
)

PEOPLE = (
    Person("officer", "乌云其木格", Role.OFFICER, "buyer"),
    Person("approver", "张建国", Role.OFFICER, "buyer"),
    Person("department", "娜仁", Role.OFFICER, "ecology"),
    Person("ranch", "高娃", Role.OFFICER, "ranch"),
    Person("13904700001", "包秀兰", Role.OFFICER, "citizen"),
    Person("supervisor", "李淑珍", Role.SUPERVISOR, "regulator"),
    Person("supervisor-2", "斯琴", Role.SUPERVISOR, "regulator"),
    Person("witness", "巴特尔", Role.WITNESS, "centre"),
    Person("holder-buyer", "其其格", Role.HOLDER, "buyer"),
    Person("holder-centre", "王志强", Role.HOLDER, "centre"),
    Person("holder-notary", "赵敏", Role.HOLDER, "notary"),
    Person("deputy-buyer", "萨仁", Role.HOLDER, "buyer", is_deputy=True),
    Person("deputy-centre", "陈晓东", Role.HOLDER, "centre", is_deputy=True),
    Person("deputy-notary", "钱立新", Role.HOLDER, "notary", is_deputy=True),
    Person("operator", "平台运维", Role.OPERATOR, "platform", id_number="150727199001010016"),
    Person("security", "苏安全", Role.SECURITY, "platform", id_number="150727199002020029"),
    Person("auditor", "孙审计", Role.AUDITOR, "regulator", id_number="150727199003030033"),
    Person("hetao", "刘河套", Role.PROVIDER, "hetao"),
    Person("yinshan", "陈阴山", Role.PROVIDER, "yinshan"),
    Person("wuliangsu", "周乌梁", Role.PROVIDER, "wuliangsu"),
    Person("langshan", "吴狼山", Role.PROVIDER, "langshan"),
    Person("kelulun", "郑克鲁", Role.PROVIDER, "kelulun"),
    Person("beier", "冯贝尔", Role.PROVIDER, "beier"),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """What a firm of the demo says of itself as a provider.  held: kind, grade, number, issuer, last day or None.

    services: item, yuan or nothing, unit.
    """

    profile: dict[str, str]
    held: tuple[tuple[str, str, str, str, date | None], ...]
    services: tuple[tuple[str, str, str], ...]


def _profile(legal_rep: str, region: str, address: str, scope: str, phone: str) -> dict[str, str]:
    return {
        "legal_rep": legal_rep, "region": region, "address": address, "scope": scope, "contact_name": legal_rep,
        "contact_phone": phone,
    }  # fmt: skip


SHOPS = {
    "hetao": Shop(
        _profile("刘河套", "呼伦贝尔市", "海拉尔区胜利大街 8 号", "测绘、土地复垦、地质灾害评估", "0470-8200001"),
        (("测绘资质", "甲级", "甲测资字15100201", "自然资源部", date(2099, 12, 31)),
         ("地质灾害危险性评估资质", "乙级", "152026110201", "内蒙古自治区自然资源厅", date(2099, 6, 30))),
        (("NM-CH-001", "0.80", "平方米"), ("NM-FK-001", "12000", "份"), ("NM-DZ-001", "15000", "份")),
    ),
    "yinshan": Shop(
        _profile("陈阴山", "包头市", "昆都仑区钢铁大街 20 号", "环境影响评价、水土保持方案、节能报告", "0472-8200002"),
        (("检验检测机构资质认定", "", "180512050001", "内蒙古自治区市场监督管理局", date(2099, 3, 31)),),
        (("NM-HP-001", "", ""), ("NM-SB-001", "18000", "份"), ("NM-JN-001", "16000", "份"), ("NM-DP-001", "", "")),
    ),
    "kelulun": Shop(
        _profile("郑克鲁", "北京市", "海淀区学院路 30 号", "水资源论证、洪水影响评价", "010-82000003"), (),
        (("NM-SL-001", "20000", "份"), ("NM-FH-001", "", "")),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judge:
    """An expert of the demo: a person and the employer and fields in the register."""

    username: str
    name: str
    number: str
    employer: str
    serial: str
    specialties: tuple[str, ...]

    @property
    def employer_code(self) -> str:
        """The employer's 统一社会信用代码; employers of experts need not be on the platform."""
        first17 = "12" + REGION + self.serial + body_check(self.serial)
        return first17 + check_character(first17)


APPLICANT = ("applicant", "斯琴高娃")  # an account of an expert who is not in the register yet
EMPLOYERS = (
    "呼伦贝尔学院", "内蒙古农业大学", "内蒙古大学", "海拉尔区计量所", "满洲里市信息中心", "呼伦贝尔市环境科学研究所",
    "鄂温克旗草原站", "扎兰屯职业学院", "牙克石市林业科学研究院",
)  # fmt: skip
SURNAMES = ("白", "包", "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨")
GIVEN = ("晓东", "其木格", "建平", "丽华", "志远", "秀兰", "文博")
EXPERTS = tuple(
    Judge(
        f"expert{n + 1:02d}", f"{surname}{GIVEN[n % len(GIVEN)]}", f"NM-{2601 + n}", EMPLOYERS[n % len(EMPLOYERS)],
        f"601200{n % len(EMPLOYERS):02d}", ("A-it", "A-office") if n % 3 else ("A-it", "C-cost"),
    )
    for n, surname in enumerate(SURNAMES)
)  # fmt: skip
