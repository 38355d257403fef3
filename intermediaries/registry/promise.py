"""What a provider promises on entering (承诺书). A changed text is another edition; who signed one keeps it."""

from proofs import canonical

EDITION = "2026-1"
CLAUSES = (
    "本机构依法设立，所填写的信息、上传的证照真实、有效，变化后五个工作日内更新。",
    "从业人员只在本机构一家执业，资质、证书到期前办理延续；到期的，不再以其参加选取。",
    "如实申报与行政机关、其他机构之间的控股、管理和隶属关系，依法应当回避的，不参加选取。",
    "按公布的服务内容、收费标准和时限提供服务，不转包，不以低于成本的报价竞争，不与他人串通。",
    "服务成果真实、准确、完整，对结论依法承担责任。",
    "接受事中事后核查和社会监督；承诺不实的，相关资质不再计入，核查结论公开，依法承担责任。",
)
LONGEST_TO_UPDATE = 5  # working days


def text() -> bytes:
    """The promise as it is hashed: edition and clauses, canonical JSON."""
    return canonical.dumps({"v": "promise/1", "edition": EDITION, "clauses": list(CLAUSES)})
