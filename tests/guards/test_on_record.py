"""No screen forgets to ask what is recorded: whoever speaks of tries, owners and neglect asks plumbline/ui/on_record.py first, or is called by one
who did."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from plumbline.metrics import all_metrics
from tests.guards.tree import ROOT, kept_files

SPEAKS_OF = re.compile(
    r"never (been )?(tried|given|assigned|touched|handed)|nobody (has |was )?(ever )?(tried|given|touched|called)|not (been )?tried|\buntouched\b"
    r"|\bgiven up\b|\bno owner\b|waits? for a (first )?call|\bneglected\b|tried too little|\bpromise\b.*\b(kept|missed)\b",
    re.IGNORECASE,
)
ASKS = re.compile(r"\bon_record\b|\.recorded\b|\bKnown\b|\bCanTell\b|\bhas_(tries|touches|attempts|owners|acts)\b")

# Modules that only word what another asks for: module -> who asks before.
ASKED_BY = {
    "plumbline/charts/account_sum.py": "pages/explore/accounts.py",
    "plumbline/charts/attempts.py": "pages/explore/persistence.py",
    "plumbline/charts/two_delays.py": "plumbline/ui/speed/looks.py",
    "plumbline/charts/promise_sum.py": "pages/explore/persistence.py",
    "plumbline/charts/response_sum.py": "pages/explore/speed.py",
    "plumbline/ui/accounts/listing.py": "pages/explore/accounts.py",
    "plumbline/ui/choices.py": "pages/explore/accounts.py",
    "plumbline/ui/persistence/words.py": "pages/explore/persistence.py",
    "plumbline/ui/persistence/passes.py": "pages/explore/persistence.py",
    "plumbline/ui/persistence/outcomes.py": "pages/explore/persistence.py",
    "plumbline/ui/speed/words.py": "pages/explore/speed.py",
    "plumbline/ui/speed/followed.py": "pages/explore/speed.py",
    "plumbline/ui/leaks/marks.py": "pages/explore/leaks.py",
    "plumbline/ui/leaks/rejections.py": "pages/explore/leaks.py",
}
# Modules that speak of something else: module -> of what.
OF_OTHER_THINGS = {
    "plumbline/ui/importing/words.py": "what an import would need",
    "plumbline/ui/qualifying.py": "a lead of which no pass opened",
}


def texts(code: str) -> list[str]:
    """Every text of a module that may come to a screen: docstrings left out."""
    tree = ast.parse(code)
    kept_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    kept_out |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in kept_out]


def forgetful(files: dict[str, str]) -> list[str]:
    """Modules that speak of tries or owners, and neither ask what is recorded nor are called by one that does. files: name -> code."""
    asking = {name for name, code in files.items() if ASKS.search(code)}
    found = []
    for name, code in files.items():
        said = next((text for text in texts(code) if SPEAKS_OF.search(text)), None)
        if said is not None and name not in asking and ASKED_BY.get(name) not in asking and name not in OF_OTHER_THINGS:
            found.append(f"{name}: {said[:70]!r}: ask plumbline/ui/on_record.py first, or name in ASKED_BY who does")
    return found


def screens() -> dict[str, str]:
    chosen = [path.relative_to(ROOT) for path in kept_files() if path.suffix == ".py"]
    names = [path for path in chosen if path.parts[0] == "pages" or path.parts[:2] in (("plumbline", "ui"), ("plumbline", "charts"))]
    return {path.as_posix(): (ROOT / path).read_text(encoding="utf-8") for path in names}


def test_no_screen_speaks_of_tries_or_owners_without_asking_what_is_recorded() -> None:
    assert forgetful(screens()) == []


def test_who_asks_is_there() -> None:
    files = screens()
    assert [name for pair in ASKED_BY.items() for name in pair if name not in files] == []


def test_a_forgetful_screen_is_seen() -> None:
    said = 'text.note(f"{n} leads were never given to a rep")\n'
    assert forgetful({"pages/explore/new.py": said})
    assert forgetful({"pages/explore/new.py": f'"""Never tried."""\n{said}'})
    assert forgetful({"pages/explore/new.py": f"from plumbline.ui import on_record\n{said}"}) == []
    assert forgetful({"pages/explore/new.py": '"""Leads never tried."""\nx = 1\n'}) == []


def test_screens_ask_for_what_is_recorded_of_each_pass() -> None:
    """What a metric can judge pass by pass, the screens let it judge so: ui/data.py sees to it for all."""
    from plumbline.ui.data import as_screens_ask

    able = {name for name, metric in all_metrics().items() if any(parameter.name == "only_recorded" for parameter in metric.parameters)}
    assert {"leaks/classes", "leaks/ranked", "leaks/flags", "persistence/promise", "speed/waits"} <= able
    assert all(as_screens_ask(name) == {"only_recorded": True} for name in able)
    assert as_screens_ask("funnel/stages") == {}
    for path in (Path("plumbline/ui"), Path("pages")):
        direct = [file for file in (ROOT / path).rglob("*.py") if re.search(r"\bmetrics\.(run|rows)\(", file.read_text(encoding="utf-8"))]
        assert {file.relative_to(ROOT).as_posix() for file in direct} <= {"plumbline/ui/data.py", "plumbline/ui/leaks/ground.py"}
