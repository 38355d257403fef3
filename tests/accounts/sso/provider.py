"""A small OpenID provider, a process of its own in the tests: discovery, keys, a token for a code it was told to know.

`python -m tests.accounts.sso.provider PORT` prints a line when it listens. What it is to say of the next code is posted
to /told.
"""

import base64
import hashlib
import http.server
import json
import sys
from typing import Any
from urllib.parse import parse_qs, unquote_plus

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

KEY, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
TOLD: dict[str, Any] = {}


class Provider(http.server.BaseHTTPRequestHandler):
    """One at a time is enough."""

    def do_GET(self) -> None:
        issuer = f"http://localhost:{self.server.server_address[1]}"  # type: ignore[attr-defined]
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key())) | {"kid": "one", "alg": "ES256"}
        pages = {
            "/.well-known/openid-configuration": {
                "issuer": TOLD.get("described", issuer), "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/keys",
            },
            "/keys": {"keys": [jwk]},
        }  # fmt: skip
        self.answer(pages.get(self.path), 200 if self.path in pages else 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/told":
            TOLD.clear()
            TOLD.update(json.loads(body))
            return self.answer({}, 200)
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        hashed = base64.urlsafe_b64encode(hashlib.sha256(asked["code_verifier"].encode()).digest()).decode().rstrip("=")
        basic = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if (hashed, asked["code"], unquote_plus(basic)) != (TOLD["challenge"], TOLD["code"], "mingbiao:a secret"):
            return self.answer({"error": "invalid_grant"}, 400)
        TOLD["code"] = ""  # once
        header = {"kid": TOLD.get("kid", "one")}
        if TOLD.get("by") == "none":
            token = jwt.encode(TOLD["claims"], None, algorithm="none", headers=header)
        elif TOLD.get("by") == "hmac":
            token = jwt.encode(TOLD["claims"], "a secret" * 4, algorithm="HS256", headers=header)
        else:
            token = jwt.encode(
                TOLD["claims"], OTHER if TOLD.get("by") == "other" else KEY, algorithm="ES256", headers=header
            )
        self.answer({"id_token": token, "access_token": "x", "token_type": "Bearer"}, 200)

    def answer(self, told: Any, status: int) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


if __name__ == "__main__":
    server = http.server.HTTPServer(("localhost", int(sys.argv[1])), Provider)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
