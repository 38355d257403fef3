"""Traces for OpenTelemetry, loaded only where `MINGBIAO_OTLP` names a collector.

A span holds a name out of the code and a few words of closed sets: no address, no value, no error's message. Of what
could count the bidders of one procurement there is none (decision 0038).
"""

import functools
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode, Tracer

from config.watching.requests import FAILED, READS
from config.watching.routes import Kind, kind_of
from rulebook.watched import watch

COARSE = 250_000_000  # nanoseconds: what works through rows is told as taking so many of these, or their number shows
ROWS = frozenset({"tick", "sequencer.turn"})
STATEMENT = re.compile(r"\s*(\w+)", re.ASCII)
TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?(\w+)", re.ASCII)

_tracer: Tracer | None = None
_provider: TracerProvider | None = None
_silent: ContextVar[bool] = ContextVar("silent", default=False)


def begin(kind: str) -> None:
    """Tell the collector from now on what this process does; once."""
    global _tracer, _provider
    if _tracer is not None:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": "mingbiao", "process.kind": kind}))
    exporter = OTLPSpanExporter(endpoint=f"{settings.OTLP.rstrip('/')}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer, _provider = provider.get_tracer("mingbiao"), provider
    watch(marked)
    for module in _services():
        _tell_acts(module)


def flush() -> bool:
    """Send what has not been sent yet; False when nobody took it in time."""
    return _provider is None or _provider.force_flush(10_000)


class Traced:
    """Middleware: a span for a request, and for each act and statement in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _tracer is None:
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        kind = kind_of(match.route, reads=request.method in READS)
        if kind in (Kind.SEALED, Kind.UNTOLD):
            with _silence():
                response = self.get_response(request)
            if response.status_code >= FAILED:
                _failed("request", kind=kind.value, status=response.status_code)
            return response
        with _span("request", kind=kind.value, route=match.view_name or "", method=request.method or "") as span:
            with connection.execute_wrapper(_statement):
                response = self.get_response(request)
            span.set_attribute("status", response.status_code)
            if response.status_code >= FAILED:
                span.set_status(Status(StatusCode.ERROR))
            return response


def marked(does: str, facts: dict[str, str]) -> AbstractContextManager[None]:
    """A watcher of marked work."""
    if _silent.get():
        return nullcontext()
    return _rows(does, facts) if does in ROWS else _piece(does, facts)


@contextmanager
def _piece(does: str, facts: dict[str, str]) -> Iterator[None]:
    with _span(does, **facts):
        yield


@contextmanager
def _rows(does: str, facts: dict[str, str]) -> Iterator[None]:
    """Work through rows: nothing of its inside, and its length in coarse steps."""
    assert _tracer is not None
    began = time.perf_counter_ns()
    span = _tracer.start_span(does, attributes=facts, record_exception=False, set_status_on_exception=False)
    try:
        with _silence():
            yield
    except BaseException as error:
        span.set_status(Status(StatusCode.ERROR, type(error).__name__))
        raise
    finally:
        steps = (time.perf_counter_ns() - began) // COARSE
        span.end(end_time=span.start_time + steps * COARSE)  # type: ignore[attr-defined]


@contextmanager
def _span(name: str, **facts: Any) -> Iterator[Any]:
    assert _tracer is not None
    with _tracer.start_as_current_span(
        name, attributes=facts, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def _failed(name: str, **facts: Any) -> None:
    with _span(name, **facts) as span:
        span.set_status(Status(StatusCode.ERROR))


@contextmanager
def _silence() -> Iterator[None]:
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def _statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _silent.get():
        return execute(sql, params, many, context)
    verb, table = STATEMENT.match(sql), TABLE.search(sql)
    facts = {"verb": verb[1].upper() if verb else "", "table": table[1] if table else ""}
    with _span("statement", **facts):
        return execute(sql, params, many, context)


def _services() -> Iterator[Any]:
    """Every module in which acts are written."""
    for app in apps.get_app_configs():
        if app.path.startswith(str(settings.BASE_DIR)) and ".venv" not in app.path:
            for found in pkgutil.walk_packages([app.path], f"{app.name}."):
                if found.name.endswith(".services"):
                    yield importlib.import_module(found.name)


def _tell_acts(module: Any) -> None:
    """Each act of a module makes a span from now on: what is called through the module, as doors and ticks do."""
    for name, act in inspect.getmembers(module, inspect.isfunction):
        if act.__module__ == module.__name__ and not name.startswith("_") and _is_act(act):
            setattr(module, name, _told(act, f"{module.__name__.removesuffix('.services')}.{name}"))


def _is_act(function: Callable[..., Any]) -> bool:
    told = inspect.signature(function).parameters
    return all(word in told and told[word].kind is inspect.Parameter.KEYWORD_ONLY for word in ("by", "at"))


def _told(act: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(act)
    def telling(*args: Any, **kwargs: Any) -> Any:
        if _silent.get() or _tracer is None:
            return act(*args, **kwargs)
        with _span("act", act=name):
            return act(*args, **kwargs)

    return telling
