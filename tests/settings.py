"""The house's settings on a stage of the test run's own: its data folder and, when asked, a real PostgreSQL.

`TEST_DATABASE=postgres` starts a server for this run where no DATABASE_URL names one.
"""

import atexit
import contextlib
import hashlib
import os
import shutil
import tempfile
from urllib.parse import urlsplit

from tests import engines

_open = contextlib.ExitStack()
atexit.register(_open.close)

_folder = tempfile.mkdtemp(prefix="mb-test-", dir=engines.memory() or None)
_open.callback(shutil.rmtree, _folder, ignore_errors=True)
os.environ["MINGBIAO_DATA"] = _folder
_figures = f"/dev/shm/mingbiao-{os.getuid()}-{hashlib.sha256(os.path.realpath(_folder).encode()).hexdigest()[:12]}"
_open.callback(shutil.rmtree, _figures, ignore_errors=True)
# What this process puts down for a moment lies apart from what others do, so that a test can look through all of it.
tempfile.tempdir = tempfile.mkdtemp(prefix="mb-temp-", dir=engines.memory() or None)
_open.callback(shutil.rmtree, tempfile.tempdir, ignore_errors=True)

if os.environ.get("TEST_DATABASE") == "postgres" and not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = _open.enter_context(engines.postgres())

from config.settings import *  # noqa: E402, F403

# A tenth of most tests' time went into filling the batches of closings; what depends on their size says so itself.
CLOSING_BATCH = 64
READY_KEPT = HOME_KEPT = 0  # a test moves the clock and looks again

# A hash in earnest takes a third of a second of CPU. What is about it says so itself (`accounts/test_passwords.py`).
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Made once for every worker to copy: a file, or a database beside.
if not os.environ.get("TEST_TABLES") and not os.environ.get("DATABASE_URL"):
    os.environ["TEST_TABLES"] = engines.tables()
TEST_TABLES = os.environ.get("TEST_TABLES", "")
if TEST_TABLES and os.environ.get("DATABASE_URL"):
    DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = urlsplit(TEST_TABLES).path[1:]  # noqa: F405

if REDIS_URL:  # noqa: F405
    # Tests that run side by side share the server; emptying one's cache must not empty another's.
    _place = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES = {"default": CACHES["default"] | {"LOCATION": f"{REDIS_URL.rpartition('/')[0]}/{_place}"}}  # noqa: F405
