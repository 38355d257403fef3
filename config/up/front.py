"""What nginx is told: it ends in front of everything, takes requests in whole, and says when each had arrived.

Written out by `up`, and by an operator from `docs/operations.md`.
"""

import json
import resource
import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.policy import SCRIPTS

RETRY_AFTER = 5  # seconds
# Forward secrecy and one cipher for secrecy and integrity, as RFC 9325 §4.2 has it; TLS 1.3 knows no others.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
SAID = {  # what nginx says itself, by the name of its file
    "outage": ("系统暂时不可用，请稍后重试", 503),
    "long": ("提交的内容过大", 413),
    "slow": ("提交超时，请检查网络后重试", 408),
    "many": ("同一地址的连接过多，请稍后重试", 429),
}


@dataclass(frozen=True)
class Front:
    """pages, sockets: files the servers listen on.  static: what has been collected.  log: of requests.

    most: bytes of a body.  per_source: connections one address may have at once: a whole office, or a hall full of
    phones, may be one; a quarter of them with a body on its way.
    tls: certificate and key; without them it speaks plain HTTP, which is for this machine alone.
    """

    run: Path
    log: Path
    listen: str
    pages: Sequence[Path]
    sockets: Sequence[Path]
    static: Path
    most: int
    per_source: int = 1000
    tls: tuple[Path, Path] | None = None
    user: str = ""

    def written(self) -> str:
        """The configuration whole."""
        certificate = ""
        if self.tls:
            certificate = (
                f"ssl_certificate {self.tls[0]};\n    ssl_certificate_key {self.tls[1]};\n"
                "    ssl_protocols TLSv1.2 TLSv1.3;\n"
                f"    ssl_ciphers {CIPHERS};\n    ssl_prefer_server_ciphers off;\n    ssl_session_cache shared:tls:10m;"
            )
        return string.Template(TEMPLATE).substitute(
            user=f"user {self.user};" if self.user else "",
            run=self.run,
            log=self.log,
            listen=f"{self.listen} ssl http2" if self.tls else self.listen,
            certificate=certificate,
            pages=_servers(self.pages),
            sockets=_servers(self.sockets),
            static=self.static,
            most=self.most,
            per_source=self.per_source,
            bodies=max(1, self.per_source // 4),
            scripts=SCRIPTS,
            retry=RETRY_AFTER,
            files=min(65_536, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
            connections=min(16_384, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
        )

    def write(self) -> Path:
        """Put it and what nginx says itself into the folder; where it is."""
        said = self.run / "said"
        said.mkdir(exist_ok=True)
        for name, (words, status) in SAID.items():
            told = {"type": "about:blank", "title": words, "status": status, "reasons": []}
            (said / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False))
            (said / f"{name}.html").write_text(PAGE.format(words=words))
        (self.run / "body").mkdir(exist_ok=True)
        path = self.run / "nginx.conf"
        path.write_text(self.written())
        return path


def _servers(files: Sequence[Path]) -> str:
    # max_fails=0: of a few servers one that refused once is asked again at the next request, or all were soon out.
    return "\n    ".join(f"server unix:{file} max_fails=0;" for file in files)


PAGE = """<!doctype html>
<html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{words}</title><body style="font-family: sans-serif; margin: 4rem auto; max-width: 30rem">
<main><h1>{words}</h1><p>已经确认收到的内容不会丢失。</p></main></body></html>
"""
TEMPLATE = r"""# Written by `./mingbiao up`.
daemon off;
$user
worker_processes 2;
worker_rlimit_nofile $files;
pid $run/nginx.pid;
# Told to read this anew, it cuts off whoever is then still at what he began.
worker_shutdown_timeout 30m;
error_log stderr warn;
events { worker_connections $connections; }

http {
  # What nginx notes of an error names the line asked for and the address: only what stops it is noted.
  error_log stderr alert;
  # Neither address nor path: how often a tender's doors are used tells how many bid.
  log_format least '$$time_iso8601 $$status $$request_method $$request_time $$upstream_response_time $$bytes_sent';
  access_log $log least buffer=32k flush=1s;

  server_tokens off;
  sendfile on;
  tcp_nopush on;
  types {
    text/html html; text/css css; text/javascript js mjs; application/json json map;
    application/manifest+json webmanifest;
    image/svg+xml svg; image/png png; image/jpeg jpg jpeg; image/webp webp; image/x-icon ico;
    font/woff2 woff2; font/ttf ttf; application/wasm wasm; application/pdf pdf; text/plain txt;
  }
  default_type application/octet-stream;
  charset utf-8;
  charset_types text/css text/javascript text/plain application/json;

  # Who does not get on is cut off; bodies are taken in whole before anybody works on them.
  client_header_timeout 20s;
  client_body_timeout 30s;
  send_timeout 60s;
  keepalive_timeout 30s;
  reset_timedout_connection on;
  large_client_header_buffers 4 16k;
  client_body_buffer_size 16k;
  client_body_temp_path $run/body 1 2;
  proxy_temp_path $run/proxy;
  fastcgi_temp_path $run/fastcgi;
  uwsgi_temp_path $run/uwsgi;
  scgi_temp_path $run/scgi;
  limit_conn_zone $$binary_remote_addr zone=source:10m;
  limit_conn source $per_source;
  limit_conn_status 429;
  # Of a body it knows no least speed, only the longest pause: one address may have so many on their way.
  map "$$request_method:$$content_length:$$http_transfer_encoding" $$sender {
    "~^(GET|HEAD|OPTIONS):0?:$$" ""; default $$binary_remote_addr;
  }
  limit_conn_zone $$sender zone=bodies:10m;
  limit_conn bodies $bodies;

  map $$uri $$said { ~^/api/ json; default html; }
  map $$uri $$kept { "~\.[0-9a-f]{12}\." "public, max-age=315360000, immutable"; default "public, max-age=60"; }
  map $$uri $$policy { ~\.js$$ "$scripts"; default ""; }

  upstream pages {
    $pages
  }
  upstream sockets {
    least_conn;
    $sockets
  }

  server {
    listen $listen backlog=4096;
    $certificate
    client_max_body_size $most;

    proxy_http_version 1.1;
    proxy_request_buffering on;
    proxy_connect_timeout 2s;
    proxy_read_timeout 75s;
    # A server that has gone is passed by; what may have been done is not asked for again (POST), the client decides.
    proxy_next_upstream error;
    proxy_set_header Host $$http_host;
    proxy_set_header Connection "";
    proxy_set_header X-Arrival $$msec;
    proxy_set_header X-Request-ID $$request_id;
    proxy_set_header X-Forwarded-For $$remote_addr;
    proxy_set_header X-Forwarded-Proto $$scheme;

    error_page 502 504 =503 /-said/outage.$$said;
    error_page 413 /-said/long.$$said;
    error_page 408 /-said/slow.$$said;
    error_page 429 /-said/many.$$said;
    location /-said/ {
      internal;
      alias $run/said/;
      add_header Retry-After $retry always;
      add_header Cache-Control no-store always;
    }

    location / { proxy_pass http://pages; }

    # Who writes to the whistle-blowers' desk, or reads a calendar by a secret address, is nobody's business.
    location ~ ^/((api/)?tips|calendar)/ {
      access_log off;
      error_log /dev/null emerg;
      proxy_pass http://pages;
    }

    location /ws/ {
      access_log off;
      proxy_pass http://sockets;
      proxy_set_header Host $$http_host;
      proxy_set_header Upgrade $$http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_set_header X-Forwarded-For $$remote_addr;
      proxy_set_header X-Forwarded-Proto $$scheme;
    }

    location /static/ {
      access_log off;
      alias $static/;
      gzip_static on;
      gzip_vary on;
      add_header Cache-Control $$kept;
      add_header Content-Security-Policy $$policy;
      add_header X-Content-Type-Options nosniff;
      add_header Cross-Origin-Opener-Policy same-origin;
      add_header Cross-Origin-Resource-Policy same-origin;
      error_page 404 = @pages;
    }
    location @pages { proxy_pass http://pages; }
  }
}
"""
