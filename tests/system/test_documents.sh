#!/usr/bin/env bash
# The papers agree with the program: links lead somewhere, commands exist, the README's scenario is
# understood, generated pages are those that the program writes now.
# usage: tests/system/test_documents.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
quiet() { # quiet COMMAND...: it succeeds and prints nothing
    "$@" >"$work/messages" 2>&1 && [ ! -s "$work/messages" ]
}
pages() { find . \( -name build -o -name out -o -name .git \) -prune -o -name '*.md' -print; }

broken_links() {
    pages | while read -r page; do
        grep -oE '\]\([^)# ]+' "$page" | cut -c3- | grep -vE '^[a-z]+:' | while read -r link; do
            [ -e "$(dirname "$page")/$link" ] || echo "$page: $link is not there"
        done
    done
}
# Words after `allostat` where a page shows code.
unknown_commands() {
    known=$("$program" --help | awk '/^  [a-z]/ { print $1 }')
    pages | while read -r page; do
        grep -ohE '(^    |`)([A-Za-z/-]*/)?allostat [a-z]+' "$page" | awk '{ print $NF }' | sort -u |
            while read -r word; do
                echo "$known" | grep -qxF "$word" || echo "$page: there is no command '$word'"
            done
    done
}
unknown_targets() {
    pages | while read -r page; do
        grep -ohE '(^    |`)make [a-z-]+' "$page" | awk '{ print $2 }' | sort -u |
            while read -r target; do
                grep -qE "^$target:" Makefile || echo "$page: there is no 'make $target'"
            done
    done
}
readme_scenario() {
    sed -n '/^    extends: /,/^$/s/^    //p' README.md >"$work/scenario.yaml"
    [ "$(wc -l <"$work/scenario.yaml")" -ge 2 ] || echo "the README has no scenario"
    "$program" validate "$work/scenario.yaml" >/dev/null
}
parameters_page() { "$program" params --format markdown | diff docs/parameters.md -; }
version() { grep -qxF "version: $(cat VERSION)" CITATION.cff; }

check "every link leads to a file" quiet broken_links
check "every command exists" quiet unknown_commands
check "every target of make exists" quiet unknown_targets
check "the scenario of the README is understood" quiet readme_scenario
check "docs/parameters.md is what 'make docs' writes" quiet parameters_page
check "CITATION.cff has the version of VERSION" quiet version

finish
