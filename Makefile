# SPDX-License-Identifier: GPL-2.0
#
# The part for people; kbuild's own is in Kbuild. Each target is a script in
# selftests/qemu, which takes its settings from the environment.

export KERNEL MEM CPUS NODES DIMM SCRIPT FILES APPEND QEMU_ARGS TIMEOUT MODULES OUT ACCEL
export TESTS

Q := selftests/qemu

help:
	@echo 'make demo                    three OOMs in a VM, and what oomx says of them'
	@echo 'make check                   every test (kunit, selftests, the tool on the host)'
	@echo 'make check KERNEL=7.2         what selftests/kernels lists for that kernel'
	@echo 'make check-all               every test on every kernel (hours, the first time)'
	@echo 'make check-selection         300 OOMs among random families of processes'
	@echo 'make storm [SCALE=20]         500 OOM kills times SCALE, as fast as they come'
	@echo 'make race [ROUNDS=500]        load and unload it while all else goes on'
	@echo 'make soak [MINUTES=60]        OOMs of all kinds, at random, with readers'
	@echo 'make bench [SIZES=10,1000]   what an OOM costs with oomx and without, in instructions'
	@echo 'make bench-peer              the same beside bpftrace and its oomkill.bt'
	@echo 'make bench-bound             how long a record takes at most, with interrupts off on arm64'
	@echo 'make bench-cpus              is it as punctual on 16 CPUs as on one?'
	@echo 'make faults                  each allocation of loading and of reading fails once'
	@echo 'make fuzz [SECONDS=600]      fuzz the record checker, the printers and the import of logs'
	@echo 'make tools                   the tool, tools/oomx/oomx'
	@echo 'make kunit                   the KUnit tests, on a kernel built for them'
	@echo 'make selftests [KERNEL=6.1] [TESTS="test_memcg.sh ..."]'
	@echo '                             the tests that make real OOMs'
	@echo 'make lint                    checkpatch, sparse, compilers, shellcheck'
	@echo 'make modules [KERNEL=6.1]    build oomx.ko for a kernel of selftests/kernels'
	@echo 'make modules KDIR=/lib/modules/$$(uname -r)/build'
	@echo '                             build it for a kernel of yours'
	@echo 'make vm SCRIPT=path [KERNEL=6.1] [MEM=512] [CPUS=2] [NODES=1] [DIMM=]'
	@echo '        [FILES="a b"] [APPEND="..."] [QEMU_ARGS="..."] [TIMEOUT=600]'
	@echo '        [MODULES="zram ..."] [OUT=dir] [ACCEL=tcg]'
	@echo '                             run a script in a VM with /oomx.ko at hand'
	@echo 'make bare                    "make demo" in a bare Debian 12 (root, slow)'
	@echo 'make clean                   forget what was built here (not the cache)'

modules:
	@$(Q)/modules.sh $(if $(KDIR),'KDIR=$(KDIR)','$(KERNEL)')

demo:
	@SCRIPT=selftests/demo.sh $(Q)/vm.sh

vm:
	@$(Q)/vm.sh

# one kernel alone when it is asked for; else the default one, and a look at the others
check:
	@$(Q)/check.sh $(if $(KERNEL),kernel_tests,everything)

check-all:
	@$(Q)/check.sh matrix tool

kunit selftests:
	@$(Q)/check.sh $@

check-selection:
	@APPEND='SCALE=15 SEED=$(or $(SEED),5000)' TIMEOUT=3600 TESTS=test_selection.sh \
		$(Q)/check.sh selftests
	@grep '^#' .build/logs/test_selection/stdout

# 10,000 kills; a twentieth of it is in "make check"
storm:
	@APPEND='SCALE=$(or $(SCALE),20)' TESTS=test_storm.sh $(Q)/check.sh selftests; \
		status=$$?; sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/test_storm/stdout; exit $$status

# what a test of its own says, and its verdict: "make check" has a short form of both
race:
	@APPEND='ROUNDS=$(or $(ROUNDS),500)' TESTS=test_race.sh $(Q)/check.sh selftests; \
		status=$$?; sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/test_race/stdout; exit $$status

soak:
	@APPEND="SOAK=$$(($(or $(MINUTES),60) * 60)) SEED=$(or $(SEED),1)" TESTS=test_soak.sh \
		$(Q)/check.sh selftests; \
		status=$$?; sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/test_soak/stdout; exit $$status

# the instructions of an OOM; those of a capture by its sections, in a module of its own; and
# what it costs while there is none
bench:
	@APPEND='$(if $(SIZES),SIZES=$(SIZES))' KERNEL=6.1 TESTS=bench.sh $(Q)/check.sh selftests
	@sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/bench/stdout
	@OOMX_MARKS=y KERNEL=6.1 TESTS=bench.sh $(Q)/check.sh selftests
	@sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/bench/stdout
	@APPEND='ROUNDS=1000' KERNEL=6.1 TESTS=bench_load.sh $(Q)/check.sh selftests
	@sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/bench_load/stdout

# kprobes of arm64 mask interrupts
bench-bound:
	@APPEND='HOOK=kprobe $(if $(N),N=$(N))' KERNEL=$(or $(KERNEL),6.12-arm64) TESTS=bench_bound.sh \
		$(Q)/check.sh selftests
	@sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/bench_bound/stdout

bench-cpus:
	@KERNEL=$(or $(KERNEL),7.2) TESTS=bench_cpus.sh $(Q)/check.sh selftests
	@sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/bench_cpus/stdout

bench-peer:
	@FILES=$$($(Q)/fetch.sh tree amd64 bpftrace) KERNEL=6.1 TESTS=bench_peer.sh \
		$(Q)/check.sh selftests
	@sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/bench_peer/stdout

# each allocation of loading and of reading fails once
faults:
	@KERNEL=6.1-faults TESTS=inject.sh $(Q)/check.sh selftests; \
		status=$$?; sed -n '/^# [0-9]* s$$/d; s/^# //p' .build/logs/inject/stdout; exit $$status

tools:
	@$(Q)/tool.sh

fuzz:
	@tools/fuzz/run.sh records $(or $(SECONDS),600)
	@tools/fuzz/run.sh import $(or $(SECONDS),600)

lint:
	@$(Q)/lint.sh

bare:
	@$(Q)/bare.sh

clean:
	rm -rf .build tools/oomx/oomx

.PHONY: help modules demo vm check check-all check-selection storm race soak bench bench-bound bench-cpus bench-peer faults \
	tools fuzz kunit selftests lint bare clean
