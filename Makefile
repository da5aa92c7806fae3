# Everything here needs Go, git and make; only "make race" and "make bench-peers"
# need a C compiler too. "make help" lists the targets.

.DEFAULT_GOAL := build

# One target after another: they share the processors, and "make generate"
# writes what "make lint" reads.
.NOTPARALLEL:

# The binaries are built without cgo, so tests and linters work on the same
# code, and find it in the build cache.
export CGO_ENABLED := 0

# The nearest tag and commit, or "dev" where git or its history is missing.
ifndef VERSION
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
endif

# -s -w leaves out the debugger's tables; stack traces and profiles stay whole.
LDFLAGS := -s -w -X github.com/auralink/auralink/internal/version.version=$(VERSION)

# The version above says more than Go's own stamp, which moreover fails the
# build in a checkout that belongs to another user.
BUILDFLAGS := -trimpath -buildvcs=false -ldflags '$(LDFLAGS)'

# What can be set on the command line: make fuzz FUZZTIME=5m.
FUZZTIME  ?= 30s
OCTETS    ?= 16000000
BENCH     ?= .
BENCHTIME ?= 1s
COUNT     ?= 1
ARGS      ?=
MUTATIONS ?= 3000
PUSHES    ?= 1000
SOAK      ?= 10m
VULNDB    ?=
CHART     ?= bin/bench-peers.svg
BARE      ?=

TOOLS := bin/tools

# Tests that need what no one else does, such as the SDKs of clouds, have modules
# of their own: whoever compiles the plugin into a CoreDNS takes go.mod along. So has
# what builds packages.
MODULES := test/exports test/aura test/kubernetes test/fleet tools/release

##@ Product

.PHONY: build
build: ## Build bin/coredns and bin/auralink
	go build $(BUILDFLAGS) -o bin/ ./cmd/coredns ./cmd/auralink

# The platforms of bin/auralink-*: only Linux's are run by tests.
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: binaries
binaries: ## Build bin/auralink-* for Linux, macOS and Windows, amd64 and arm64
	@set -e; for platform in $(PLATFORMS); do \
	  os=$${platform%/*} arch=$${platform#*/} end=; test "$$os" != windows || end=.exe; \
	  echo "go build -o bin/auralink-$$os-$$arch$$end ./cmd/auralink"; \
	  GOOS=$$os GOARCH=$$arch go build $(BUILDFLAGS) -o bin/auralink-$$os-$$arch$$end ./cmd/auralink; done

.PHONY: man
man: build ## Write the manual pages into bin/man/man1 (man -M bin/man auralink)
	bin/auralink man bin/man/man1

.PHONY: run
run: build ## Serve the example topology on 127.0.0.1:1053, with the queries to try
	@printf '%s\n' \
	  'Try, from another terminal:' \
	  '' \
	  '  # a database of each region' \
	  '  dig @127.0.0.1 -p 1053 abcd1234.production-orch-0000.neo4j.io A +short' \
	  '  dig @127.0.0.1 -p 1053 abcd1234.production-orch-0042.neo4j.io A +short' \
	  '  # a custom endpoint, and one of its four further names' \
	  '  dig @127.0.0.1 -p 1053 my-endpoint-abcdef-123456.endpoints.neo4j.io A +short' \
	  '  dig @127.0.0.1 -p 1053 a-my-endpoint-abcdef-123456.endpoints.neo4j.io A +short' \
	  '  # one that lives in the other region' \
	  '  dig @127.0.0.1 -p 1053 my-other-endpoint-ghijkl-789012.endpoints.neo4j.io A +short' \
	  '  # one that nobody declared: NXDOMAIN, not some region'\''s address' \
	  '  dig @127.0.0.1 -p 1053 not-declared.endpoints.neo4j.io A' \
	  '  # no IPv6 address: NODATA, so that no public one leaks in' \
	  '  dig @127.0.0.1 -p 1053 abcd1234.production-orch-0000.neo4j.io AAAA' \
	  ''
	bin/coredns -conf Corefile.example

.PHONY: lab
lab: build ## Two regions, a VPC, a VPN and an Internet on this machine, and a shell in it (root; ARGS=-delay=20ms)
	cd test/aura && go build $(BUILDFLAGS) -o ../../bin/ ./cmd/lab
	bin/lab $(ARGS)

.PHONY: lab-readme
lab-readme: ## Run what the lab tells to try, and put it into README.md (root)
	@$(MAKE) --no-print-directory lab ARGS='-readme README.md'

.PHONY: clean
clean: ## Remove what make built, the tools included
	rm -rf bin

##@ Tests

.PHONY: test
test: build ## Build, vet, and run every test
	go vet ./...
	go test -timeout 20m ./...
	@set -e; for module in $(MODULES); do \
	  echo "go vet ./... && go test -timeout 20m ./... in $$module"; \
	  (cd $$module && go vet ./... && go test -timeout 20m ./...); done

.PHONY: test-short
test-short: ## Run the tests that ask no servers and do not wait, in a minute
	go test -short -timeout 5m ./...

.PHONY: test-full
test-full: ## Test the CoreDNS build with all standard plugins (minutes, the first time)
	go test -tags full -timeout 20m ./cmd/coredns
	go test -tags full -timeout 20m -run '^Test(Starts|Slips|Readmes)$$' ./test/records

.PHONY: test-foreign
test-foreign: ## Test that the plugin builds into a plain CoreDNS, and what comes with it (minutes, the first time)
	go test -timeout 20m ./test/foreign -build -v

.PHONY: lab-test
lab-test: build ## Run the lab's tests with those that take minutes (root)
	cd test/aura && AURALINK_LAB_LONG=1 go test -timeout 60m -count 1 -v .

.PHONY: race
race: export CGO_ENABLED := 1
race: ## Run the tests of internal/ and plugin/ with the race detector (needs a C compiler)
	go test -race -timeout 30m ./internal/... ./plugin/...

# A fuzz run takes one target of one package. go test lists the targets of a
# package before its "ok" line; the last command stops at the first that fails.
.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME each (30s)
	@list=$$(go test -list '^Fuzz' ./...) && printf '%s\n' "$$list" | \
	awk '/^Fuzz/ { name[n++] = $$1 } /^ok/ { for (i = 0; i < n; i++) print $$2, name[i]; n = 0 }' | \
	while read -r package target; do \
	  echo "fuzz: $$package $$target for $(FUZZTIME)"; \
	  go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$package" </dev/null || exit; \
	done

.PHONY: bombs
bombs: ## Measure the memory that hostile topologies of OCTETS take, and the densest valid ones (minutes)
	go test -timeout 60m -run '^TestPeak$$' -v ./internal/topology -octets $(OCTETS)

.PHONY: mutations
mutations: ## Spoil MUTATIONS exports (3000) in each way, and hold that audit and diff report each exactly
	go test -timeout 60m -v ./test/mutations -mutations $(MUTATIONS)

.PHONY: torture
torture: ## Write topologies in all ways, paused and killed at every line, on three file systems (minutes; overlay needs root)
	AURALINK_LONG=1 go test -timeout 60m ./test/writers ./internal/follow

.PHONY: fleet
fleet: ## A fleet on etcd, of which nodes, links, disks, clocks, writers and servers fail, with PUSHES (1000; 0 for the bounded form); prints the tables of docs/scale.md (root; half an hour)
	cd test/fleet && AURALINK_LONG=$(PUSHES) go test -timeout 90m -count 1 -v -run 'TestFleet$$|TestLarge' .

.PHONY: soak
soak: ## Two servers, clients, chaos and hostile clients for SOAK (10m), with what became of each question (root)
	go test -timeout 24h -count 1 -run '^TestSoak$$' -v ./test/soak -soak $(SOAK)

##@ Release

.PHONY: release
release: ## Build archives, packages, SBOMs and checksums for all platforms in dist/ (ARGS='-targets linux-amd64' for some; minutes)
	rm -rf dist
	cd tools/release && go run . -out ../../dist -version '$(VERSION)' $(ARGS)

# The second build has a build cache of its own: what paths leave behind would
# come from the first one's.
.PHONY: reproducible
reproducible: ## Check that linux-amd64 comes out the same in two directories, of what is committed (minutes)
	@set -e; git diff --quiet HEAD || { echo 'reproducible: commit first: what is not committed is in one of the two only' >&2; exit 1; }; \
	other=$$(mktemp -d); trap 'chmod -R u+w "$$other"; rm -rf "$$other"' EXIT; \
	$(MAKE) --no-print-directory release ARGS='-targets linux-amd64'; \
	git clone -q . "$$other/elsewhere"; \
	cd "$$other/elsewhere/tools/release" && go run . -out ../../dist -version '$(VERSION)' -targets linux-amd64 -cache "$$other/cache"; \
	diff '$(CURDIR)/dist/SHA256SUMS' ../../dist/SHA256SUMS; \
	echo "the same: $$(wc -l <../../dist/SHA256SUMS) files"

.PHONY: package-test
package-test: ## Install, reload, upgrade and purge the deb package on a bare Debian that is booted (root, debootstrap, systemd-container, a network)
	$(MAKE) --no-print-directory release ARGS='-targets linux-amd64'
	rm -rf bin/newer
	cd tools/release && go run . -out ../../bin/newer -version v999.0.0 -targets linux-amd64
	test/deploy/package.sh dist/*.deb bin/newer/*.deb $(BARE)

# The image holds what is here: the programs, and an empty place for configuration and
# state. Docker builds it as well: docker build -t auralink dist/image
IMAGE_ARCH ?= $(shell go env GOARCH)

.PHONY: image-context
image-context:
	rm -rf dist/image
	mkdir -p dist/image/rootfs/usr/bin dist/image/rootfs/etc/auralink dist/image/rootfs/var/lib/auralink
	GOOS=linux GOARCH=$(IMAGE_ARCH) go build $(BUILDFLAGS) -o dist/image/rootfs/usr/bin/auralink-coredns ./cmd/coredns
	GOOS=linux GOARCH=$(IMAGE_ARCH) go build $(BUILDFLAGS) -o dist/image/rootfs/usr/bin/auralink ./cmd/auralink
	cp deploy/container/Dockerfile dist/image/
	cp deploy/package/Corefile topology.example.yaml topology.pair.example.yaml Corefile.vpn.example Corefile.pair.example dist/image/rootfs/etc/auralink/
	cp deploy/container/passwd dist/image/rootfs/etc/

# The times of all files are that of the commit: the same commit is the same image.
.PHONY: image
image: image-context ## Build dist/auralink-image-*.tar for containers, without root and without a daemon (buildah)
	rm -f dist/auralink-image-$(IMAGE_ARCH).tar
	STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot buildah build --quiet --platform linux/$(IMAGE_ARCH) --timestamp $$(git log -1 --format=%ct) \
	  --label org.opencontainers.image.version='$(VERSION)' -t auralink:$(IMAGE_ARCH) dist/image
	STORAGE_DRIVER=vfs buildah push --quiet auralink:$(IMAGE_ARCH) oci-archive:dist/auralink-image-$(IMAGE_ARCH).tar:auralink:latest
	@ls -l dist/auralink-image-$(IMAGE_ARCH).tar

.PHONY: image-test
image-test: image ## Run the image as its user, without capabilities and with a root that is read-only (root, crun)
	test/deploy/image.sh oci-archive:dist/auralink-image-$(IMAGE_ARCH).tar

# Never part of the two commands, nor of CI.
.PHONY: kubernetes-test
kubernetes-test: ## Apply deploy/kubernetes to a real kube-apiserver, which is built first (eight minutes of processor time, 3 GB)
	cd test/apiserver && nice go build -o ../../bin/kubernetes/ tool
	cd test/apiserver && go vet . && go test -timeout 30m -count 1 -v .

##@ Speed

.PHONY: bench
bench: ## Run the benchmarks of internal/ and zones/ (BENCH, BENCHTIME and COUNT choose which and how often)
	go test -run '^$$' -bench '$(BENCH)' -benchmem -benchtime $(BENCHTIME) -count $(COUNT) -timeout 60m ./internal/... ./zones/...

.PHONY: benchstat
benchstat: $(TOOLS)/benchstat ## Compare two saved runs: make benchstat OLD=bench-old.txt NEW=bench-new.txt
	$(TOOLS)/benchstat $(OLD) $(NEW)

.PHONY: bench-server
bench-server: build ## Measure the built server against the plugins of CoreDNS (ARGS go to test/benchserver)
	go run ./test/benchserver $(ARGS)

.PHONY: bench-peers
bench-peers: build ## Measure it against NSD, Knot, gdnsd, Unbound and others, with a chart in CHART (needs cc; -alone needs root)
	go run ./test/benchserver -field peers -chart '$(CHART)' $(if $(filter 0,$(shell id -u)),-alone) $(ARGS)

.PHONY: bench-logs
bench-logs: build ## Measure what a log of queries costs: CoreDNS's log and dnstap (ARGS go to test/benchserver)
	go run ./test/benchserver -field logs $(ARGS)

.PHONY: bench-export
bench-export: build ## Measure the export of 1,000,000 custom endpoints (ARGS go to test/benchexport)
	go run ./test/benchexport $(ARGS)

.PHONY: bench-transfer
bench-transfer: build ## Measure the transfer of a zone of 1,000,000 custom endpoints beside Knot's (ARGS go to test/benchtransfer)
	go run ./test/benchtransfer $(ARGS)

##@ Checks

.PHONY: lint
lint: lint-code lint-portable lint-modules lint-generated lint-vulnerabilities ## Run every check that is not a test

.PHONY: lint-code
lint-code: $(TOOLS)/golangci-lint ## Check the Go code as .golangci.yml says
	$(TOOLS)/golangci-lint run ./...
	@set -e; for module in $(MODULES); do \
	  echo "golangci-lint run ./... in $$module"; \
	  (cd $$module && $(CURDIR)/$(TOOLS)/golangci-lint run ./...); done

# Compiles all of it, tests included, for a system where the fast path and the
# benchmarks are not, and others of the system calls.
.PHONY: lint-portable
lint-portable: ## Check that it compiles on macOS
	GOOS=darwin go vet ./...
	@set -e; for module in $(MODULES); do \
	  echo "GOOS=darwin go vet ./... in $$module"; \
	  (cd $$module && GOOS=darwin go vet ./...); done

.PHONY: fmt
fmt: $(TOOLS)/golangci-lint ## Format the Go code as "make lint" wants it
	$(TOOLS)/golangci-lint fmt ./... $(MODULES)

.PHONY: lint-modules
lint-modules: ## Check that all go.mod files are tidy
	@set -e; for module in . tools $(MODULES); do \
	  echo "go mod tidy -diff in $$module"; \
	  (cd $$module && go mod tidy -diff); done

.PHONY: generate
generate: ## Write the generated files anew
	go generate ./...

# Two snapshots of the working tree, in an index of their own, so that work
# that is not committed yet neither fails the check nor is touched by it.
.PHONY: lint-generated
lint-generated: ## Check that generated files are up to date
	@set -e; index=$$(mktemp); trap 'rm -f "$$index"' EXIT; \
	snapshot() { rm -f "$$index"; GIT_INDEX_FILE=$$index git add -A .; GIT_INDEX_FILE=$$index git write-tree; }; \
	before=$$(snapshot); \
	echo 'go generate ./...'; go generate ./...; \
	after=$$(snapshot); \
	git --no-pager diff --exit-code "$$before" "$$after" || { \
	  echo 'lint: generated files were out of date: commit what "make generate" has just written' >&2; exit 1; }

# govulncheck ends with 3 when it has found something. Its database comes over
# the network; where that cannot be reached there is nothing to judge by, which
# is not a fault of the code. VULNDB names another copy (an http(s) or file URL).
.PHONY: lint-vulnerabilities
lint-vulnerabilities: $(TOOLS)/govulncheck ## Check for known vulnerabilities, where their database can be had
	@status=0; out=$$($(TOOLS)/govulncheck $(if $(VULNDB),-db '$(VULNDB)') ./... 2>&1) || status=$$?; \
	case $$status:$$out in \
	  0:*) printf '%s\n' "$$out" ;; \
	  [!3]*:*'fetching vulnerabilities: '*) \
	    printf 'govulncheck skipped: %s\n' "$${out##*fetching vulnerabilities: }" ;; \
	  *) printf '%s\n' "$$out" >&2; exit $$status ;; \
	esac

##@ Tools

.PHONY: tools
tools: $(TOOLS)/golangci-lint $(TOOLS)/govulncheck $(TOOLS)/benchstat ## Build the tools that tools/go.mod names

package/golangci-lint := github.com/golangci/golangci-lint/v2/cmd/golangci-lint
package/govulncheck   := golang.org/x/vuln/cmd/govulncheck
package/benchstat     := golang.org/x/perf/cmd/benchstat

# Always handed to go build, which knows better than make whether a tool is up
# to date: after a change of Go itself, too, without which a linter that an
# older Go built would refuse the new one.
.PHONY: FORCE
$(TOOLS)/%: FORCE
	@test -e $@ || echo 'building $@ (golangci-lint takes minutes)'
	@cd tools && go build -trimpath -buildvcs=false -o ../$@ $(package/$*)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' \
	  '/^##@ / { printf "\n%s\n", substr($$0, 5) } \
	   /^[a-z-]+:.*## / { printf "  %-22s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
