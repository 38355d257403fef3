"""What the environment may say, typed and loud: a wrong value stops the start."""

import os
import secrets
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict

from rulebook.lasting import make_last

ROOT = Path(__file__).resolve().parent.parent
Contact = Annotated[str, StringConstraints(pattern=r"^(mailto:|https://|tel:)[!-~]+$")]  # RFC 9116 §2.5.3


class Env(BaseSettings):
    """Every variable the house reads. Names are MINGBIAO_<FIELD> unless an alias is given; empty means default."""

    model_config = SettingsConfigDict(env_prefix="MINGBIAO_", env_ignore_empty=True, extra="ignore")

    data: Path = ROOT / "var"  # database, files, keys, locks of the embedded house
    production: bool = False  # refuses the rehearsal edition, demands https and a secret of its own
    secret: str = ""  # signs sessions; made and kept in the data folder when not given
    secrets_before: list[str] = []  # the house's secrets before this one, the newest first, while they are still needed
    hosts: list[str] = ["localhost", "127.0.0.1", "[::1]", "testserver"]
    second_factor: bool | None = None  # whether everybody but a citizen signs in with two; in production unless told
    breached: str = ""  # file of breached passwords, lines of SHA-1 in hex, sorted; none is looked up without
    sso: list[dict[str, str]] = []  # JSON: [{"key": …, "name": …, "issuer": https://…, "client": …, "secret": …}]
    expert_keys: str = ""  # file of the keys that seal experts' personal data; made in the data folder when not given
    document_key: str = ""  # PEM file of the key papers are signed with; made in the data folder when not given
    document_certificate: str = ""  # PEM file of its certificate, then of those above it; given with the key
    timestamps: str = ""  # address of a time stamping authority (RFC 3161) for the signatures on papers
    security_contact: list[Contact] = []  # where weaknesses are told, the best first; said in security.txt
    security_policy: Annotated[str, StringConstraints(pattern=r"^(https://[!-~]+)?$")] = (
        ""  # what is promised who tells
    )
    banner: str = ""  # words above every page; a demo says that one operator holds all parties' keys
    site: str = ""  # the address people type, printed on papers: https://…; guessed unless told
    origin: str = "mingbiao.example"  # names the logs: <origin>/log, <origin>/sealed, <origin>/receipts
    ocid_prefix: str = "ocds-000000"  # of open data, as the Open Contracting Partnership has registered it
    database_url: str = Field("", validation_alias=AliasChoices("DATABASE_URL"))  # postgresql://…; empty: SQLite
    replica_url: str = ""  # postgresql://… of a replica that public pages are read from
    replica_lag: float = 5.0  # seconds it may be behind
    run_role: str = "mingbiao_run"  # the role the processes are in PostgreSQL, which `grant` gives its rights
    read_role: str = "mingbiao_read"  # the role that only reads: replicas, backups
    redis_url: str = Field("", validation_alias=AliasChoices("REDIS_URL"))  # empty: one embedded process
    host: str = Field("127.0.0.1", validation_alias=AliasChoices("HOST"))
    port: int = Field(8000, validation_alias=AliasChoices("PORT"))
    proxies: list[str] = []  # peers whose X-Arrival and X-Forwarded-For are believed; "" is a unix socket
    witnesses: list[dict[str, str]] = []  # JSON: [{"url": …, "vkey": …}]
    quorum: int = 0  # how many of them make a checkpoint witnessed
    public_every: float = 0.3  # seconds between looks at the public log
    sealed_every: float = 60.0  # seconds between batches of the sealed log
    sealed_batch: int = 16  # leaves in each of them, real or filler
    closing_batch: int = 1024  # leaves in the batch at a closing
    s3_bucket: str = ""  # where files are kept; empty: in the data folder
    s3_endpoint: str = ""  # https://…; empty: Amazon's of the region
    s3_public: str = ""  # the same bucket's endpoint as browsers reach it, where that is another address
    s3_region: str = ""
    s3_key: str = ""  # with s3_secret; empty: the role of the machine
    s3_secret: str = ""
    s3_style: Literal["path", "virtual", "auto"] = "path"  # whether the bucket stands in the path or in the host's name
    s3_straight: bool = True  # browsers send envelopes to the storage themselves
    s3_lock: Literal["GOVERNANCE", "COMPLIANCE", "NONE"] = "GOVERNANCE"  # Object Lock on envelopes and public files
    s3_lock_days: int = Field(5479, ge=1)  # how long: fifteen years
    envelope_limit: int = 256 * 1024 * 1024  # bytes of one sealed envelope
    notifier: str = ""  # address of the process that alone knows who was drawn; without it nobody can be called
    notifier_token: str = ""  # file of the token both show; in the data folder when not given
    gateway_token: str = ""  # what the gateways show when they say what became of a message
    mail: str = ""  # the mail server: smtp://user:password@host:587 with STARTTLS, smtps://… with TLS from the start
    mail_from: str = "mingbiao@localhost"  # whom e-mail is from
    gateways: dict[str, str] = {}  # JSON: {"sms": "https://…", "wechat": …, "voice": …}, docs/reaching.md
    gateway_secret: str = ""  # signs what the house and those gateways say to each other
    log: Literal["", "json", "plain"] = ""  # how lines are written; JSON in production, plain elsewhere unless told
    metrics: str = ""  # host:port where figures are answered; without it none are counted
    otlp: str = ""  # address of a collector of traces, https://…; without it none are made
    backup_key: str = ""  # public key backups are sealed to, as `python -m proofs backup-key` prints it
    threads: int = 12  # requests a process works on at once; the others wait their turn
    standby: bool = False  # commits must wait for a synchronous standby: no start where they do not
    pool: int = 20  # database connections a process may hold
    pool_wait: float = 10.0  # seconds a request waits for one of them
    lock_timeout: float = 5.0  # seconds a statement waits for a row that another act holds
    statement_timeout: float = 30.0  # seconds a statement may take
    commit_wait: float = 10.0  # seconds a commit waits for the standby, where there must be one
    idle_timeout: float = 60.0  # seconds a transaction may do nothing


def secret_kept_in(folder: Path) -> str:
    """The secret kept in a folder, made on first use and readable by its owner alone."""
    path = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=_private) as fresh:
            fresh.write(secrets.token_urlsafe(48))
            fresh.flush()
            os.fsync(fresh.fileno())
        make_last(path)
    except FileExistsError:
        pass
    return path.read_text()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
