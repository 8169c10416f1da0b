#!/bin/sh
# Make or update a virtual environment of this checkout: sh tools/venv.sh DIRECTORY GROUP [PYTHON]
#
# Installs the package (editable, with the emulator) and a dependency group of pyproject.toml, at the versions of
# constraints.txt. Does nothing when that is what the directory holds already. Its last line says why it failed.
set -eu

cd "$(dirname "$0")/.."
directory=$1 group=$2 wanted=${3:-}

fail() {
    echo "$directory: $1" >&2
    exit 1
}

# An editable install holds the path of the checkout, so a checkout that was moved counts as changed.
state="$PWD $(cat pyproject.toml constraints.txt | cksum)"

is_current() {
    [ "$(cat "$directory/.installed-$1" 2>/dev/null)" = "$state" ] && "$directory/bin/python" -c "" 2>/dev/null
}

runs() {
    "$1" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null
}

can_make_environments() {
    "$1" -c "import ensurepip, venv" 2>/dev/null
}

# The oldest supported Python first: what works there works on the later ones.
find_python() {
    found=
    for candidate in ${wanted:+"$wanted"} ${wanted:-python3.11 python3.12 python3.13 python3}; do
        runs "$candidate" || continue
        found=$candidate
        can_make_environments "$candidate" && echo "$candidate" && return
    done
    [ -n "$found" ] || fail "needs Python 3.11 or later${wanted:+, and $wanted is not} (Debian: apt-get install python3 python3-venv)"
    version=$("$found" -c "import sys; print('%d.%d' % sys.version_info[:2])")
    fail "$found cannot make virtual environments (Debian: apt-get install python$version-venv)"
}

# The development environment has all that the others have.
if is_current dev || is_current "$group"; then
    exit 0
fi
if ! runs "$directory/bin/python" || ! "$directory/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    rm -rf "$directory"
    "$python" -m venv "$directory" || fail "$python could not make it"
fi
rm -f "$directory"/.installed-*
echo "$directory: installing with $("$directory/bin/python" --version) ..."
pip() {
    "$directory/bin/python" -m pip --quiet --no-input --disable-pip-version-check install --progress-bar off \
        --no-compile --constraint constraints.txt "$@"
}
uv() {
    "$directory/bin/python" -m uv --quiet pip install --python "$directory/bin/python" --constraint constraints.txt "$@"
}
# A wheel of urllib3-future, which niquests needs, replaces urllib3 for all; built here and told not to, it stands beside.
export URLLIB3_NO_OVERRIDE=1
set -- --no-binary urllib3-future --editable ".[emulator]" --group "$group"
# uv takes a sixth of the time, but has no wheel for some platforms and does not read the settings of pip.
if ! { pip uv && uv pip "$@"; }; then
    echo "$directory: uv could not install it, pip tries ..."
    pip --upgrade pip && pip "$@" || fail "pip could not install what the group '$group' needs"
fi
printf '%s' "$state" >"$directory/.installed-$group"
