"""Reasons as people type them, put into the classes of METRICS.md, and whose side each class is on.

A text that is a class's name is that class. Else the first class with a word in the text, compared case-folded; no word fits: other; no text:
unstated. An organisation says its own in `reasons.yaml` in Plumbline's home folder (docs/leaks.md): text or part of a text -> class, before these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from plumbline import plain_yaml
from plumbline.errors import SettingError
from plumbline.history.connection import History
from plumbline.settings import home
from plumbline.sqlfiles import sql
from plumbline.text import clean, fold

CLASSES = (
    "wrong_target", "cannot_pay", "happy_elsewhere", "no_need", "bad_timing", "bad_data", "duplicate", "competitor", "unreachable", "outside",
    "other", "unstated",
)  # fmt: skip
FIT = ("wrong_target", "cannot_pay", "bad_data", "duplicate", "competitor")
OUTSIDE = ("outside",)
GROUPS = {"fit": FIT, "outside": OUTSIDE}

# In this order: "budget cut by head office" is outside anyone's control before it is a question of money.
WORDS = {
    "duplicate": ("duplicate, dupe, dup of, already in crm, already exists, doublette, dublette, doublon, duplicado, mükerrer, 重复, 중복, ซ้ำ"),
    "outside": (
        "left the company, left company, no longer with, gatekeeper, budget cut, cut by, laid off, acquired, insolven, "
        "bankrupt, out of business, reorganis, reorganiz, merger, ausgeschieden, parti de l, işten ayrıl, 离职, 퇴사"
    ),
    "happy_elsewhere": (
        "happy with, satisfied with, current vendor, current supplier, existing vendor, just renewed, renewed with, uses "
        "another, using another, other tool, chose competitor, went with, signed with, lost to competitor, bestehender "
        "anbieter, satisfait de, ya tiene proveedor, 已有供应商"
    ),
    "competitor": "competitor, wettbewerb, konkurrent, concurrent, competidor, rakip, 竞争对手, 경쟁사, คู่แข่ง",
    "bad_data": (
        "wrong number, invalid, bad data, bad email, bounced, fake, test lead, spam, junk, bogus, incorrect contact, wrong "
        "email, missing contact, falsche nummer, numéro invalide, datos incorrectos, geçersiz, 无效, 잘못된, ข้อมูลผิด"
    ),
    "cannot_pay": (
        "budget, cannot pay, can't pay, too expensive, expensive, price, pricing, afford, no money, funding, zu teuer, trop "
        "cher, presupuesto, bütçe, 预算, 太贵, 예산, งบ"
    ),
    "wrong_target": (
        "icp, wrong industry, wrong target, wrong persona, wrong person, too small, too big, too large, not a fit, no fit, bad "
        "fit, poor fit, student, job seeker, jobseeker, out of territory, wrong region, wrong country, not qualified, "
        "unqualified, zielgruppe, hors cible, no encaja, hedef, 不符合, 대상 아님"
    ),
    "bad_timing": (
        "timing, not now, next year, next quarter, later, postpone, on hold, project delayed, not ready, too early, nächstes "
        "jahr, plus tard, más adelante, sonra, 以后, 明年, 내년, ปีหน้า"
    ),
    "unreachable": (
        "no response, no answer, unreachable, never picks, not reachable, unresponsive, no reply, ghosted, voicemail, could not "
        "reach, cannot reach, can't reach, nicht erreich, injoignable, no contesta, ulaşıl, 联系不上, 연락, ติดต่อไม่ได้"
    ),
    "no_need": (
        "no need, not needed, no use case, no interest, not interested, just researching, researching, just looking, no "
        "project, curious, kein bedarf, pas de besoin, sin necesidad, htiyaç, htiyac, 没有需求, 필요 없, ไม่สนใจ"
    ),
}
_FOLDED = tuple((name, tuple(fold(word) for word in words.split(", "))) for name, words in WORDS.items())


def reason_class(text: str | None, own: Mapping[str, str] | None = None) -> str:
    """The class of one reason. `own`: text or part of one, folded -> class, of the organisation."""
    told = fold(clean(text or "") or "").replace("\u0307", "")  # the capital İ folds to an i with a dot of its own
    if not told:
        return "unstated"
    for part, name in (own or {}).items():
        if part in told:
            return name
    plain = told.replace(" ", "_").replace("-", "_")
    if plain in CLASSES:
        return plain
    return next((name for name, words in _FOLDED if any(word in told for word in words)), "other")


def classes_of(texts: Iterable[str | None], own: Mapping[str, str] | None = None) -> dict[str | None, str]:
    """Every text with its class."""
    return {text: reason_class(text, own) for text in texts}


def texts(history: History, group: str) -> list[str]:
    """The reasons of this history, as typed, whose class is of the group (GROUPS)."""
    own = load()
    typed = history.query(sql("screens/exit_reasons"))["reason"].to_list()
    return [text for text in typed if reason_class(text, own) in GROUPS[group]]


def mapped(history: History) -> list[list[str]]:
    """[texts, classes]: every reason of this history, as typed, beside its class."""
    told = classes_of(history.query(sql("screens/exit_reasons"))["reason"].to_list(), load())
    return [list(told), list(told.values())]


def load(file: Path | None = None) -> dict[str, str]:
    """The organisation's own words, longest first; {} where there is no file. Raises SettingError or InputError, one line."""
    file = file or home() / "reasons.yaml"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingError(f"cannot be read ({str(problem).splitlines()[0]})", str(file), "mend it, or remove it") from None
    told = plain_yaml.read(text, str(file), "list of reasons", "mend it, or remove it (docs/leaks.md)")
    if told is None:
        return {}
    if not isinstance(told, dict) or not all(isinstance(name, str) for name in told.values()):
        raise SettingError("is no list of reasons", str(file), "write one line each: text of the reason: class")
    for part, name in told.items():
        if name not in CLASSES:
            raise SettingError(f"{name!r} is no class of reasons", f"{file}, {part!r}", f"choose one of {', '.join(CLASSES)}")
    return {fold(part): str(name) for part, name in sorted(told.items(), key=lambda one: -len(one[0])) if fold(part)}
