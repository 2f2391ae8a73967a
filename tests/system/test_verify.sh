#!/usr/bin/env bash
# `allostat verify`: a file that was made here matches; a changed value, parameter, seed, name or
# single bit is found, and the message says where.
# usage: tests/system/test_verify.sh PROGRAM
set -u
program=$(realpath "${1:?which program?}")
cd "$(dirname "$0")/../.." || exit 2
. tests/system/checks.sh
python=/usr/bin/python3
cd "$work" || exit 2
verify() { # verify CODE TEXT FILE: the exit code, and what stdout or stderr says
    "$program" verify "$3" >said 2>&1
    code=$?
    [ "$code" -eq "$1" ] || { echo "# exit $code, not $1"; return 1; }
    grep -qE -- "$2" said || { echo "# not said: $2"; return 1; }
}
edit() { # edit FILE CODE: a copy of the good file, changed by Python with h5py; `f` is the file
    cp good.h5 "$1"
    "$python" -c "
import sys
import h5py, numpy
f = h5py.File(sys.argv[1], 'r+')
def put(name, old, new):
    letters = f[name].id # h5py itself does not write single letters of UTF-8
    cells = numpy.zeros(letters.shape, 'S1')
    letters.read(h5py.h5s.ALL, h5py.h5s.ALL, cells, letters.get_type())
    text = cells.tobytes().decode()
    assert len(old or text) == len(new) and text.count(old or text) == 1
    cells = numpy.frombuffer(text.replace(old or text, new).encode(), 'S1')
    letters.write(h5py.h5s.ALL, h5py.h5s.ALL, cells, letters.get_type())
$2" "$1"
}

"$program" run configs/vancouver.yaml --set population.scale=0.005 --replicates 2 --quiet \
    --set run.output_start=2013-01-01 --set run.end=2013-12-31 --output good.h5 >said 2>&1 ||
    { cat said; exit 1; }

check "a file that was made here matches" verify 0 '^MATCH ' good.h5
check "it is made again the same to the byte" grep -q 'same to the byte' said
(mkdir elsewhere && cp good.h5 elsewhere)
check "wherever it lies" verify 0 '^MATCH ' elsewhere/good.h5

edit value.h5 "f['doses'][1, 4, 2, 1, 3] += 1"
check "a changed value is found with its index and its date" \
    verify 1 'first +doses: replicate 1, month 4 \(2013-05\), area 2, sex 1, age_group 3$' value.h5
edit real.h5 "f['mean_craving'][0, 11] = numpy.nextafter(f['mean_craving'][0, 11], 9.0)"
check "the last bit of a number is found" \
    verify 1 'first +mean_craving: replicate 0, month 11 \(2013-12\)$' real.h5
edit death.h5 "f['deaths/age'][-1] += 1"
check "a changed death is found with its replicate, person and day" \
    verify 1 'first +deaths/age: replicate 1, death [0-9]+ of it \(person [0-9]+, 201[0-9]-' death.h5
edit seed.h5 "put('provenance/configuration', 'seed: 1\n', 'seed: 2\n')"
check "another seed is found" verify 1 '^DIFFERENT ' seed.h5
edit changed.h5 "put('provenance/configuration', 'start: 2012', 'start: 2011')"
check "another parameter is found" verify 1 '^DIFFERENT ' changed.h5
edit parameter.h5 "f['parameters/traits.frailty_sd'][...] *= 1.5"
check "a parameter that was not that of the run is found by name" \
    verify 1 'first +parameters/traits.frailty_sd$' parameter.h5
edit unit.h5 "f['doses'].attrs.modify('units', numpy.bytes_('dosis'))"
check "what is said of a dataset counts too" verify 1 'what is said of them is not' unit.h5
edit version.h5 "put('provenance/version', None, 'x' * f['provenance/version'].size)"
check "a file of another version is compared by its values" verify 0 '^version +x+ wrote' version.h5
check "and matches" grep -q '^MATCH ' said

# Single bits over the whole file: some break it, some change a value, some what is said of one.
cat >flip.py <<'P'
import random, sys
data = bytearray(open("good.h5", "rb").read())
chance = random.Random(int(sys.argv[1]))
data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
open("flipped.h5", "wb").write(data)
P
every_bit_is_found() {
    for i in $(seq 12); do
        "$python" flip.py "$i"
        "$program" verify flipped.h5 >said 2>&1
        code=$?
        case $code in 1 | 65) ;; *) echo "# flip $i: exit $code"; return 1 ;; esac
    done
}
check "a flipped bit is found wherever it is" every_bit_is_found
head -c 20000 good.h5 >cut.h5
check "a file that was cut short is damaged" verify 65 'damaged|cut short' cut.h5
echo "no HDF5" >text.h5
check "another file is not ours" verify 65 'not an HDF5 file' text.h5
check "no file is no input" verify 66 'none.h5' none.h5

finish
