# make run | make test | make help
#
# VARIANT is release, debug or sanitize; CC is gcc or clang. Each pair builds in a folder of its
# own, build/VARIANT-CC/. The same bits come out of all of them.

ifeq ($(origin CC),default)
CC := gcc
endif
VARIANT ?= release
PREFIX  ?= /usr/local
JOBS    ?= $(shell nproc 2>/dev/null || echo 1)

BUILD   := build/$(VARIANT)-$(notdir $(CC))
BINARY  := $(BUILD)/allostat
LIBRARY := $(BUILD)/liballostat.a

# --- flags -------------------------------------------------------------------------------------

FLAGS_release  := -O3 -g -DNDEBUG
FLAGS_debug    := -O0 -g
FLAGS_sanitize := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
                  -fno-sanitize-recover=all
# One version of hot loops: those that a machine chooses from are chosen before the sanitizer begins.
FLAGS_race     := -O1 -g -fsanitize=thread -DALLOSTAT_ONE_VERSION
ifeq ($(FLAGS_$(VARIANT)),)
$(error VARIANT is '$(VARIANT)'; it must be release, debug, sanitize or race)
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wcast-qual -Wpointer-arith -Wundef -Wvla -Werror
# clang warns of each simd loop that it leaves as it is below -O3; bench-report looks after those
ifneq ($(findstring clang,$(CC)),)
WARNINGS += -Wno-pass-failed
endif

# The HDF5 of Debian calls itself hdf5-serial; elsewhere it is hdf5. Its pkg-config file leaves out
# the high-level library, where the dimension scales live.
HDF5    := $(shell pkg-config --exists hdf5-serial 2>/dev/null && echo hdf5-serial || echo hdf5)
HDF5_HL := $(if $(filter hdf5-serial,$(HDF5)),-lhdf5_serial_hl,-lhdf5_hl)
MODULES := $(HDF5) yaml-0.1 libsodium jansson

# Contraction off: a fused multiply-add would make the bits depend on the machine. Headers of others
# are system headers, so that our warnings are about our code.
OUR_CPPFLAGS := -Imodel -Iinclude -D_POSIX_C_SOURCE=200809L \
                $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(MODULES) 2>/dev/null))
# no contraction: the same bits from every build; no traps and no errno: loops vectorise, values stay
OUR_CFLAGS   := -std=c11 -fopenmp -ffp-contract=off -fno-trapping-math -fno-math-errno $(WARNINGS) $(FLAGS_$(VARIANT))
LIBRARIES    := $(HDF5_HL) $(shell pkg-config --libs $(MODULES) 2>/dev/null) -lcsv -lm

COMPILE = $(CC) $(OUR_CPPFLAGS) $(CPPFLAGS) $(OUR_CFLAGS) $(CFLAGS) -MMD -MP

# --- files -------------------------------------------------------------------------------------

SOURCES := $(filter-out model/cli/main.c,$(wildcard model/*/*.c model/*/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/model/io/report/assets.o

# Texts of the report's page: files that are built in, as arrays of characters.
ASSETS := $(addprefix model/io/report/,page.css page.js picture.css)

# Files of the daily loop that want flags of their own.
HOT       :=
HOT_FLAGS :=
$(foreach file,$(HOT),$(eval $(BUILD)/$(file:.c=.o): OUR_CFLAGS += $(HOT_FLAGS)))

UNIT        := $(sort $(wildcard tests/unit/*/test_*.c))
STATISTICAL := $(sort $(wildcard tests/statistical/test_*.c))
HELPERS     := $(filter-out $(UNIT) $(STATISTICAL),$(wildcard tests/unit/*/*.c tests/statistical/*.c))
BENCHES     := $(sort $(wildcard tests/bench/bench_*.c))
SYSTEM      := $(sort $(wildcard tests/system/test_*.sh))
SYSTEM_LONG := $(sort $(wildcard tests/system/long_*.sh))

UNIT_PROGRAMS        := $(UNIT:%.c=$(BUILD)/%)
STATISTICAL_PROGRAMS := $(STATISTICAL:%.c=$(BUILD)/%)
BENCH_PROGRAMS       := $(BENCHES:%.c=$(BUILD)/%)
TEST_OBJECTS         := $(patsubst %.c,$(BUILD)/%.o,$(UNIT) $(STATISTICAL) $(HELPERS))

# Unit tests that are too slow under the sanitizers for every day; `make test-long` runs them.
SANITIZE_SLOW     :=
SANITIZE_PROGRAMS := $(filter-out $(SANITIZE_SLOW:%.c=$(BUILD)/%),$(UNIT_PROGRAMS))

# A test program that needs a linker flag: LINK_test_NAME := -Wl,--wrap=calloc
LINK_test_scenario_memory := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

# --- build -------------------------------------------------------------------------------------

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY: $(TEST_OBJECTS) $(BENCHES:%.c=$(BUILD)/%.o)

all: $(BINARY) $(LIBRARY)

$(BINARY): $(BUILD)/model/cli/main.o $(LIBRARY)
	$(CC) $(OUR_CFLAGS) $(CFLAGS) $(LDFLAGS) $^ $(LIBRARIES) -o $@

$(LIBRARY): $(OBJECTS)
	@rm -f $@
	ar rcsD $@ $^

$(BUILD)/%.o: %.c Makefile | packages
	@mkdir -p $(@D)
	$(COMPILE) -c $< -o $@

# page.css becomes allostat_report_page_css and allostat_report_page_css_size; a NUL ends it.
$(BUILD)/model/io/report/assets.c: $(ASSETS) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "io/report/assets.h"'; for file in $(ASSETS); do \
	  name=allostat_report_$$(basename $$file | tr . _); \
	  echo "const char $$name[] = {"; \
	  od -An -v -tx1 $$file | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'; \
	  echo "0};"; echo "const size_t $${name}_size = sizeof $$name - 1;"; \
	done; } >$@
$(BUILD)/model/io/report/assets.o: $(BUILD)/model/io/report/assets.c
	$(COMPILE) -c $< -o $@

# Only this object knows the version, and only a new version compiles it again.
$(BUILD)/model/base/version.o: $(BUILD)/version.txt
$(BUILD)/model/base/version.o: OUR_CPPFLAGS += -DALLOSTAT_VERSION_TEXT='"$(VERSION_TEXT)"'
VERSION_TEXT = $(shell cat $(BUILD)/version.txt)
$(BUILD)/version.txt: FORCE
	@mkdir -p $(@D)
	@version=$$(test -e .git && git describe --always --dirty 2>/dev/null || cat VERSION); \
	 test "$$version" = "$$(cat $@ 2>/dev/null)" || printf '%s\n' "$$version" >$@

# Assertions are on in the tests themselves whatever the variant.
$(TEST_OBJECTS): OUR_CPPFLAGS += -Itests/unit -Itests
$(TEST_OBJECTS): OUR_CFLAGS += -UNDEBUG
$(BENCHES:%.c=$(BUILD)/%.o): OUR_CPPFLAGS += -Itests

# A file beside a test that is no test helps all tests of its folder.
helpers = $(patsubst %.c,$(BUILD)/%.o,$(filter $(dir $(1))%,$(HELPERS)))
$(foreach test,$(UNIT) $(STATISTICAL),$(eval $(test:%.c=$(BUILD)/%): $(call helpers,$(test))))
$(UNIT_PROGRAMS) $(STATISTICAL_PROGRAMS): %: %.o $(LIBRARY)
	$(CC) $(OUR_CFLAGS) $(CFLAGS) $(LDFLAGS) $(LINK_$(@F)) $(filter %.o,$^) $(LIBRARY) -lcmocka \
	 $(LIBRARIES) -o $@

$(BENCH_PROGRAMS): %: %.o $(LIBRARY)
	$(CC) $(OUR_CFLAGS) $(CFLAGS) $(LDFLAGS) $^ $(LIBRARIES) -o $@

programs: all $(UNIT_PROGRAMS) $(STATISTICAL_PROGRAMS)

# A short message in place of a long one from the compiler.
packages:
	@pkg-config --exists $(MODULES) 2>/dev/null || \
	 { echo "libraries are missing; install them with: sh scripts/setup.sh run" >&2; exit 69; }

-include $(OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d) $(BENCHES:%.c=$(BUILD)/%.d)
-include $(BUILD)/model/cli/main.d

# --- use ---------------------------------------------------------------------------------------

# Flags found while this file is read may be those of a machine without its packages: after set-up,
# make starts itself again. It uses all cores unless it was given -j.
AGAIN = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
RUN   = sh tests/run.sh

run:
	@sh scripts/setup.sh run
	@echo "building allostat in $(BUILD)"
	+@$(AGAIN) -s all
	@mkdir -p out
	@echo "simulating Vancouver: configs/vancouver.yaml -> out/vancouver.h5"
	@$(BINARY) run configs/vancouver.yaml --output out/vancouver.h5 --force
	@echo "the program is $(BINARY); a first question of your own: README.md"

test:
	@sh scripts/setup.sh test
	@echo "building the program and its tests in $(BUILD) and build/sanitize-$(notdir $(CC))"
	+@$(AGAIN) -s programs
	+@$(AGAIN) -s VARIANT=sanitize programs-sanitize
	+@$(AGAIN) style
	+@$(AGAIN) check-style-check
	+@$(AGAIN) check
	+@$(AGAIN) VARIANT=sanitize check-sanitize
	@echo "all tests passed"

test-long:
	@sh scripts/setup.sh long
	+@$(AGAIN) test
	+@$(AGAIN) check-long
	+@$(AGAIN) VARIANT=sanitize check-unit check-system
	+@$(AGAIN) VARIANT=debug check-unit
	+@$(AGAIN) CC=clang check-unit check-system
	+@$(AGAIN) CC=clang VARIANT=sanitize check-unit
	@echo "all long tests passed"

programs-sanitize: $(SANITIZE_PROGRAMS)

# In this order, one after the other, also under -j: the tests use the cores themselves.
check:
	+@$(AGAIN) -s programs
	+@$(AGAIN) check-unit
	+@$(AGAIN) check-statistical
	+@$(AGAIN) check-system

check-unit: $(UNIT_PROGRAMS)
	@$(RUN) "unit $(notdir $(BUILD))" $(BUILD)/logs $(UNIT_PROGRAMS)
check-sanitize: $(SANITIZE_PROGRAMS)
	@$(RUN) "unit $(notdir $(BUILD))" $(BUILD)/logs $(SANITIZE_PROGRAMS)
check-statistical: $(STATISTICAL_PROGRAMS)
	@$(RUN) "statistical $(notdir $(BUILD))" $(BUILD)/logs $(STATISTICAL_PROGRAMS)
check-system: all
	@PROGRAM=$(BINARY) $(RUN) "system $(notdir $(BUILD))" $(BUILD)/logs $(SYSTEM)
check-long: all
	@PROGRAM=$(BINARY) $(RUN) "long $(notdir $(BUILD))" $(BUILD)/logs $(SYSTEM_LONG)
check-style-check:
	@$(RUN) "style check" $(BUILD)/logs tests/style/test_check_style.sh

style: all
	@BUILD=$(BUILD) CC=$(CC) sh tests/style/check_style.sh

bench: $(BENCH_PROGRAMS) all
	@for bench in $(BENCH_PROGRAMS); do echo "== $$bench"; $$bench || exit 1; done
	@echo "== $(BINARY) bench"; $(BINARY) bench

# Which hot loops the compiler has vectorised, and how; fails when it has left one out.
bench-report: | packages
	@COMPILE="gcc $(OUR_CPPFLAGS) $(CPPFLAGS) $(OUR_CFLAGS)" sh tests/bench/vector_report.sh

test-aarch64:
	@sh scripts/setup.sh long
	+@$(AGAIN) -s all
	@PROGRAM=$(BINARY) $(RUN) "aarch64" $(BUILD)/logs tests/system/long_aarch64.sh

docs: $(BINARY)
	$(BINARY) params --format markdown >docs/parameters.md.new
	mv docs/parameters.md.new docs/parameters.md

# Pages whose tables are results. ABLATION and CLOCK are a scale and a number of replicates. PYTHON is Debian's,
# which has the packages. A test of relapse that fails is a line of the table that says so.
PYTHON   := /usr/bin/python3
RELAPSE  := $(BUILD)/tests/statistical/test_relapse
ABLATION := 0.12 10
CLOCK    := 0.5 16
SCENARIO_REPLICATES := 20

emergent:
	@sh scripts/setup.sh test
	+@$(AGAIN) -s all $(RELAPSE)
	@mkdir -p out
	$(BINARY) run configs/vancouver.yaml --replicates 20 --set run.end=2018-12-31 \
	 --output out/emergent.h5 --force --quiet
	$(RELAPSE) >out/relapse.log 2>&1 || true
	$(PYTHON) scripts/analysis/emergent.py out/emergent.h5 out/relapse.log docs/emergent.md

ablation:
	@sh scripts/setup.sh test
	+@$(AGAIN) -s all
	$(PYTHON) scripts/analysis/ablation.py $(BINARY) configs/vancouver.yaml $(ABLATION) \
	 docs/ablation.md

clock:
	@sh scripts/setup.sh test
	+@$(AGAIN) -s all
	$(PYTHON) scripts/analysis/clock.py $(BINARY) configs/vancouver.yaml $(CLOCK) docs/clock.md

scenarios:
	@sh scripts/setup.sh test
	+@$(AGAIN) -s all
	$(PYTHON) scripts/analysis/scenarios.py $(BINARY) $(SCENARIO_REPLICATES) out/scenarios \
	 scripts/analysis/scenario_notes.txt docs/scenarios.md

# Pictures of the guide: two pages and their figures, at a scale and a number of replicates.
PICTURES := 1 8
KEPT     := deaths_by_month averted_by_month map_of_areas cost_effectiveness_plane

pictures:
	@sh scripts/setup.sh test
	+@$(AGAIN) -s all
	@mkdir -p out docs/pictures
	@set -- $(PICTURES); for name in vancouver scenarios/kits_doubled; do \
	 $(BINARY) run configs/$$name.yaml --set population.scale=$$1 --replicates $$2 --quiet --force \
	  --output out/picture_$$(basename $$name).h5 >/dev/null || exit 1; done
	$(BINARY) report out/picture_vancouver.h5 out/picture_kits_doubled.h5 --figures out/figures --force \
	 --output out/report.html
	@for name in $(KEPT); do cp out/figures/$$name.svg docs/pictures/ || exit 1; done

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(LIBRARY) $(DESTDIR)$(PREFIX)/lib/
	install -m 644 include/allostat.h $(DESTDIR)$(PREFIX)/include/
	install -d $(DESTDIR)$(PREFIX)/share/allostat
	cp -R configs $(DESTDIR)$(PREFIX)/share/allostat/

cleanroom:
	sh scripts/cleanroom.sh

clean:
	rm -rf build

help:
	@echo "make run        install what is missing, build, simulate Vancouver into out/"
	@echo "make test       install what is missing, build, run all tests and the style check"
	@echo "make            build $(BINARY) and $(LIBRARY)"
	@echo "make test-long  make test, then clang, every sanitizer and the long system tests"
	@echo "make bench      how fast this machine runs a city; make bench-report: hot loops"
	@echo "make test-aarch64  build for aarch64, run it with qemu, compare the bytes"
	@echo "make style      the rules of CONTRIBUTING.md that a machine can check"
	@echo "make docs       write docs/parameters.md again"
	@echo "make emergent   write the table of docs/emergent.md again (minutes)"
	@echo "make ablation   write the table of docs/ablation.md again (an hour)"
	@echo "make clock      write the table of docs/clock.md again"
	@echo "make scenarios  write docs/scenarios.md again (an hour)"
	@echo "make pictures   write the pictures of the guide again (some minutes)"
	@echo "make install    into PREFIX ($(PREFIX)), below DESTDIR"
	@echo "make cleanroom  make run and make test in a fresh Debian 12 (root, some minutes)"
	@echo "make clean      remove build/"
	@echo "VARIANT=release|debug|sanitize, CC=gcc|clang"

FORCE:
.PHONY: all programs programs-sanitize packages run test test-long check check-unit \
        check-sanitize check-statistical check-system check-long check-style-check style bench \
        bench-report test-aarch64 docs pictures emergent ablation clock scenarios install cleanroom clean help FORCE
