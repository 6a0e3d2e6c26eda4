"""What the processes that read files may take: memory, address space, processor time. One sum for all of them together."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from pathlib import Path

from plumbline.settings import setting

SHARE_OF_MACHINE = 0.7  # of the machine's memory, for all children together; the rest is the server's and the system's
SHARE_OF_IMPORT = 0.75  # of that sum for the import or check that runs; the first look at files has the rest
_CODE_MB = 400  # what a child holds before it reads anything
_ADDRESSES_MB = 8192  # address space of code, threads and allocators, over the memory that data may take
_START_MB = 2048  # address space with which a child surely starts (measured: 1.2 GB and some for each thread)
_LEAST_MB = 64
_CGROUP = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def machine_mb() -> int:
    """Memory of the machine, or of the container where that has less, in MiB."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in _CGROUP:
        with suppress(OSError, ValueError):
            found.append(int(path.read_text(encoding="ascii")))
    return min(found) >> 20


def children_mb() -> int:
    """Memory that all children together may take: the setting, else a share of the machine's."""
    return int(setting("import_memory_mb")) or int(machine_mb() * SHARE_OF_MACHINE)


def import_mb() -> int:
    """Of that, the part of the one import or check that runs."""
    return int(children_mb() * SHARE_OF_IMPORT)


def preview_mb() -> int:
    """Of that, the part of the one first look that runs."""
    return children_mb() - import_mb()


def within(memory_mb: int) -> int:
    """Memory that data may take in this process, MiB: never more than what a limit on its address space leaves."""
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most == resource.RLIM_INFINITY:
        return memory_mb
    return max(_LEAST_MB, min(memory_mb, ((most >> 20) - _CODE_MB) // 3))


def shell_allows_little() -> bool:
    """Whether the shell (ulimit -v) leaves a child less than its libraries and some data want: one that crashes then crashed of that."""
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    return most != resource.RLIM_INFINITY and most >> 20 < _START_MB


def bound_this_process(memory_mb: int, cpu_seconds: int) -> None:
    """Sets the limits of this child. Where the shell that started Plumbline set a lower one, that stays."""
    _lower(resource.RLIMIT_AS, (memory_mb + _ADDRESSES_MB) << 20)
    _lower(resource.RLIMIT_CPU, cpu_seconds, 5)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, most: int, more: int = 0) -> None:
    """The lower of both, for the soft and the hard limit each; `more`: by how much the hard one is higher."""
    soft, hard = resource.getrlimit(kind)
    hard = most + more if hard == resource.RLIM_INFINITY else min(hard, most + more)
    soft = most if soft == resource.RLIM_INFINITY else min(soft, most)
    resource.setrlimit(kind, (min(soft, hard), hard))


def data_mb(pid: int) -> int:
    """Memory that a process holds for itself beyond its code, in MiB; 0 where the system does not say."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return 0
    return max(0, ((int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") >> 20) - _CODE_MB)
