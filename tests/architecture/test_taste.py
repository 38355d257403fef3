"""Habits that are easy to lose, kept by a test each."""

import ast
import re

from tests.architecture.source import ROOT, calls, functions, modules, tracked

LIMIT = 400


def test_no_module_is_longer_than_a_sitting():
    long = {str(p.relative_to(ROOT)): n for p in tracked("*.py") if "/migrations/" not in str(p)
            and (n := len(p.read_text().splitlines())) > LIMIT}  # fmt: skip
    assert not long


def test_nothing_is_called_by_a_name_that_says_nothing():
    nameless = {"utils", "common", "helpers", "base", "core", "misc", "statistics"}
    allowed = {
        "config/postgresql/base.py",
        "config/sqlite/base.py",
        "portal/statistics/__init__.py",
    }  # Django's word for a backend; a slice, not a top package
    found = []
    for name in modules():
        parts = name.removesuffix(".py").split("/")
        if name not in allowed and not name.startswith("portal/statistics/") and nameless & set(parts):
            found.append(name)
    assert not found


def test_one_place_reads_the_clock():
    readers = {"datetime.now", "datetime.utcnow", "timezone.now", "time.time", "datetime.datetime.now", "time.time_ns"}
    outside = ("rulebook/clock.py", "proofs/", "rehearsal/", "bench/", "scripts/")
    found = [f"{name}:{line}" for name, tree in modules().items() if not name.startswith(outside)
             for line, call in calls(tree) if call in readers]  # fmt: skip
    assert not found


def test_randomness_is_secrets():
    planted = ("bench/",)  # the same figures from the same seed
    found = [name for name, tree in modules().items() if not name.startswith(planted) for node in ast.walk(tree)
             if isinstance(node, ast.Import) and any(alias.name in ("random", "numpy.random") for alias in node.names)
             or isinstance(node, ast.ImportFrom) and node.module == "random"]  # fmt: skip
    assert not found


def test_who_speaks_another_language_for_a_while_stops_again():
    found = [f"{name}:{line}" for name, tree in modules().items() for line, call in calls(tree)
             if call in ("activate", "translation.activate")]  # fmt: skip
    assert not found  # by `override` alone: the next reader's page speaks what was spoken before


def test_acts_take_keywords_only_and_say_who_and_when():
    """An act names its actor and its moment; what only the ledger or the process does for itself is listed."""
    found = []
    for name, tree in modules().items():
        if not name.endswith("services.py"):
            continue
        for function in functions(tree):
            if function.name.startswith("_"):
                continue
            positional = [argument.arg for argument in function.args.posonlyargs + function.args.args]
            if positional and name != "ledger/services.py":
                found.append(f"{name}:{function.name} takes {positional} by position")
    assert not found


def test_to_what_follows_the_publication_a_draft_is_not_there():
    """Hall, panel and papers take a purchase by `hold_published`; by any other hold an act would answer for a draft."""
    slices, hold = (
        ("bidding/opening/", "bidding/evaluation/", "bidding/papers/"),
        re.compile(r"projects\.(hold|lock)\w*"),
    )
    found = [f"{name}:{line} {call}" for name, tree in modules().items() if name.startswith(slices)
             for line, call in calls(tree) if hold.fullmatch(call) and call != "projects.hold_published"]  # fmt: skip
    found += [f"{name}:{node.lineno} imports {node.module}" for name, tree in modules().items()
              if name.startswith(slices) for node in ast.walk(tree)
              if isinstance(node, ast.ImportFrom) and node.module == "market.projects.queries"]  # fmt: skip
    assert not found


def test_a_status_has_one_writer():
    found = []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "stage":
                    found.append(f"{name}:{node.lineno}")
    assert len(found) <= 1, found
    assert all(place.startswith("market/projects/models.py") for place in found)


def test_variants_are_rows_not_names():
    pattern = re.compile(r"(?<!request\.)\bmethod\s*(==|!=|is)\s|\bedition\s*(==|!=)\s")
    found = [f"{p.relative_to(ROOT)}:{n}" for p in tracked("*.py") if "/tests/" not in f"/{p.relative_to(ROOT)}"
             for n, line in enumerate(p.read_text().splitlines(), 1)
             if pattern.search(line) and not line.lstrip().startswith("#")
             and not str(p.relative_to(ROOT)).startswith(("tests/", "rehearsal/"))]  # fmt: skip
    assert not found


def test_doors_do_not_catch_refusals_and_nobody_catches_everything():
    found = []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = ast.unparse(node.type) if node.type else "everything"
            if isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None:
                continue  # cleans up and lets it rise
            if name.endswith("rulebook/rows.py"):
                continue  # the one place where a bug of one row is kept from the others
            if caught in ("everything", "BaseException") or caught == "Exception":
                found.append(f"{name}:{node.lineno} catches {caught}")
            if "Refused" in caught and name.rsplit("/", 1)[-1] in ("views.py", "api.py"):
                found.append(f"{name}:{node.lineno} catches Refused in a door")
    assert not found


def test_no_signals_no_save_hooks_no_model_ordering():
    found = []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and "signals" in node.module:
                found.append(f"{name}:{node.lineno} imports signals")
            if isinstance(node, ast.FunctionDef) and node.name == "save" and name.endswith("models.py"):
                found.append(f"{name}:{node.lineno} overrides save()")
            if isinstance(node, ast.ClassDef) and node.name == "Meta" and name.endswith("models.py"):
                found += [f"{name}:{s.lineno} orders a model" for s in node.body
                          if isinstance(s, ast.Assign) and ast.unparse(s.targets[0]) == "ordering"]  # fmt: skip
    assert not found


def test_rows_are_saved_by_named_columns():
    writers = ("services.py", "models.py", "sequencer.py", "tasks.py")
    named, found = ("update_fields", "force_insert"), []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save"
                    and name.rsplit("/", 1)[-1] in writers
                    and not any(keyword.arg in named for keyword in node.keywords)):  # fmt: skip
                found.append(f"{name}:{node.lineno}")
    assert not found


def test_nothing_is_left_open_or_skipped():
    pattern = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|pytest\.(mark\.)?skip|xfail\(")
    found = [f"{p.relative_to(ROOT)}:{n}" for kind in ("*.py", "*.js", "*.html") for p in tracked(kind)
             if p != ROOT / "tests/architecture/test_taste.py"
             for n, line in enumerate(p.read_text().splitlines(), 1) if pattern.search(line)]  # fmt: skip
    assert not found


def test_pages_refer_to_nothing_elsewhere():
    pattern = re.compile(r"""(src|href)=["'](https?:)?//""")
    found = [f"{p.relative_to(ROOT)}:{n}" for kind in ("templates/**", "static/**") for p in tracked(kind)
             if p.suffix in (".html", ".js", ".css", ".svg")
             for n, line in enumerate(p.read_text().splitlines(), 1) if pattern.search(line)]  # fmt: skip
    assert not found


def test_pages_hold_no_inline_script_or_style():
    pattern = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|\sstyle=\"|\son[a-z]+=\"")
    found = [f"{p.relative_to(ROOT)}:{n}" for p in tracked("templates/**") if p.suffix == ".html"
             for n, line in enumerate(p.read_text().splitlines(), 1) if pattern.search(line)]  # fmt: skip
    assert not found


def test_no_page_shows_what_was_typed_as_it_was_typed():
    """Templates escape; what may stand in one as it is is made by two modules of tags, of words of ours."""
    pattern = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off|mark_safe\(|SafeString\(")
    paths = [p for p in [*tracked("templates/**"), *tracked("*.py")] if p.suffix in (".html", ".txt", ".py")]
    found = {str(p.relative_to(ROOT)) for p in paths if not p.is_relative_to(ROOT / "tests")
             and pattern.search(p.read_text())}  # fmt: skip
    assert found == {"accounts/templatetags/parts.py", "documents/templatetags/codes.py"}
