"""Sets the stage before Django reads its settings: a data folder of the run's own and, when asked, a real PostgreSQL.

Loaded with `-p tests.environment`, ahead of everything else. `TEST_DATABASE=postgres` starts a server for this run
where no DATABASE_URL names one.
"""

import atexit
import contextlib
import os
import shutil
import tempfile

_open = contextlib.ExitStack()
atexit.register(_open.close)

folder = tempfile.mkdtemp(prefix="mb-test-")
_open.callback(shutil.rmtree, folder, ignore_errors=True)
os.environ["MINGBIAO_DATA"] = folder

if os.environ.get("TEST_DATABASE") == "postgres" and not os.environ.get("DATABASE_URL"):
    from tests import engines

    os.environ["DATABASE_URL"] = _open.enter_context(engines.postgres())
