"""Django settings, read from the environment through `config.env`; safe without any."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from config import policy
from config.env import ROOT, Env, secret_kept_in
from config.watching.lines import logging_told

ENV = Env()
BASE_DIR = ROOT
DATA = ENV.data.resolve()
PRODUCTION = ENV.production
DEBUG = False
# What must not be is said all at once (`config.starting`): here a value that is missing in production stays missing.
SECRET_KEY = ENV.secret if PRODUCTION else ENV.secret or secret_kept_in(DATA)
SECRET_KEY_FALLBACKS = ENV.secrets_before
ALLOWED_HOSTS = ENV.hosts
TRUSTED_PROXIES = ENV.proxies

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "ninja",
    "documents",
    "accounts",
    "people",
    "ledger",
    "blacklist",
    "draws",
    "experts",
    "intermediaries",
    "market",
    "bidding",
    "supervision",
    "keeping",
    "portal",
    "config",
]
MIDDLEWARE = [
    "config.watching.requests.Numbered",
    "config.arrival.Stamped",
    "config.plain.Heard",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.policy.Policed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.Spoken",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.identity.Identified",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.replica.FromReplica",
    "config.admission.Admitted",
]
if ENV.otlp:
    MIDDLEWARE.insert(1, "config.watching.traces.Traced")
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.site",
                "market.projects.context.terms",
            ],
        },
    }
]

# --- where things are kept -------------------------------------------------------------------------------------------
if ENV.database_url:
    from config.postgresql.told import database  # the driver is for who needs it

    DATABASES = {"default": database(ENV.database_url, ENV)}
    if ENV.replica_url:
        DATABASES["replica"] = database(ENV.replica_url, ENV, reads=True)
else:
    DATABASES = {
        "default": {
            "ENGINE": "config.sqlite",
            "NAME": DATA / "mingbiao.sqlite3",
            # Kept by the thread that opened it: the threads are few, and opening costs more than most acts.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                # FULL: with NORMAL a power cut loses acknowledged commits. recursive_triggers: without it
                # INSERT OR REPLACE slips past the append-only triggers.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA recursive_triggers=ON",
            },
            "TEST": {"NAME": DATA / "test.sqlite3"},  # a file: the suite runs on the engine that is used, WAL and all
        }
    }
RUN_ROLE, READ_ROLE = ENV.run_role, ENV.read_role
REPLICA_LAG = ENV.replica_lag
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES = {
    "default": {"BACKEND": "ledger.storage.files.Files"},
    "staticfiles": {"BACKEND": "config.static.Hashed"},
}
S3: dict[str, str | int] = {  # without a bucket files lie in the data folder
    "bucket": ENV.s3_bucket, "endpoint": ENV.s3_endpoint, "public": ENV.s3_public, "region": ENV.s3_region,
    "key": ENV.s3_key, "secret": ENV.s3_secret, "style": ENV.s3_style,
    "lock": "" if ENV.s3_lock == "NONE" else ENV.s3_lock, "lock_days": ENV.s3_lock_days,
}  # fmt: skip
S3_STRAIGHT = ENV.s3_straight
REDIS_URL = ENV.redis_url
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # What is counted there is worth no wait: one that hangs is as one that is gone.
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
}

# --- people ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["config.sessions.Passwords"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NotGuessed"},
    {"NAME": "accounts.passwords.NotBreached"},
]
BREACHED = ENV.breached
SECOND_FACTOR = ENV.second_factor if ENV.second_factor is not None else PRODUCTION
SSO = ENV.sso
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

# --- words and time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
# mvf: the Mongolian of Inner Mongolia, in its own script (mn would lend it Cyrillic words where it has none).
LANGUAGES = [("zh-hans", "简体中文"), ("mn", "Монгол"), ("mvf", "ᠮᠣᠩᠭᠣᠯ"), ("en", "English")]
# A browser takes a cookie so called only from https, and one of the first kind only for this host and all its paths.
HOST_COOKIES, COOKIES = ("__Host-", "__Secure-") if PRODUCTION else ("", "")
LANGUAGE_COOKIE_NAME = f"{COOKIES}language"
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

SECURITY_CONTACT, SECURITY_POLICY = ENV.security_contact, ENV.security_policy
SITE_BANNER = ENV.banner
# --- pages -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # no package brings scripts of its own
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ADD_HEADERS_FUNCTION = policy.of_files
CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy.PAGES}
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # of frames the policy speaks (config.policy)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{HOST_COOKIES}sessionid", f"{HOST_COOKIES}csrftoken"
MESSAGE_STORAGE = "config.sessions.Messages"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # from signing in, whatever is done meanwhile (config.sessions)
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from the page
CSRF_FAILURE_VIEW = "config.refusals.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
ENVELOPE_LIMIT = ENV.envelope_limit
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024  # a sealed envelope comes as one body
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = [
    "bidding.tender.files.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- background ------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- the ledger ------------------------------------------------------------------------------------------------------
LOG_ORIGIN = ENV.origin
BACKUP_KEY = ENV.backup_key
OCID_PREFIX = ENV.ocid_prefix
SITE = ENV.site.rstrip("/") or (f"https://{ENV.origin}" if PRODUCTION else f"http://localhost:{ENV.port}")
KEYS = DATA / "keys"
EXPERT_KEYS = Path(ENV.expert_keys or "/" if PRODUCTION else ENV.expert_keys or KEYS / "experts.keys")  # "/": no file
DOCUMENT_KEY, DOCUMENT_CERTIFICATE, TIMESTAMPS = ENV.document_key, ENV.document_certificate, ENV.timestamps
# The registers that know people by keyed hashes: a decision on a person is kept under every one of them.
PERSON_TAGS = ("intermediaries.registry.tags.tags", "accounts.sealing.tags")
# Those in which a person is looked up whom a case of the platform is about.
PERSON_REGISTERS = ("intermediaries.registry.people", "experts.registry.people")
# (project, keyed hash, at) → why a decision keeps this person from judging there: panels know no procedures.
ADMINISTRATORS = "people.colleagues.queries.administrators"  # who administers a house: credit code → people
JUDGE_GATE = "market.projects.gate.why_not_judge"
# Who may have a file of evidence: the word before the colon of its `about` → (evidence, viewer) → bool of its slice.
EVIDENCE_OWNERS: dict[str, str] = {
    "entry": "people.entering.queries.may_have",
    "rating": "intermediaries.ratings.queries.may_have",
    "contract": "market.contracts.queries.may_have_file",
    "case": "blacklist.cases.queries.may_have",
    "purchase-notice": "market.purchases.attaching.may_have",
    "agency": "market.agency.queries.may_have",
}
PROJECT_REGION = "market.projects.queries.region_of"  # where a procurement lies: its number → digits, None for none
# (actor, at) → what waits on somebody's desk: shown before his work is handed over.
PERSON_DUTIES = "portal.desk.queries.duties"
WITNESSES = ENV.witnesses
NOTIFIER = ENV.notifier.rstrip("/")
NOTIFIER_TOKEN = Path(ENV.notifier_token) if ENV.notifier_token else DATA / "notifier" / "token"
GATEWAY_TOKEN = ENV.gateway_token
GATEWAYS, GATEWAY_SECRET = ENV.gateways, ENV.gateway_secret
MAIL, MAIL_FROM = ENV.mail, ENV.mail_from
_mail = urlsplit(MAIL)
_shown = "django.core.mail.backends.dummy.EmailBackend" if PRODUCTION else "accounts.reaching.gateways.Shown"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if MAIL else _shown
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp" and bool(_mail.username)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = MAIL_FROM
QUORUM = ENV.quorum
PUBLIC_EVERY = ENV.public_every
SEALED_EVERY = ENV.sealed_every
SEALED_BATCH = ENV.sealed_batch
CLOSING_BATCH = ENV.closing_batch

LOGGING = logging_told(ENV.log or ("json" if PRODUCTION else "plain"))
METRICS = ENV.metrics
OTLP = ENV.otlp

READY_KEPT = 1.0  # seconds an answer of /readyz is good for
HOME_KEPT = 1.0  # seconds the front page of whoever is not signed in may be old
