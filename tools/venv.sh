#!/bin/sh
# Create the virtual environment from which everything else starts: PYTHON=... sh tools/venv.sh DIRECTORY GROUP...
#
# Needs only Python. Installs the groups of pyproject.toml with tools/install.py. nox creates all other environments.
# Does nothing if the directory already has the groups. After a failure, the last line has the reason.
set -eu

cd "$(dirname "$0")/.."
wanted=${PYTHON:-}
directory=$1
shift

fail() {
    echo "$directory: $1" >&2
    exit 1
}

runs() {
    "$1" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null
}

can_make_environments() {
    "$1" -c "import ensurepip, venv" 2>/dev/null
}

# Prefer the oldest supported Python: code that works there works on later versions.
find_python() {
    found=
    for candidate in ${wanted:+"$wanted"} ${wanted:-python3.11 python3.12 python3.13 python3.14 python3}; do
        runs "$candidate" || continue
        found=$candidate
        can_make_environments "$candidate" && echo "$candidate" && return
    done
    [ -n "$found" ] || fail "needs Python 3.11 or later${wanted:+, and $wanted is not} (Debian: apt-get install python3 python3-venv)"
    version=$("$found" -c "import sys; print('%d.%d' % sys.version_info[:2])")
    fail "$found cannot make virtual environments (Debian: apt-get install python$version-venv)"
}

if ! runs "$directory/bin/python" || ! "$directory/bin/python" -c "import pip" 2>/dev/null; then
    # Replace only an environment or a missing directory.
    [ -f "$directory/pyvenv.cfg" ] || rmdir "$directory" 2>/dev/null || [ ! -e "$directory" ] ||
        fail "the directory exists already and is not a virtual environment"
    python=$(find_python)
    rm -rf "$directory"
    "$python" -m venv "$directory" || fail "$python could not make this virtual environment"
fi
exec "$directory/bin/python" tools/install.py "$@"
