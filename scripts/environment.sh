#!/bin/sh
# Makes .venv ready: `environment.sh run` or `environment.sh dev`. Does nothing when the lock has not changed since the last time.
# Uses uv when there is one, else python -m venv and pip. PYTHON=/path/to/python names the interpreter.
set -eu
cd "$(dirname "$0")/.."
kind="${1:-run}"
lock="requirements.txt"
[ "$kind" = dev ] && lock="requirements-dev.txt"
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
hash_of='import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())'

if ! .venv/bin/python -c "$new_enough" 2>/dev/null; then
    python=""
    for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c "$new_enough" 2>/dev/null; then
            python="$candidate"
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "error: no Python 3.11 or newer on this machine; install one, or name it: make PYTHON=/path/to/python3" >&2
        exit 1
    fi
    rm -rf .venv
    if uv --version >/dev/null 2>&1; then
        uv venv --quiet --python "$("$python" -c 'import sys; print(sys.executable)')" .venv
    elif ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "error: $python cannot make a virtual environment; install its venv module (on Debian: apt-get install python3-venv) or uv" >&2
        exit 1
    fi
fi

stamp=.venv/plumbline-stamp
wanted="$kind $(.venv/bin/python -c "$hash_of" "$lock")"
have="$(cat $stamp 2>/dev/null || true)"
# the environment for tests holds everything that running needs
fuller="dev $(.venv/bin/python -c "$hash_of" requirements-dev.txt)"
[ "$have" = "$wanted" ] || [ "$have" = "$fuller" ] && exit 0

echo "Setting up .venv from $lock (once, a minute or so) ..." >&2
rm -f $stamp
if uv --version >/dev/null 2>&1; then
    uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$lock"
fi
echo "$wanted" >$stamp
