# Everything a contributor runs. `make help` lists it.

GO       ?= go
FUZZTIME ?= 10s

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets of this Makefile
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build the command into bin/gwbench
	$(GO) build -o bin/gwbench ./cmd/gwbench

# A server that is missing fails the tests that need it; in a plain go test it
# skips them.
test: export GWBENCH_REQUIRE_SERVERS = 1

# One after the other also under make -j: what is measured beside tests is worth
# nothing.
.NOTPARALLEL:

.PHONY: test
test: servers vet race fuzz gate ## Everything that has to pass: vet, tests with the race detector, fuzz targets, speed

.PHONY: servers
servers: ## Install the real servers that the tests talk to (Debian packages)
	scripts/install-servers

.PHONY: vet
vet: ## Check formatting, go.mod and the usual mistakes
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w: $$unformatted"; exit 1; fi
	$(GO) mod tidy -diff
	$(GO) vet ./...

.PHONY: race
race: ## Run all tests with the race detector
	$(GO) test -race -timeout 20m ./...

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (10s)
	scripts/fuzz $(FUZZTIME)

# Machines of jobs and that of the baseline differ, so the threshold is wide, and
# what a connection costs, which differs most, cancels out: each case is divided
# by HTTP in its own connection mode. A run that a busy machine makes inconclusive
# passes.
.PHONY: gate
gate: build ## Measure scenarios/ci.yaml, and compare it with the baseline in results/baselines/
	rm -rf bin/gate
	bin/gwbench run scenarios/ci.yaml --out bin/gate
	bin/gwbench compare ci bin/gate --metrics capacity --threshold 25% --only per-request --reference connection=per-request
	bin/gwbench compare ci bin/gate --metrics capacity --threshold 25% --only keep-alive

.PHONY: baseline
baseline: build ## Replace the baseline of make gate by a new run
	rm -rf bin/gate
	bin/gwbench run scenarios/ci.yaml --out bin/gate
	bin/gwbench baseline save --replace ci bin/gate

.PHONY: bench
bench: ## Compare codecs, Transport, server and generator with their peers (benchmarks/)
	cd benchmarks && $(GO) test -run '^$$' -bench 'Codec|Transport$$' -benchmem .
	cd benchmarks && $(GO) test -run '^$$' -bench 'Against|Server|Generator' -benchtime 12x -timeout 30m .

.PHONY: lint
lint: ## staticcheck and gofumpt, at the versions of tools/go.mod, benchmarks/ included
	cd tools && $(GO) build -o ../bin/ honnef.co/go/tools/cmd/staticcheck mvdan.cc/gofumpt
	bin/staticcheck ./...
	cd benchmarks && ../bin/staticcheck ./...
	@unformatted=$$(bin/gofumpt -l .); if [ -n "$$unformatted" ]; then echo "not formatted, run gofumpt -w: $$unformatted"; exit 1; fi

# Relative to this folder, as go test runs in the package's.
SCREENSHOTS ?= bin/screenshots

.PHONY: screenshots
screenshots: ## Write pictures of reports in a browser into SCREENSHOTS (bin/screenshots)
	GWBENCH_SCREENSHOTS=$(abspath $(SCREENSHOTS)) $(GO) test -count=1 -run TestScreenshots ./internal/page

.PHONY: clean
clean: ## Remove what the other targets built
	rm -rf bin
