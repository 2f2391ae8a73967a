#!/usr/bin/env bash
# The same bytes from every build: gcc and clang, -O0, -O2 and -O3, every level of x86-64; and from
# 1, 2, 3 and 7 threads of the whole city. For aarch64 see long_aarch64.sh.
# usage: tests/system/long_same_bits.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
digest() { # digest PROGRAM OPTION...: the SHA-256 of the result; nothing when the run fails
    runs=$1
    shift
    rm -f "$work"/result.h5*
    "$runs" run "$work/configs/vancouver.yaml" --output "$work/result.h5" --quiet "$@" \
        >"$work/messages" 2>&1 || return 1
    sha256sum "$work/result.h5" | cut -d' ' -f1
}
same() { # same NAME PROGRAM OPTION...: equal to $wanted
    name=$1
    shift
    found=$(digest "$@")
    if [ ${#found} -eq 64 ] && [ "$found" = "$wanted" ]; then
        result yes "$name"
    else
        result no "$name"
    fi
}
small=(--set population.scale=0.05 --set run.end=2015-12-31 --replicates 2)
built() { # built NAME MAKE_VARIABLE...: a build of its own gives the same bytes
    name=$1
    shift
    folder=$work/build
    rm -rf "$folder"
    if make -s -j2 BUILD="$folder" "$@" "$folder/allostat" >"$work/messages" 2>&1; then
        same "$name" "$folder/allostat" "${small[@]}"
    else
        result no "$name builds"
    fi
}

wanted=$(digest "$program" --replicates 1 --threads 1)
for threads in 2 3 7; do
    same "the whole city, $threads threads" "$program" --replicates 1 --threads "$threads"
done

wanted=$(digest "$program" "${small[@]}")
for compiler in gcc clang; do
    for level in 0 2 3; do
        built "$compiler -O$level" CC=$compiler FLAGS_release="-O$level -DNDEBUG"
    done
    for arch in x86-64 x86-64-v2 x86-64-v3 x86-64-v4; do
        if [ $arch = x86-64-v4 ] && ! grep -q avx512vl /proc/cpuinfo; then
            echo "# this machine has no $arch"
        elif [ "$(uname -m)" = x86_64 ]; then
            built "$compiler $arch" CC=$compiler CFLAGS=-march=$arch \
                CPPFLAGS=-DALLOSTAT_ONE_VERSION
        fi
    done
done

finish
