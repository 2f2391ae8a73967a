#!/bin/sh
# Install what is missing: scripts/setup.sh [run|test|long]
#
# Says nothing when all is there. Installs as root or by sudo; without either it prints the command
# that does it and ends with 69.
set -u

# To build and run; to test; for `make test-long`.
for_run="gcc libc6-dev make git pkg-config libhdf5-dev libyaml-dev librandom123-dev libsodium-dev
 libjansson-dev libcsv-dev"
for_test="$for_run libcmocka-dev binutils universal-ctags codespell netcdf-bin libxml2-utils python3
 python3-h5py python3-h5netcdf python3-xarray"
for_long="$for_test clang clang-format libomp-dev libclang-rt-14-dev valgrind r-base-core
 r-cran-ncdf4 python3-matplotlib gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user chromium
 chromium-driver python3-selenium fonts-dejavu-core"

case ${1:-run} in
run) wanted=$for_run ;;
test) wanted=$for_test ;;
long) wanted=$for_long ;;
*)
    echo "usage: $0 [run|test|long]" >&2
    exit 64
    ;;
esac

# Names of the wanted packages that are not installed.
missing_packages() {
    # shellcheck disable=SC2086 # a list of words
    dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' $wanted 2>/dev/null |
        awk -v wanted="$(echo $wanted)" '
            $1 == "ii" { there[$2] = 1 }
            END {
                count = split(wanted, name)
                for (i = 1; i <= count; i++) if (!(name[i] in there)) printf "%s ", name[i]
            }'
}

# Without dpkg nothing can be installed here, but the libraries may be there all the same.
check_without_dpkg() {
    for module in yaml-0.1 libsodium jansson; do
        pkg-config --exists "$module" || return 1
    done
    pkg-config --exists hdf5-serial || pkg-config --exists hdf5 || return 1
    printf '#include <csv.h>\n#include <Random123/philox.h>\n' |
        "${CC:-cc}" -E - >/dev/null 2>&1
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    check_without_dpkg && exit 0
    echo "This is not a Debian system. Install what these Debian packages hold, then try again:" >&2
    echo "  $wanted" >&2
    exit 69
fi

missing=$(missing_packages)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "Packages are missing, and only root can install them. Run this, then try again:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing" >&2
    exit 69
fi

echo "installing: $missing" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # words again
if ! { $as_root apt-get -q -o DPkg::Lock::Timeout=300 update &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        install --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    echo "apt-get could not install them; see above" >&2
    exit 69
fi
