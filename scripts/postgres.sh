#!/bin/sh
# A PostgreSQL for the tests of the app's own store: the one that is there, else, as root on Debian, from apt. Without one those tests are skipped.
set -eu
present() {
    command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}
present && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing PostgreSQL for the tests of the store ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    log="$(mktemp)"
    {
        apt-get update -qq </dev/null &&
            # no cluster of Debian's own: the tests start theirs
            mkdir -p /etc/postgresql-common/createcluster.d &&
            echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/plumbline-tests.conf &&
            apt-get install -y -qq --no-install-recommends postgresql </dev/null
    } >"$log" 2>&1 || tail -n 3 "$log" >&2
    rm -f "$log"
fi
present || echo "no PostgreSQL on this machine: its tests are skipped (install postgresql)" >&2
exit 0
