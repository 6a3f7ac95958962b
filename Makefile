# coreview: build, try, test and install on Debian 12 with Swift.

PREFIX  ?= /usr/local
DESTDIR ?=
SWIFT   ?= swift
# Exclusive access is checked at compile time and in debug builds; the run-time check costs 5 % of a long backtrace.
# coreview has one thread, so reference counts need no locks. Without --disable-local-rpath the loader would look for libelf and
# libdw beside the program first, where somebody may have put others.
RELEASE  = -c release --static-swift-stdlib --disable-local-rpath -Xswiftc -enforce-exclusivity=unchecked \
           -Xswiftc -Xfrontend -Xswiftc -assume-single-threaded \
           -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs -Xlinker -L$(CURDIR)/$(ARCHIVES)
# Half of a small core's time is the start of the program: 45,000 relocations are packed (DT_RELR, glibc 2.36), and libstdc++,
# which Swift's runtime needs, is linked in, where it is found as an archive.
ARCHIVES = .build/archives
SUDO    := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

BUILD_PACKAGES = libsqlite3-dev libelf-dev libdw-dev libiberty-dev libdeflate0 libcapstone-dev libzstd-dev liblz4-dev liblzma-dev \
                 zlib1g-dev libbz2-dev pkg-config
TEST_PACKAGES  = gdb elfutils gcc g++ gcc-multilib binutils libc6-dbg liburing-dev xz-utils zstd lz4 bzip2 python3 \
                 python3-jsonschema chromium clang-14 llvm-14 dwz debuginfod strace golang-go libcapstone4

all: build

# Installs what is missing, and asks the package system for nothing when nothing is.
define install-missing
	@missing=; for p in $(1); do \
	  dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; fi
endef

deps:
	$(call install-missing,$(BUILD_PACKAGES))

test-deps: deps
	$(call install-missing,$(TEST_PACKAGES) $(if $(shell command -v rustc),,rustc))

build:
	@mkdir -p $(ARCHIVES); archive=$$(clang++ -print-file-name=libstdc++.a 2>/dev/null || g++ -print-file-name=libstdc++.a); \
	case $$archive in /*) ln -sf "$$archive" $(ARCHIVES)/;; esac
	$(SWIFT) build $(RELEASE) --product coreview
	$(SWIFT) build $(RELEASE) --product coreview-batch

demo: deps
	$(call install-missing,xz-utils)
	$(MAKE) build
	@dir=$$(mktemp -d) && samples/unpack $$dir io_uring-cp-forever && cd $$dir && \
	  echo '$$ coreview io_uring-cp-forever io_uring-cp-forever.core' && \
	  "$(CURDIR)/.build/release/coreview" io_uring-cp-forever io_uring-cp-forever.core; status=$$?; rm -rf $$dir; exit $$status

# COREVIEW_CORPUS=DIR keeps the corpus elsewhere; it is made once and kept under .build/corpus otherwise.
test: test-deps
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

# Damaged files by the thousand, files that are absurd on purpose, then libFuzzer's targets: each for SECONDS.
SECONDS ?= 60
fuzz: test-deps build
	Tests/Fuzz/all .build/release/coreview $(SECONDS) $(SEED)
SEED ?= 1

# The array script of docs/batch.md under Debian's slurmctld and slurmd, on loopback, with a configuration of its own.
CLUSTER_PACKAGES = gcc python3 munge slurmctld slurmd slurm-client

test-cluster: deps
	$(call install-missing,$(CLUSTER_PACKAGES))
	$(SWIFT) build --product coreview
	$(SWIFT) build --product coreview-batch
	Tests/Cluster/run

bench: deps
	Benchmarks/run --write docs/performance.md

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 .build/release/coreview $(DESTDIR)$(PREFIX)/bin/coreview
	install -m 755 .build/release/coreview-batch $(DESTDIR)$(PREFIX)/bin/coreview-batch
	install -m 644 docs/coreview.1 $(DESTDIR)$(PREFIX)/share/man/man1/coreview.1

fmt:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

clean:
	rm -rf .build

.PHONY: all deps test-deps build demo test test-cluster fuzz bench install fmt clean
