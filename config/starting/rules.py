"""Why a process must not start, all reasons at once: who puts them right one after the other starts ten times."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from rulebook.clock import OFF
from rulebook.refusal import Kind, Reason

SHORTEST_SECRET = 32  # characters
MOST_RIGHTS = 8  # of those that are wrong, told at once: the owner's are hundreds
APART = timedelta(seconds=10)  # a clock outside that is no further off bears ours out
AWAY = timedelta(minutes=10)  # a machine starts again in less; a wrong clock closes no more than so much too early
SURE = 2  # so many outside who say otherwise are not wrong all at once
TOGETHER = frozenset({"pages", "sockets", "worker", "beat", "sequence"})  # kinds of which several run side by side
SHARING = TOGETHER - {"sequence"}  # those that count at the doors, tell each other news, or hand on ticks
EXAMPLES = ("mingbiao.example", "ocds-000000")  # names nobody owns: of logs, and of open data
OURS = "127.0.0.1"  # where `serve` listens unless told


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to be judged.

    secret, gateway_secret: how many characters were told.  exposed: key files others can read.
    breached: that list is there, where one was told of.  weak: settings of the
    database with which it may lose what it has acknowledged, and their values.  rights: what its role may do and should
    not, or the other way round.  standby: one is asked for; copied: commits wait for it.  skew: its clock against
    ours.  behind: ours against the highest instant seen.  unapplied: migrations.  answers: the database does.
    lines: what is told of where others are reached, variable → address; files: those of the storage.  in_clear: the
    database's connection crosses a network without TLS.  shared: folders of ours in which everybody may write.
    """

    kind: str
    production: bool = False
    debug: bool = False
    secret: int = 0
    hosts: tuple[str, ...] = ()
    hosts_told: bool = False
    site: str = ""
    expert_keys: bool = False
    witnesses: int = 0
    quorum: int = 0
    proxies: int = 0
    second_factor: bool = False
    notifier: str = ""
    gateways: bool = False
    gateway_secret: int = 0
    document_key: bool = False
    document_certificate: bool = False
    breached: bool = True
    metrics: str = ""
    otlp: str = ""
    engine: str = "sqlite"
    redis: str = ""
    origin: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    in_clear: bool = False
    shared: tuple[str, ...] = ()
    backup_key: bool = True
    ocid_prefix: str = ""
    files_locked: bool = True
    host: str = OURS
    folder_ours: bool = True
    folder_writable: bool = True
    exposed: tuple[str, ...] = ()
    demo: bool = False
    answers: bool = True
    weak: Mapping[str, str] = field(default_factory=dict)
    rights: tuple[str, ...] = ()
    standby: bool = False
    copied: bool = False
    skew: timedelta = timedelta()
    behind: timedelta = timedelta()
    unapplied: tuple[str, ...] = ()
    rehearsed: bool = False


def why_not_start(facts: Facts) -> tuple[Reason, ...]:
    """Reasons against starting: what it was told, where it lies, what it stands on."""
    return (
        *_of_words(facts),
        *(_of_production(facts) if facts.production else ()),
        *_of_folder(facts),
        *(_of_database(facts) if facts.answers else (_no("silent", "数据库没有应答，请检查 DATABASE_URL"),)),
    )


def why_not_believe(*, production: bool, away: timedelta, outside: Collection[timedelta]) -> tuple[Reason, ...]:
    """Reasons against believing the clock a process starts with: it would close what is open, and for good.

    away: how long ago the highest instant is that was ever seen.  outside: the clocks of those that witness our logs
    and have answered now, against ours.
    """
    if not production or any(abs(skew) <= APART for skew in outside):
        return ()
    if len(outside) >= SURE:
        nearest = min(outside, key=abs).total_seconds()
        return (_no("outside", "各见证方的时钟与本机都相差{seconds}秒以上", seconds=f"{abs(nearest):.0f}"),)
    if away > AWAY:
        told = "已记录的最晚时刻在{minutes}分钟前，没有外部时钟证实本机时间，请核对后执行 ./mingbiao confirm_clock"
        return (_no("away", told, minutes=away // timedelta(minutes=1)),)
    return ()


def what_is_weak(facts: Facts) -> tuple[Reason, ...]:
    """What is no reason against starting a real house, and still better otherwise; told, never refused."""
    if not facts.production:
        return ()
    found = []
    if not facts.backup_key:
        found.append(_better("backup-key", "没有设置 MINGBIAO_BACKUP_KEY：无法备份"))
    if facts.quorum == 1:
        found.append(_better("one-witness", "一个见证方即可成立见证：它一旦失信或停止，没有第二个可以对照"))
    if facts.ocid_prefix == EXAMPLES[1]:
        found.append(_better("ocid-prefix", "MINGBIAO_OCID_PREFIX 未登记：开放数据一经发布，其编号不能再改"))
    if not facts.files_locked:
        found.append(_better("files-lock", "文件库不锁定对象：持有密钥的人可以删除已递交的投标文件"))
    if facts.engine == "postgresql" and not facts.standby:
        found.append(_better("standby", "没有同步备库：这台数据库损毁时，会丢失最后一次备份之后的内容"))
    if facts.kind == "serve" and not is_near(facts.host):
        found.append(_better("host", "HOST 对外监听：前置代理之外的人可以绕过它直接访问"))
    return tuple(found)


def _of_words(facts: Facts) -> list[Reason]:
    found = []
    if facts.debug:
        found.append(_no("debug", "调试模式会把内部信息显示给访问者，必须关闭"))
    if any(host == "*" or host.startswith((".", "*")) for host in facts.hosts):
        found.append(_no("wildcard", "MINGBIAO_HOSTS 必须逐一写明域名，不能使用通配符"))
    if facts.gateways and facts.gateway_secret < SHORTEST_SECRET:
        found.append(_no("gateway-secret", "设置了 MINGBIAO_GATEWAYS，就要设置至少32个字符的 MINGBIAO_GATEWAY_SECRET"))
    if not facts.breached:
        found.append(_no("breached", "MINGBIAO_BREACHED 指定的文件不存在"))
    if facts.document_key != facts.document_certificate:
        found.append(_no("document-key", "MINGBIAO_DOCUMENT_KEY 与 MINGBIAO_DOCUMENT_CERTIFICATE 必须同时设置"))
    if facts.quorum > facts.witnesses:
        found.append(
            _no(
                "quorum",
                "见证方有{count}个，MINGBIAO_QUORUM 不能是{quorum}",
                count=facts.witnesses,
                quorum=facts.quorum,
            )
        )
    if facts.metrics and not is_near(facts.metrics):
        found.append(_no("metrics-public", "MINGBIAO_METRICS 只能是本机或内网的 IP 地址加端口，不能对外公开"))
    if facts.otlp and urlsplit(facts.otlp).scheme != "https" and not is_near(urlsplit(facts.otlp).netloc):
        found.append(_no("otlp-open", "MINGBIAO_OTLP 必须是 https 地址，或者本机、内网的 IP 地址"))
    if facts.kind in TOGETHER and facts.engine != "postgresql":
        found.append(_no("engine", "多个进程共同运行需要 PostgreSQL，请设置 DATABASE_URL"))
    if facts.kind in SHARING and not facts.redis:
        found.append(_no("redis", "多个进程共同运行需要 Redis，请设置 REDIS_URL"))
    return found


def _of_production(facts: Facts) -> list[Reason]:
    found = []
    if facts.secret < SHORTEST_SECRET:
        found.append(_no("secret", "正式环境必须设置至少32个字符的 MINGBIAO_SECRET"))
    if not facts.expert_keys:
        found.append(_no("expert-keys", "正式环境必须设置 MINGBIAO_EXPERT_KEYS：密封个人信息的密钥文件"))
    if not facts.hosts_told:
        found.append(_no("hosts", "正式环境必须设置 MINGBIAO_HOSTS：本站的域名"))
    if urlsplit(facts.site).scheme != "https":
        found.append(_no("site", "正式环境的 MINGBIAO_SITE 必须以 https:// 开头"))
    if not facts.witnesses or not facts.quorum:
        found.append(_no("witnesses", "正式环境必须设置 MINGBIAO_WITNESSES 和至少为1的 MINGBIAO_QUORUM"))
    if not facts.proxies:
        found.append(_no("proxies", "正式环境必须设置 MINGBIAO_PROXIES：可以相信其送达时刻的前置代理"))
    if not facts.second_factor:
        found.append(_no("second-factor", "正式环境不得关闭 MINGBIAO_SECOND_FACTOR"))
    if not facts.notifier:
        found.append(_no("notifier", "正式环境必须设置 MINGBIAO_NOTIFIER：否则无法通知抽中的专家"))
    if facts.origin == EXAMPLES[0]:
        found.append(_no("origin", "正式环境必须设置 MINGBIAO_ORIGIN：日志的名称，一经确定不能再改"))
    if facts.redis and not _is_local(facts.redis) and not urlsplit(facts.redis).password:
        found.append(_no("redis-open", "REDIS_URL 不在本机且没有密码：任何人都可以写入待办任务"))
    for name, address in facts.files.items():
        if urlsplit(address).scheme == "http" and not _is_local(address):
            found.append(_no("storage-open", "{name} 必须是 https 地址（本机除外）：文件会以明文经过网络", name=name))
    for name, address in facts.lines.items():
        if crosses_in_clear(address):
            found.append(_no("line-open", "{name} 会以明文经过开放的网络，请使用加密的地址或者内网 IP 地址", name=name))
    if facts.demo:
        found.append(_no("demo", "数据目录里有演示账号（demo.json），其密码是公开的，不得用于正式环境"))
    return found


def _of_folder(facts: Facts) -> list[Reason]:
    found = []
    if not facts.folder_ours:
        found.append(_no("folder-foreign", "数据目录属于另一个用户，请用其所有者启动或更换 MINGBIAO_DATA"))
    if not facts.folder_writable:
        found.append(_no("folder-closed", "数据目录不可写入"))
    found += [_no("folder-shared", "任何人都可以写入 {path}，请执行 chmod o-w", path=path) for path in facts.shared]
    found += [_no("key-exposed", "{path} 可被他人读取，请执行 chmod 600", path=path) for path in facts.exposed]
    return found


def _of_database(facts: Facts) -> list[Reason]:
    found = [
        _no("not-durable", "数据库设置 {name} 为 {value}，断电时可能丢失已确认的投标", name=name, value=value)
        for name, value in facts.weak.items()
    ]
    if facts.production:  # the one user of a trial owns its tables
        found += [_no("rights", "数据库角色权限不对：{what}", what=what) for what in facts.rights[:MOST_RIGHTS]]
    if facts.production and facts.in_clear:
        found.append(_no("database-open", "与数据库的连接以明文经过网络，请在 DATABASE_URL 中设置 sslmode=verify-full"))
    if facts.production and facts.standby and not facts.copied:
        found.append(_no("standby", "要求有同步备库（MINGBIAO_STANDBY），但数据库没有设置 synchronous_standby_names"))
    if abs(facts.skew) > OFF:
        found.append(
            _no("skew", "本机时钟与数据库时钟相差{seconds}秒", seconds=f"{abs(facts.skew).total_seconds():.1f}")
        )
    if facts.behind > OFF:
        found.append(
            _no("behind", "本机时钟比已记录的最晚时刻慢{seconds}秒", seconds=f"{facts.behind.total_seconds():.1f}")
        )
    if facts.unapplied:
        found.append(
            _no("unapplied", "有{count}项数据库变更尚未执行，请先运行 ./mingbiao migrate", count=len(facts.unapplied))
        )
    if facts.production and facts.rehearsed:
        found.append(_no("rehearsed", "数据库里有按演练版次进行的项目，不得用于正式环境"))
    return found


def is_near(place: str) -> bool:
    """Whether `host:port` is on this machine or in a private network, said by number: a name may mean anything."""
    host = urlsplit(f"//{place}").hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_private and not ip_address(host).is_unspecified
    except ValueError:
        return False


def crosses_in_clear(address: str) -> bool:
    """Whether what is said to an address can be read on the way there: no TLS, beyond this machine and its network."""
    told = urlsplit(address)
    clear = told.scheme in ("http", "redis") or (told.scheme == "smtp" and not told.username)  # with one: STARTTLS
    return clear and bool(told.hostname) and not is_near(told.netloc.rpartition("@")[2])


def _is_local(address: str) -> bool:
    """Whether it leads to this machine: a socket file has no host."""
    host = urlsplit(address).hostname or "localhost"
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _better(code: str, text: str) -> Reason:
    return Reason(f"weak.{code}", Kind.NOT_NOW, text)


def _no(code: str, text: str, **values: object) -> Reason:
    return Reason(f"start.{code}", Kind.NOT_NOW, text, values=values)
