"""First step: which files, what they are, and how they are to be read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import streamlit as st

from plumbline.errors import InputError, PlumblineError
from plumbline.history.schema import TABLES
from plumbline.importing.failure import unforeseen
from plumbline.importing.preview import Look
from plumbline.importing.run import Options
from plumbline.settings import setting
from plumbline.ui import text
from plumbline.ui.importing import first_time, mapping, mapping_fields, mapping_form
from plumbline.ui.importing.flow import Flow, Request
from plumbline.ui.importing.words import in_screen_words, table_words

PRESETS = {"canonical": "Plumbline's own tables", "csv": "Other CSV or Parquet, with a mapping"}
PLACES = {"upload": "Upload", "folder": "A folder on this machine"}
ENCODINGS = ("", "cp1252", "latin-1", "utf-16", "cp1250", "cp1251", "cp1254", "shift_jis", "gb18030", "big5", "euc-kr")
_SUFFIXES = {"canonical": (".csv", ".parquet"), "csv": (".csv", ".txt", ".parquet")}
_MOST_LISTED = 200
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OF_PROXIES = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "x-original-host", "cf-connecting-ip", "true-client-ip"})


def is_local() -> bool:
    """Whether the viewer sits at this machine: then a folder of the machine may be named.

    The app answers this machine only, and no proxy passed the request on: one opens the address to others, and says so in a header.
    """
    return str(st.get_option("server.address") or "") in _LOOPBACK and not is_passed_on(dict(st.context.headers.items()))


def is_passed_on(headers: Mapping[str, str]) -> bool:
    """Whether a proxy stands between the viewer and the app, told from the headers of the request."""
    told = {name.lower(): value for name, value in headers.items()}
    host = urlsplit(f"//{told.get('host', 'localhost')}").hostname or ""
    return bool(told.keys() & _OF_PROXIES) or any(name.startswith("x-forwarded") for name in told) or host not in _LOOPBACK


def show(flow: Flow, zone: str, is_first: bool) -> Request | None:
    """Draws the step; what is to be imported, or None without files. zone: the organisation's, as known so far; is_first: no import yet."""
    text.subheading("Choose files")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        preset = st.segmented_control(
            "The files are", list(PRESETS), default="canonical", required=True, format_func=PRESETS.get, key="import.preset", persist_state="session"
        )
        place = "upload"
        if is_local():
            place = st.segmented_control(
                "They come by", list(PLACES), default="upload", required=True, format_func=PLACES.get, key="import.place", persist_state="session"
            )
    folder, files = _uploads(flow, preset) if place == "upload" else _folder(preset)
    if preset == "canonical":
        first_time.tables_folded(expanded=is_first and not files)
    if not files:
        return None
    encoding = st.session_state.get("import.encoding") or ""
    looks = flow.look(files, encoding)
    chosen = _listed(flow, looks, preset, place)
    if flow.checked and isinstance(looks[chosen], Look):  # then the account of the check is what the page is about
        with st.expander("First rows of the chosen file"):
            _preview(flow, chosen, looks[chosen])
    else:
        _preview(flow, chosen, looks[chosen])
    readable = {name: found for name, found in looks.items() if isinstance(found, Look)}
    if preset == "csv":
        mapping_form.show(flow, readable, chosen)
    options = _options(flow, preset, zone)
    return Request(preset, folder, files, options, place == "upload")


def _uploads(flow: Flow, preset: str) -> tuple[Path, tuple[Path, ...]]:
    taken = st.file_uploader(
        "CSV or Parquet files" if preset == "canonical" else "CSV or Parquet files, and a mapping in YAML if you have one",
        type=["csv", "parquet"] if preset == "canonical" else ["csv", "txt", "parquet", "yaml", "yml"],
        accept_multiple_files=True,
        max_upload_size=int(setting("upload_mb")),
        key=f"import.files.{flow.nonce}",
    )
    if taken:  # kept as files from now on, and no longer in memory
        try:
            for file in taken:
                path = flow.inbox.take(file.name, file)
                if path.suffix in (".yaml", ".yml"):
                    flow.set_mapping(mapping.text_from(path))
            flow.refusal = None
        except PlumblineError as refusal:
            flow.refusal = refusal
        flow.nonce += 1
        st.rerun()
    if flow.inbox.replaced:
        text.note(f"Replaced by a later file of the same name: {', '.join(flow.inbox.replaced)}")
    return flow.inbox.files, tuple(sorted(flow.inbox.paths(*_SUFFIXES[preset]), key=_in_order))


def _folder(preset: str) -> tuple[Path, tuple[Path, ...]]:
    told = st.text_input(
        "Path of the folder", key="import.folder", placeholder="/home/me/exports/november", persist_state="session", width=520
    ).strip()
    if not told:
        return Path(), ()
    folder = Path(told).expanduser()
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES[preset] and not path.name.startswith(".") and path.is_file())
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be read", told, "check the path; it is one of the machine that runs Plumbline") from None
    if not files:
        raise InputError("the folder holds no file of this kind", told, f"name the folder that holds {' or '.join(_SUFFIXES[preset])} files")
    return folder, tuple(sorted(files[:_MOST_LISTED], key=_in_order))


def _in_order(path: Path) -> tuple[int, str]:
    """Leads first, as the tables are listed everywhere; what is no table last."""
    order = list(TABLES)
    return (order.index(path.stem) if path.stem in TABLES else len(order), path.name)


def _listed(flow: Flow, looks: dict[str, Look | InputError], preset: str, place: str) -> str:
    """The table of files; the name of the one that is looked at."""
    names = list(looks)
    rows = []
    for name, found in looks.items():
        stem = Path(name).stem
        becomes = (table_words(stem) if stem in TABLES else "left aside: not a table of Plumbline") if preset == "canonical" else ""
        is_read = isinstance(found, Look)
        rows.append(
            (
                flow.inbox.shown(name),
                becomes,
                found.records if is_read else None,
                len(found.header) if is_read else None,
                "" if is_read else found.what,
            )
        )
    frame = pl.DataFrame(
        rows, schema={"File": pl.String, "Becomes": pl.String, "Rows": pl.Int64, "Columns": pl.Int64, "Problem": pl.String}, orient="row"
    )
    frame = frame.drop([name for name in ("Becomes", "Problem") if not any(frame[name])])
    numbers = {name: st.column_config.NumberColumn(name, format="localized", width="small") for name in ("Rows", "Columns")}
    event = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(names) <= 12 else 460,
        column_config=numbers,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}},
        key=f"import.list.{flow.nonce}.{len(names)}",
        alt=f"{len(names)} files that wait to be imported",
    )
    picked = (event.selection.rows or [0])[0] if event else 0
    chosen = names[min(picked, len(names) - 1)]
    if place == "upload":
        with st.container(horizontal=True):
            st.button("Remove the chosen file", key="import.remove", on_click=flow.inbox.remove, args=(chosen,), type="tertiary")
            st.button("Remove all", key="import.clear", on_click=flow.start_over, type="tertiary")
    return chosen


def _preview(flow: Flow, name: str, found: Look | InputError) -> None:
    if isinstance(found, InputError):
        refused(found, flow)
        return
    text.subheading(["First rows of ", text.Bold(flow.inbox.shown(name))])
    columns = {f"{number}": pl.Series([row[number] for row in found.rows], dtype=pl.String) for number in range(len(found.header))}
    names = {f"{number}": st.column_config.TextColumn(header) for number, header in enumerate(found.header)}
    st.dataframe(
        pl.DataFrame(columns),
        hide_index=True,
        column_config=names,
        height=min(215, 38 + 35 * max(1, len(found.rows))),
        key="import.preview",
        alt="First rows of the file",
    )


def _options(flow: Flow, preset: str, zone: str) -> Options:
    with st.expander("Options", key="import.options"):
        first = st.columns(3, gap="small")
        zones = ["", *mapping_fields.zones()]
        absent = "as the mapping says, else UTC" if preset == "csv" else "not said: UTC"  # never the same words as another choice
        with first[0]:
            chosen = st.selectbox(
                "Time zone of the organisation",
                zones,
                index=zones.index(zone) if zone in zones and preset == "canonical" else 0,
                format_func=lambda name: name or absent,
                key=f"import.zone.{preset}",
                persist_state="session",
                help="Its days, weeks and months count.",
            )
        with first[1]:
            currency = (
                st.text_input("Currency", key="import.currency", placeholder="the most frequent one", max_chars=3, persist_state="session")
                .strip()
                .upper()
            )
        with first[2]:
            through = st.date_input(
                "Data through", value=None, key="import.through", format="YYYY-MM-DD", persist_state="session", help="Empty: the latest event."
            )
        second = st.columns(3, gap="small")
        with second[0]:
            encoding = st.selectbox("Encoding", ENCODINGS, format_func=lambda name: name or "utf-8", key="import.encoding", persist_state="session")
        with second[1]:
            mode = st.segmented_control(
                "These files", ["replace", "add"], default="replace", required=True, key="import.mode", persist_state="session",
                format_func={"replace": "replace the history", "add": "add to it"}.get,
            )  # fmt: skip
    written = flow.inbox.write_mapping(flow.mapping) if preset == "csv" else None
    return Options(written, encoding or "", through.isoformat() if through else "", chosen or "", currency, append=mode == "add")


def refused(refusal: PlumblineError, flow: Flow, folder: Path | None = None) -> None:
    """The one place where this screen shows a refusal: what, where, what to do."""
    what, where, to_do = in_screen_words(refusal, str(folder or flow.inbox.place), flow.inbox.shown)
    text.empty_state(what, " · ".join(part for part in (where, to_do) if part))


def broke(defect: Exception, flow: Flow) -> None:
    """What nobody foresaw: one line and a log, and the way on."""
    what, where, to_do = unforeseen(defect, "the files or the mapping were shown")
    refused(PlumblineError(what, where, to_do), flow)
    st.button("Start over without these files", key="import.broke", on_click=flow.start_over)
