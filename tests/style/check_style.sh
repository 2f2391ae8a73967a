#!/bin/sh
# Rules a reviewer should not have to repeat: tests/style/check_style.sh [--list | CHECK...]
#
# Runs all checks, or those named. BUILD is the folder of objects of a release build. Looks at the
# tree that holds this script. Ends with 1 when a rule is broken, and says which, where.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build/release-gcc}
CC=${CC:-gcc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

checks="omp hdf5 exit rand print floors names data headers functions arguments files words format
        spelling"

code() { find model include -name '*.[ch]' | sort; }
code_and_tests() { { code; find tests -name '*.[ch]'; } | sort; }
everything() {
    find . \( -name .git -o -name build -o -name out -o -name __pycache__ \) -prune -o -type f -print |
        grep -Ev '\.(h5|png|gz|bin)$' | sed 's|^\./||' | sort
}

# forbid PATTERN MESSAGE [ALLOWED]: no code outside the paths ALLOWED matches; comments and texts in
# quotes do not count.
forbid() {
    found=$(cd "$work/plain" && code | grep -Ev "${3:-^$}" | xargs grep -nE "$1" /dev/null)
    [ -z "$found" ] || complain "$found" "$2"
}
complain() {
    printf '%s\n  ^ %s\n' "$1" "$2"
    return 1
}

# The sources once more, with comments and texts blanked out; #include lines are left.
make_plain() {
    mkdir -p "$work/plain/model" "$work/plain/include"
    code | python3 -c '
import pathlib, re, sys
blank = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|\x27(?:\\.|[^\x27\\\n])*\x27", re.S)
def clean(match):
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1:match.start()]
    if re.match(r"\s*#\s*include\s*$", line): return match[0]
    return re.sub(r"[^\n]", " ", match[0])
for name in sys.stdin.read().split():
    target = pathlib.Path(sys.argv[1], name)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(blank.sub(clean, pathlib.Path(name).read_text(encoding="utf-8")), encoding="utf-8")
' "$work/plain"
}

check_omp() {
    forbid '^[[:space:]]*#[[:space:]]*pragma[[:space:]]+omp[[:space:]]+(parallel|for|task|sections|single|critical|atomic|ordered|master|masked|barrier|target|teams|threadprivate|.*reduction)|_Pragma' \
        'threads are the business of model/engine/blocks.c; elsewhere only omp simd, without reduction' \
        '^model/engine/blocks\.c$'
}
check_hdf5() {
    forbid '[<"]hdf5(_hl)?\.h|\bH5[A-Z]+[a-z_]+[A-Za-z0-9_]*\(' 'HDF5 lives in model/io' '^model/io/'
}
check_exit() {
    forbid '\b(exit|_exit|_Exit|quick_exit|abort)[[:space:]]*\(' \
        'only model/cli may end the program' '^model/cli/'
}
check_rand() {
    forbid '\b(rand|srand|rand_r|random|srandom|[dejlmn]rand48|srand48|arc4random[a-z_]*|getrandom|randombytes[a-z_]*)[[:space:]]*\(' \
        'random numbers come from base/draws.h'
}
check_print() {
    forbid '\b(printf|vprintf|puts|putchar|perror)[[:space:]]*\(|\b(stdout|stderr)\b' \
        'only model/cli prints' '^model/cli/'
}

# A file includes its own floor and the floors under it.
check_floors() {
    found=$(cd "$work/plain" && code | xargs grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[a-z]+/' /dev/null |
        awk -F'[/:"]' '
            BEGIN {
                count = split("tables base params people mind opioid care engine study io cli", floor, " ")
                for (i = 1; i <= count; i++) level[floor[i]] = i
            }
            $1 == "model" && ($2 in level) {
                split($0, part, "\""); split(part[2], to, "/")
                if ((to[1] in level) && level[to[1]] > level[$2]) print
            }')
    [ -z "$found" ] || complain "$found" 'a floor uses its own and those under it, never one above'
}

objects() {
    found=$(find "$BUILD/model" -name '*.o' 2>/dev/null | sort)
    [ -n "$found" ] || { echo "no objects in $BUILD: build first" >&2; return 1; }
    echo "$found"
}
check_names() {
    list=$(objects) || return 1
    found=$(echo "$list" | grep -v '/cli/main\.o$' | xargs nm -A -g --defined-only |
        awk '$NF !~ /^allostat_/')
    [ -z "$found" ] || complain "$found" 'exported names begin with allostat_'
}

# Constant tables of pointers sit in .data.rel.ro and are fine. A signal handler can only set a
# variable of the file: the program has one, named stop_requested, in model/cli.
check_data() {
    list=$(objects) || return 1
    found=$(echo "$list" | xargs objdump -t 2>/dev/null |
        awk '/file format/ { file = $1 }
             / O \.(data|bss|tdata|tbss)/ && !/ \.data\.rel\.ro/ {
                 if (!(file ~ /\/cli\// && $NF == "stop_requested")) print file, $NF
             }
             / O \*COM\*/ { print file, $NF }')
    [ -z "$found" ] || complain "$found" 'no writable data of a file: state is an argument'
}

check_headers() {
    headers=$({ find model include -name '*.h'; } | sort)
    # shellcheck disable=SC2046,SC2086 # lists of words
    found=$("$CC" -std=c11 -D_POSIX_C_SOURCE=200809L -Imodel -Iinclude -fopenmp \
        $(pkg-config --cflags hdf5-serial 2>/dev/null || pkg-config --cflags hdf5) \
        -fsyntax-only -x c $headers 2>&1) || complain "$found" 'every header compiles alone'
}

tags() {
    command -v ctags >/dev/null || { echo 'ctags is missing (universal-ctags)' >&2; return 1; }
    # shellcheck disable=SC2046
    ctags --quiet --options=NONE --output-format=json --fields=+neS --kinds-C=f -f - $(code_and_tests)
}
check_functions() {
    found=$(tags | python3 -c '
import json, sys
for line in sys.stdin:
    tag = json.loads(line)
    size = tag.get("end", tag["line"]) - tag["line"] + 1
    if size > 60: print(tag["path"] + ":" + str(tag["line"]), tag["name"], size, "lines")')
    [ -z "$found" ] || complain "$found" 'a function has at most 60 lines'
}
# The kernel of the draws takes the words of its counter one by one.
check_arguments() {
    found=$(tags | python3 -c '
import json, re, sys
for line in sys.stdin:
    tag = json.loads(line)
    text = tag.get("signature", "()")[1:-1]
    while "(" in text: text = re.sub(r"\([^()]*\)", "", text)
    count = text.count(",") + 1
    if count > 6 and tag["name"] != "allostat_draws_fill":
        print(tag["path"] + ":" + str(tag["line"]), tag["name"], count, "arguments")')
    [ -z "$found" ] || complain "$found" 'a function has at most 6 arguments'
}
check_files() {
    found=$(code_and_tests | xargs wc -l | awk '$2 != "total" && $1 > 600')
    [ -z "$found" ] || complain "$found" 'a file has at most 600 lines'
}

# Things to be done belong in issues, and a path of one machine means nothing on another.
check_words() {
    found=$(everything | xargs -d '\n' grep -nIE \
        '\b(TO[D]O|FIX[M]E)\b|(^|[^A-Za-z0-9_.})/])/(wor[k]|roo[t]|hom[e]|User[s])/' /dev/null)
    [ -z "$found" ] || complain "$found" 'no notes to self, no path of one machine'
}

# One pinned version: the layout that it wants changes between versions.
check_format() {
    for formatter in clang-format-14 clang-format; do
        "$formatter" --version 2>/dev/null | grep -q 'version 14\.' || continue
        found=$(code_and_tests | xargs "$formatter" --dry-run --Werror 2>&1 |
            sed -n 's/^\([^ :]*:[0-9]*\):.*error:.*/\1/p' | sort -u)
        [ -z "$found" ] || complain "$found" 'clang-format -i (version 14) puts it right'
        return
    done
}
check_spelling() {
    command -v codespell >/dev/null || return 0
    found=$(everything | xargs -d '\n' codespell 2>&1) || complain "$found" 'spelling (codespell)'
}

[ "${1-}" != --list ] || { echo $checks; exit 0; }
[ $# -eq 0 ] || checks=$*
make_plain || exit 2
failed=0
for check in $checks; do
    "check_$check" || { echo "style: $check FAILED"; failed=1; }
done
[ "$failed" -ne 0 ] || echo "style: all of" $checks "hold"
exit "$failed"
