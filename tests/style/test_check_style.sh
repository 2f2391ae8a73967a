#!/bin/bash
# Every check of check_style.sh catches what it is for: plants one violation at a time in a copy of
# the tree, and demands that the check fails and names the planted file.
set -u
cd "$(dirname "$0")/../.." || exit 2
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
tar -cf - --exclude=./.git --exclude=./build --exclude=./out . | tar -xf - -C "$copy"
export BUILD=build/planted
failed=0 passed=0 planted=" "

fail() { echo "FAIL $1"; failed=$((failed + 1)); }

# plant CHECK FILE: puts standard input there and expects CHECK to complain about FILE.
plant() {
    planted="$planted$1 "
    mkdir -p "$copy/$(dirname "$2")"
    cat >"$copy/$2"
    compile_planted "$1" "$2"
    if output=$(sh "$copy/tests/style/check_style.sh" "$1" 2>&1); then
        fail "$1 passes with a violation in $2"
    elif ! grep -qF "${2%.*}" <<<"$output"; then
        fail "$1 does not name $2: $output"
    else
        passed=$((passed + 1))
    fi
    rm -rf "${copy:?}/$2" "$copy/build"
}

# allow CHECK FILE: puts standard input there and expects no complaint about FILE.
allow() {
    mkdir -p "$copy/$(dirname "$2")"
    cat >"$copy/$2"
    compile_planted "$1" "$2"
    output=$(sh "$copy/tests/style/check_style.sh" "$1" 2>&1)
    if grep -qF "${2%.*}" <<<"$output"; then
        fail "$1 complains about what is allowed in $2: $output"
    else
        passed=$((passed + 1))
    fi
    rm -rf "${copy:?}/$2" "$copy/build"
}

# The checks of objects need one.
compile_planted() {
    case $1 in
    names | data)
        mkdir -p "$copy/$BUILD/${2%/*}"
        "${CC:-gcc}" -std=c11 -c "$copy/$2" -o "$copy/$BUILD/${2%.c}.o"
        ;;
    esac
}

lines() { for ((i = 0; i < $1; i++)); do echo "$2"; done; }

plant omp model/mind/planted.c <<<$'#pragma omp parallel for\nint allostat_planted;'
plant omp model/engine/planted.c <<<$'#pragma omp simd reduction(+ : sum)'
plant omp model/study/planted.c <<<$'_Pragma("omp task")'
allow omp model/mind/planted.c <<<$'/* no\n#pragma omp parallel */\n#pragma omp simd'
plant hdf5 model/engine/planted.c <<<$'#include <hdf5.h>'
plant hdf5 model/study/planted.h <<<$'#include "hdf5_hl.h"'
plant hdf5 model/cli/planted.c <<<$'int x = H5Fclose(3);'
allow hdf5 model/io/planted.c <<<$'#include <hdf5.h>'
allow hdf5 model/cli/planted.c <<<$'/* see H5Fclose() */\nint x;'
plant exit model/people/planted.c <<<$'void f(void) { exit(1); }'
plant exit model/io/planted.c <<<$'void f(void) { abort (); }'
allow exit model/cli/planted.c <<<$'void f(void) { exit(1); }'
allow exit model/people/planted.c <<<$'int f(void) { return allostat_status_exit(1); }'
plant rand model/people/planted.c <<<$'int f(void) { return rand(); }'
plant rand model/cli/planted.c <<<$'double f(void) { return drand48(); }'
plant print model/care/planted.c <<<$'void f(void) { printf("x"); }'
plant print model/io/planted.c <<<$'void f(void) { fputs("x",\n stderr); }'
allow print model/cli/planted.c <<<$'void f(void) { puts("x"); }'
allow print model/io/planted.c <<<$'void f(FILE *file) { fprintf(file, "printf(stdout)"); }'
plant floors model/people/planted.h <<<$'#include "engine/city.h"'
plant floors model/base/planted.h <<<$'# include "params/params.h"'
allow floors model/engine/planted.h <<<$'#include "people/users.h"'
plant names model/base/planted.c <<<$'int helper(void) { return 1; }'
allow names model/base/planted.c <<<$'int allostat_helper(void) { return 1; }'
plant data model/base/planted.c <<<$'int allostat_counter = 3;'
plant data model/base/planted.c <<<$'int f(void) { static int calls; return ++calls; }'
plant data model/cli/planted.c <<<$'int stop;'
plant data model/base/planted.c <<<$'const char *allostat_name[] = {"a", "b"};'
allow data model/cli/planted.c <<<$'volatile int stop_requested;'
allow data model/base/planted.c <<<$'const char *const allostat_name[] = {"a", "b"};'
plant headers model/mind/planted.h <<<$'static inline size_t f(void) { return 0; }'
allow headers model/mind/planted.h <<<$'#include <stddef.h>\nstatic inline size_t f(void) { return 0; }'
plant functions model/mind/planted.c <<<"int f(int x)
{
$(lines 60 '    x += 1;')
}"
allow functions model/mind/planted.c <<<"int f(int x)
{
$(lines 57 '    x += 1;')
}"
plant arguments model/mind/planted.c <<<$'int f(int a, int b, int c, int d, int e, int g, int h) { return a; }'
allow arguments model/mind/planted.c <<<$'int f(int a, int b, int c, int d, int e, int (*g)(int, int)) { return a; }'
plant files model/mind/planted.c <<<"$(lines 601 '/* */')"
allow files model/mind/planted.c <<<"$(lines 600 '/* */')"
plant words model/mind/planted.c <<<"/* TO""DO: later */"
plant words scripts/planted.sh <<<"cd /""root/data"
plant words docs/planted.md <<<"see \`/""work/main\`"
allow words docs/planted.md <<<'see https://example.org/home/page and ../work/x'
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
    plant format model/mind/planted.c <<<$'int  f( void ){return 1;}'
else
    planted="${planted}format "
fi
plant spelling docs/planted.md <<<"We recie""ve it."

for check in $(sh tests/style/check_style.sh --list); do
    [[ $planted == *" $check "* ]] || fail "no violation is planted for $check"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
