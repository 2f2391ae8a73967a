#!/bin/sh
# Prove the two commands on a machine that has nothing: scripts/cleanroom.sh [--only-run] [--keep]
#
# Builds a minimal Debian 12 in a temporary folder, clones HEAD of this repository into it, and runs
# `make run` and `make test` there, with their times. Uncommitted changes are not seen. Packages come
# from where this machine's apt gets them. Needs root and mmdebstrap; --keep leaves the folder.
set -eu

suite=bookworm
home=srv/allostat # of the clone, below the new root
commands="run test" keep=no
for argument in "$@"; do
    case $argument in
    --only-run) commands=run ;;
    --keep) keep=yes ;;
    *)
        echo "usage: $0 [--only-run] [--keep]" >&2
        exit 64
        ;;
    esac
done

if [ "$(id -u)" -ne 0 ] || ! command -v mmdebstrap >/dev/null 2>&1; then
    echo "needs root and mmdebstrap (apt-get install --no-install-recommends mmdebstrap)" >&2
    exit 69
fi

repository=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
work=$(mktemp -d "${TMPDIR:-/tmp}/allostat-cleanroom.XXXXXX")
root=$work/root

# Nothing is mounted out here: what was mounted inside went with its mount namespace.
remove() {
    if [ "$keep" = yes ]; then
        echo "kept: $root"
    else
        rm -rf --one-file-system "$work"
    fi
}
trap remove EXIT
trap 'exit 130' INT TERM

now() { date +%s; }

# This machine's apt sources of Debian 12 and its way to them (proxy, checks of dates).
make_root() {
    sources=$(grep -ls "$suite" /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
        /etc/apt/sources.list.d/*.sources || true)
    apt-config dump | grep -E '^Acquire::(https?|Check-[A-Za-z-]+|Retries)\b' >"$work/apt.conf" || true
    # shellcheck disable=SC2086 # a list of files
    mmdebstrap --quiet --variant=minbase --aptopt="$work/apt.conf" "$suite" "$root" $sources
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

# Run a command line in the new root, with an environment of its own.
inside() {
    unshare --mount --pid --fork sh -c '
        mount --make-rprivate / &&
        mount -t proc proc "$1/proc" &&
        mount --rbind /dev "$1/dev" &&
        exec chroot "$1" /usr/bin/env -i HOME=/root TERM=dumb LANG=C.UTF-8 CI=true \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            http_proxy="${http_proxy-}" https_proxy="${https_proxy-}" sh -ec "$2"
    ' sh "$root" "$1" </dev/null
}

start=$(now)
make_root
echo "cleanroom: Debian $(cat "$root/etc/debian_version") made in $(($(now) - start)) s"

start=$(now)
inside "apt-get -q update && apt-get -q install -y make git" >"$work/install.log" 2>&1 ||
    { cat "$work/install.log"; exit 1; }
echo "cleanroom: make and git installed in $(($(now) - start)) s"

git clone -q "$repository" "$root/$home"
echo "cleanroom: commit $(git -C "$root/$home" rev-parse --short HEAD)"
for command in $commands; do
    start=$(now)
    inside "cd /$home && make $command" || { echo "cleanroom: make $command FAILED"; exit 1; }
    echo "cleanroom: make $command took $(($(now) - start)) s"
done
