# shellcheck shell=bash
# What every script needs: where the project is, how to speak, how to fail. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT" || exit 1

# Tools that the project installs for itself. Inside the checkout, so that deleting the folder undoes it;
# GLIMPSE_TOOLS names another folder, for machines that keep one between checkouts.
TOOLS=${GLIMPSE_TOOLS:-$ROOT/.tools}
# shellcheck disable=SC2034 # read by the scripts that source this file
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}

# Ours first, then rustup's folder: a shell that is no login shell often lacks it.
export PATH="$TOOLS/bin:$ROOT/node_modules/.bin:$PATH:${CARGO_HOME:-${HOME:-/root}/.cargo}/bin"
# Not a terminal: no progress bars in logs.
[[ -t 2 ]] || export CARGO_TERM_PROGRESS_WHEN=never
export TRUNK_SKIP_VERSION_CHECK=true

say() { printf '• %s\n' "$*" >&2; }

# One sentence that says what is wrong and what to do about it.
die() {
    printf '\nglimpse: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# `took 75` → `1 min 15 s`
took() {
    if (($1 >= 60)); then printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); else printf '%d s' "$1"; fi
}

# `glimpse ARGUMENT...`: the companion binary, compiled if need be. GLIMPSE names one that was built with more backends:
# docs/training.md tells how.
glimpse() {
    if [[ -n ${GLIMPSE:-} ]]; then "$GLIMPSE" "$@"; else cargo run --quiet --release --locked --features train -- "$@"; fi
}

# The version of a package in Cargo.lock.
locked_version() {
    awk -v want="name = \"$1\"" '$0 == want { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock
}

# A `key = "value"` at the top level of a TOML file, without a leading `=` of a version.
toml_value() {
    sed -n "s/^$2 *= *\"=\{0,1\}\([^\"]*\)\".*/\1/p" "$1" | head -n 1
}
