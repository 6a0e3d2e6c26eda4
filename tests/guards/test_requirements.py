"""The locks: every package pinned to a version and to hashes, everything asked for is there, and no file names a package registry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, kept_files

LOCKS = ("requirements", "requirements-dev", "requirements-bench")
# in two halves, so that this file does not name them itself
HOSTS = [a + b for a, b in (("pypi", ".org"), ("pythonhosted", ".org"), ("registry.npmjs", ".org"), ("deb.debian", ".org"), ("anaconda", ".org/"))]
HOSTS += ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--trusted" + "-host"]


def lock_faults(asked: str, lock: str) -> list[str]:
    """What is wrong with a lock, given what its .in file asks for."""
    entries = [entry for entry in re.split(r"\n(?=\S)", lock.strip()) if entry and not entry.startswith("#")]
    faults = [f"not pinned: {entry.splitlines()[0]}" for entry in entries if not re.match(r"[\w.-]+==[\w.!+]+( ;.*)? \\\n", entry + "\n")]
    faults += [f"no hash: {entry.splitlines()[0]}" for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry)]
    faults += [f"an address: {entry.splitlines()[0]}" for entry in entries if "://" in entry]
    pinned = {normal(re.split(r"[=<>\s;]", entry, maxsplit=1)[0]) for entry in entries}
    for line in asked.splitlines():
        name = normal(re.split(r"[=<>!~\s;\[#]", line.strip(), maxsplit=1)[0])
        if name and not line.startswith("-") and name not in pinned:
            faults.append(f"asked for and not locked: {name}")
    return faults


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named_hosts(content: bytes) -> list[str]:
    """Registry hosts and options that a file names."""
    return [host for host in HOSTS if host.encode() in content.lower()]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_are_whole(name: str) -> None:
    assert lock_faults((ROOT / f"{name}.in").read_text(), (ROOT / f"{name}.txt").read_text()) == []


def test_the_locks_agree() -> None:
    pins = {name: set(re.findall(r"^[\w.-]+==[^\s;]+", (ROOT / f"{name}.txt").read_text(), re.MULTILINE)) for name in LOCKS}
    assert pins["requirements"] <= pins["requirements-dev"]


def test_no_file_names_a_registry() -> None:
    found = {str(path.relative_to(ROOT)): named_hosts(path.read_bytes()) for path in kept_files()}
    assert {name: hosts for name, hosts in found.items() if hosts} == {}


def test_a_named_registry_is_seen(tmp_path: Path) -> None:
    assert all(named_hosts(f"see https://{host}/x".encode()) == [host] for host in HOSTS)
    assert named_hosts(b"duckdb==2.0.0 and an organisation") == []


def test_a_broken_lock_is_seen() -> None:
    digest = "0" * 64
    good = f"duckdb==2.0.0 \\\n    --hash=sha256:{digest}\nnumpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:{digest}\n"
    assert lock_faults("duckdb\nnumpy>=2\n", good) == []
    assert lock_faults("duckdb\npolars\n", good) == ["asked for and not locked: polars"]
    assert lock_faults("", good.replace("2.0.0", "2.0.0").replace("duckdb==", "duckdb>="))
    assert lock_faults("", good.replace(digest, "", 1))
    assert lock_faults("", good + "x @ https://somewhere/x.whl \\\n    --hash=sha256:" + digest)
