"""What an exception in a reading process means to whoever brought the files: one line. What nobody foresaw goes into a log file too."""

from __future__ import annotations

import errno
import os
import re
import resource
import shutil
import tempfile
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from plumbline.errors import PlumblineError
from plumbline.settings import home
from plumbline.terminal import visible

Line = tuple[str, str, str]  # what, where, what to do
_FULL_BYTES = 4 << 20  # a disk with less free is full: what was written of the failed file may be gone already
_KEPT_LOGS = 20
_SHORT_BYTES = 128 << 20  # a library or a thread asks for up to this much at once
_MEMORY = re.compile(
    r"out of memory|cannot allocate memory|bad.?alloc|failed to allocate|memory allocation of|unable to allocate|can't start new thread"
    r"|failed to map segment|cannot allocate|allocation failure",
    re.IGNORECASE,
)
_WRITING = re.compile(
    r"could not write|no space left|disk quota|failed to offload|could not (create|truncate|sync|fsync)|max_temp_directory_size|file too large", re.I
)
_FULL = (errno.ENOSPC, errno.EDQUOT)


def explained(problem: BaseException, writing_to: Path, files: str = "the import") -> Line | None:
    """The line for what is recognised by what it is; None for what nobody foresaw."""
    if isinstance(problem, PlumblineError):
        return problem.what, problem.where, problem.to_do
    said = " ".join(str(problem).split())
    if isinstance(problem, MemoryError | duckdb.OutOfMemoryException) and not _is_of_temporary_files(said):
        return out_of_memory(files)
    if isinstance(problem, OSError) and problem.errno == errno.ENOMEM:
        return out_of_memory(files)
    number = problem.errno if isinstance(problem, OSError) else None
    if number in _FULL or (isinstance(problem, duckdb.Error | OSError) and _WRITING.search(said)):
        return _not_written(number, said, writing_to)
    if isinstance(problem, OSError):
        return problem.strerror or said[:200], str(problem.filename or files), "free space or mend the disk, then import again"
    if _MEMORY.search(said) or (isinstance(problem, SystemError | ImportError) and address_space_is_short()):
        return out_of_memory(files)
    if isinstance(problem, duckdb.IOException):
        return said[:200], files, "free space or mend the disk, then import again"
    return None


def out_of_memory(files: str = "the import") -> Line:
    return (
        "ran out of memory",
        files,
        "raise PLUMBLINE_IMPORT_MEMORY_MB (or the shell's limit, ulimit -v), or import fewer files at a time",
    )


def tells_of_memory(said: str) -> bool:
    """Whether the last words of a process that ended tell of memory."""
    return bool(_MEMORY.search(said))


def address_space_is_short() -> bool:
    """Whether this process ever came near the address space that the shell allows (ulimit -v): libraries without it say all sorts of things."""
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
    if allowed == resource.RLIM_INFINITY:
        return False
    try:
        peak = re.search(r"^VmPeak:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii", errors="replace"), re.MULTILINE)
        return peak is not None and int(peak[1]) * 1024 > allowed - _SHORT_BYTES
    except OSError:
        return False
    except MemoryError:  # not even room for those few lines
        return True


def _is_of_temporary_files(said: str) -> bool:
    return "max_temp_directory_size" in said


def _not_written(number: int | None, said: str, place: Path) -> Line:
    disk = _mount(place)
    free = shutil.disk_usage(disk).free if disk.exists() else 0
    to_do = "free space, then import again"
    if number == errno.EFBIG or "file too large" in said.lower():
        return "a file grew over the largest that this shell allows (ulimit -f)", str(disk), "raise that limit, then import again"
    if number == errno.EDQUOT or "quota" in said.lower():
        return f"the disk quota on {disk} is used up", "", to_do
    if number in _FULL or "no space" in said.lower() or free < _FULL_BYTES or _is_of_temporary_files(said):
        return f"no space left on {disk} ({free >> 20} MiB free)", "", to_do
    return f"cannot be written ({said[:160]})", str(place), "free space or mend the disk, then import again"


def _mount(place: Path) -> Path:
    """The disk on which a path lies, by the folder where it is mounted."""
    place = next((path for path in (place.absolute(), *place.absolute().parents) if path.exists()), Path("/"))
    while not os.path.ismount(place) and place != place.parent:
        place = place.parent
    return place


def unforeseen(problem: BaseException, doing: str) -> Line:
    """The line for a defect, and its traceback in a log file that the line names."""
    log = write_log("".join(traceback.format_exception(problem)))
    words = visible(" ".join(str(problem).split()))[:100]
    said = f"{type(problem).__name__}{': ' + words if words else ''}"
    return f"a defect of Plumbline ended the reading of files while {doing} ({said})", "", f"nothing was changed; report it with {log}"


def write_log(text: str) -> str:
    """Writes it among the logs of the home folder, else into the folder of temporary files; the path, or what stands for it."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}.log"
    lines = "\n".join(visible(line) for line in text.splitlines()) + "\n"
    for place in (home() / "logs", Path(tempfile.gettempdir()) / f"plumbline-logs-{os.getuid()}"):
        with suppress(OSError):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            if place.stat().st_uid != os.getuid():
                continue
            for old in sorted(place.glob("*.log"))[: -(_KEPT_LOGS - 1)]:
                old.unlink(missing_ok=True)
            with open(place / name, "x", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
                out.write(lines)
            return str(place / name)
    return "the words of this line (no log could be written)"
