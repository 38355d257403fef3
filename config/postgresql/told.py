"""A URL and what the environment says, as Django is told of a database."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from config.env import Env


def database(url: str, env: Env, *, reads: bool = False) -> dict[str, Any]:
    """reads: nothing is ever written there, and who cannot be had soon is not waited for: there is the primary.

    A URL may name several servers: `postgresql://role@one,two/name?target_session_attrs=read-write` finds whichever of
    them is the primary now.
    """
    told = conninfo_to_dict(url)
    own, wait = told.pop("options", ""), 1.0 if reads else env.pool_wait
    times = {
        "lock_timeout": env.lock_timeout,
        "statement_timeout": env.statement_timeout,
        "idle_in_transaction_session_timeout": env.idle_timeout,
    }
    limits = " ".join(f"-c {name}={1000 * seconds:.0f}" for name, seconds in times.items())
    return {
        "ENGINE": "config.postgresql",
        "NAME": told.pop("dbname", ""),
        "USER": told.pop("user", ""),
        "PASSWORD": told.pop("password", ""),
        "HOST": told.pop("host", ""),
        "PORT": str(told.pop("port", "")),
        "COMMIT_WAIT": env.commit_wait if env.standby and not reads else 0,
        # A pool outlives its server: what broke with it is noticed before a request gets it, not by the request.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # A server that lost its power says nothing: who waits for it gives up after these seconds.
            "connect_timeout": "3",
            "keepalives_idle": "5",
            "keepalives_interval": "2",
            "keepalives_count": "3",
            "tcp_user_timeout": "10000",
            **told,
            # Without a pool a rush of clients meets "too many clients" and becomes errors.
            "pool": {"min_size": 0 if reads else 1, "max_size": env.pool, "timeout": wait},
            "options": f"{own} -c synchronous_commit=on {limits}"
            + (" -c default_transaction_read_only=on" if reads else ""),
        },
    }
