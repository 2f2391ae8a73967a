#!/bin/sh
# Build for aarch64 and run it here: scripts/aarch64.sh FOLDER
#
# FOLDER receives the libraries of Debian's arm64, unpacked and not installed, and `allostat`, a
# script that runs the program with qemu. Needs the packages gcc-aarch64-linux-gnu and qemu-user,
# which it installs when it is root, and Debian's archive; says what is missing and ends with 69
# without them.
set -u
mkdir -p "${1:?which folder?}" || exit 73
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/.." || exit 2
root=$folder/root
libraries="libhdf5-dev libyaml-dev libsodium-dev libjansson-dev libcsv-dev librandom123-dev libgomp1
 libc6-dev"

give_up() {
    echo "aarch64: $1" >&2
    exit 69
}
command -v apt-get >/dev/null || give_up "needs a Debian system"
if ! command -v aarch64-linux-gnu-gcc >/dev/null || ! command -v qemu-aarch64 >/dev/null; then
    [ "$(id -u)" -eq 0 ] || give_up "install gcc-aarch64-linux-gnu and qemu-user"
    apt-get install -y --no-install-recommends gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
        qemu-user >"$folder/install.log" 2>&1 || give_up "see $folder/install.log"
fi

# An apt of its own: this machine's list of packages and architectures stays as it is.
arm_apt() {
    apt-get -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$folder/state" \
        -o Dir::Cache="$folder/cache" -o Dir::State::status="$folder/status" \
        -o Debug::NoLocking=1 "$@" >>"$folder/apt.log" 2>&1
}
if [ ! -e "$folder/complete" ]; then
    mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial" "$root"
    : >"$folder/status"
    arm_apt update || give_up "see $folder/apt.log"
    # shellcheck disable=SC2086 # a list of words
    arm_apt install -y --no-install-recommends --download-only $libraries ||
        give_up "see $folder/apt.log"
    for package in "$folder"/cache/archives/*.deb; do
        dpkg-deb -x "$package" "$root" || give_up "$package cannot be unpacked"
    done
    touch "$folder/complete"
fi

found=$root/usr/lib/aarch64-linux-gnu
export PKG_CONFIG_LIBDIR="$found/pkgconfig:$root/usr/share/pkgconfig"
export PKG_CONFIG_SYSROOT_DIR="$root"
make -s CC=aarch64-linux-gnu-gcc BUILD="$folder/objects" CFLAGS="--sysroot=$root" \
    LDFLAGS="-Wl,-rpath-link,$found" "$folder/objects/allostat" || exit 1
printf '#!/bin/sh\nexec qemu-aarch64 -L "%s" "%s" "$@"\n' "$root" "$folder/objects/allostat" \
    >"$folder/allostat"
chmod +x "$folder/allostat"
