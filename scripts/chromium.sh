#!/bin/sh
# A Chromium for the browser tests: the one that is there, else, as root on Debian, from apt. Without one those tests are skipped.
# CHROMIUM=/path/to/chromium names it.
set -eu
cd "$(dirname "$0")/.."
present() {
    .venv/bin/python -m tests.browser_support >/dev/null 2>&1
}
present && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    log="$(mktemp)"
    {
        apt-get update -qq </dev/null &&
            apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fonts-noto-cjk </dev/null
    } >"$log" 2>&1 || tail -n 3 "$log" >&2
    rm -f "$log"
fi
present || echo "no Chromium on this machine: browser tests are skipped (install chromium, or name it: make test CHROMIUM=/path/to/chromium)" >&2
