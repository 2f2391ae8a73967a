# How the tests of the whole program count and tell. To be sourced in the project's folder:
#
#   set -u
#   program=$(realpath "${1:?which program?}")
#   cd "$(dirname "$0")/../.." || exit 2
#   . tests/system/checks.sh
#
# It makes $work, a folder that goes with the script, with a copy of configs in it, since an edit
# meanwhile would change the bytes. Of a check that fails, what stands in $work/stdout, stderr, said
# and messages is shown.
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R configs "$work/configs"

result() { # result GOOD NAME
    if [ "$1" = yes ]; then
        passed=$((passed + 1))
        echo "ok $((passed + failed)) - $2"
    else
        failed=$((failed + 1))
        echo "not ok $((passed + failed)) - $2"
        sed 's/^/# /' "$work"/{stdout,stderr,said,messages} 2>/dev/null | head -40
    fi
}
check() { # check NAME COMMAND...: the command succeeds
    name=$1
    shift
    if "$@"; then result yes "$name"; else result no "$name"; fi
}
finish() { # the closing line, and the exit code: good when something passed and nothing failed
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
