# Everything is run from here; `make` alone lists the targets.
# A target that needs the tools sets up .venv by itself, once: the stamp's name holds a checksum of what was installed.

VENV := .venv
BIN := $(VENV)/bin
LOCKS := tools/locks/host.lock tools/locks/c6.lock tools/locks/h2.lock tools/locks/nrf.lock
# The place belongs to the key: an environment that was moved with its folder does not work.
KEY := $(shell { pwd; cat $(LOCKS); } | cksum | cut -d ' ' -f 1)
STAMP := $(VENV)/.set-up-$(KEY)

# labgrid and pyserial cannot live in one environment: both bring the module serial.
LABGRID := .venv-labgrid
LABGRID_STAMP := $(LABGRID)/.set-up-$(shell { pwd; cat tools/locks/labgrid.lock; } | cksum | cut -d ' ' -f 1)

# Processors of the boards, the simulator's own among them; boards, and the stubs that each is checked against with the
# firmware. What the simulator has instead of a board is checked with the stubs that differ most.
MARCHES := x64 armv7emsp rv32imc
BOARDS := esp32_c6 esp32_h2 nrf52840dk virtual
STUBS := esp32_c6@c6 esp32_h2@h2 nrf52840dk@nrf unix@c6 unix@nrf

# A device on a port is asked by one test at a time, several at once; of simulated meters there are two a processor.
TARGET = $(if $(BENCH),--bench="$(BENCH)") $(foreach port,$(PORT),--port="$(port)") \
    $(if $(filter 1,$(words $(PORT))),,-n auto)

## Use
demo: $(STAMP) ## show MP078 before and after on a simulated meter, or on the one at PORT=<tty or URL>
	@$(BIN)/gsme demo $(if $(PORT),--port "$(PORT)")

test: $(STAMP) ## run every test; PORT=<tty or URL, or several> or BENCH=<file> tests those devices, ARGS=... goes to pytest
	@$(BIN)/python -m pytest $(TARGET) $(ARGS)

flash: $(STAMP) ## put MicroPython on a board: BOARD=<name> IMAGE=<file> PORT=<tty>, or SNR=<number>; DRY=1 only says how
	@$(BIN)/gsme flash --board "$(BOARD)" $(if $(PORT),--port "$(PORT)") $(if $(SNR),--serial-number "$(SNR)") \
	    $(if $(IMAGE),--image "$(IMAGE)") $(if $(DRY),--dry-run)

deploy: $(STAMP) ## put the firmware on a board: BOARD=<name> PORT=<tty>; PRODUCTION=1 PROVISION=<file> LINK=<its tty>
	@$(BIN)/gsme deploy --board "$(BOARD)" --port "$(PORT)" $(if $(PRODUCTION),--production) \
	    $(if $(PROVISION),--provision "$(PROVISION)") $(if $(LINK),--link "$(LINK)")

mount: $(STAMP) ## run the firmware on a board without copying it: PORT=<tty>
	@$(BIN)/gsme mount --port "$(PORT)"

breaks: $(STAMP) ## break the firmware on purpose, place by place, and see a test fail each time; ARGS=<names>
	@$(BIN)/python -m host_tests.breaks $(ARGS)

soak: $(STAMP) ## the long runs: power cuts, the model, fuzz, an hour of floods, fifteen years; about ten hours
	@$(BIN)/python -m host_tests.powercut.soak
	@$(BIN)/python -m host_tests.powercut.soak_model
	@$(BIN)/python -m host_tests.fuzz --inputs 10000000 --coverage
	@GSME_FLOOD_S=3600 $(BIN)/python -m pytest -n auto host_tests/test_flood.py
	@$(BIN)/python -m host_tests.life

virtual: $(STAMP) ## run the suite on virtual boards, deployed to as boards are; ARGS=... goes to pytest
	@$(BIN)/python -m host_tests.virtual_board $(ARGS)

farm: $(STAMP) $(LABGRID_STAMP) ## run the files of MP078 on virtual boards through a labgrid farm on this machine
	@GSME_FARM_WHOLE=1 $(BIN)/python -m pytest host_tests/farm $(ARGS)

emulate: $(STAMP) ## run the suite on the instruction set of BOARD=qemu-m4f or qemu-rv32, and count what exchanges cost
	@$(BIN)/python -m host_tests.emulated "$(BOARD)" $(ARGS)

evidence: $(STAMP) ## print what runs with --results=build/evidence/NAME.json, virtual and emulate found, a row a runtime, and the goals
	@$(BIN)/python -m host_tests.evidence build/evidence

bench: $(STAMP) ## measure speed and memory beside other implementations, compare with the table in the repository
	@$(BIN)/python -m host_tests.perf $(ARGS)

report: $(STAMP) ## measure the device at PORT=<tty or URL>, which is reset for it: report.md and report.json
	@$(if $(PORT),,echo "report: name the device: PORT=<tty or URL>" >&2; exit 2)
	@$(BIN)/gsme report "$(PORT)" $(ARGS)

build: $(STAMP) ## compile the firmware to .mpy files: build/bench, and build/production without the bench's open door
	@$(BIN)/gsme build --out build/bench
	@$(BIN)/gsme build --out build/production --production --quiet

## Work on it
check: lint spelling types stubs compile compile-boards boards packages tree ## lint, format, spelling, types, compilation for every processor, boards, packages, rules of the tree
	@echo "check: all passed"

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

spelling: $(STAMP)
	@$(BIN)/codespell

types: $(STAMP)
	@$(BIN)/mypy

stubs: $(addprefix stubs-,$(STUBS))
$(addprefix stubs-,$(STUBS)): stubs-%: $(STAMP)
	@tools/checks/stubs.sh $(BIN)/mypy $(VENV)/typings $(subst @, ,$*)

compile: $(addprefix compile-,$(MARCHES))
$(addprefix compile-,$(MARCHES)): compile-%: $(STAMP)
	@echo "firmware for $*:"
	@$(BIN)/gsme build --out build/$* --march $* --quiet

compile-boards: $(STAMP)
	@for board in $(BOARDS); do \
	    echo "$$board:"; \
	    $(BIN)/gsme build --out build/$$board --board $$board --quiet && \
	    $(BIN)/gsme build --out build/$$board-production --board $$board --production --quiet || exit 1; \
	done

boards: $(STAMP)
	@$(BIN)/python -m gsme_host.board_facts

packages: $(STAMP)
	@$(BIN)/python tools/checks/packages.py

tree: $(STAMP)
	@$(BIN)/python tools/checks/tree.py

lock: ## write the lock files anew from pyproject.toml and tools/locks/*.in (needs uv and the network)
	@tools/locks/lock.sh

## Set-up
setup: $(STAMP) ## make .venv with everything the other targets use; they do it themselves
	@echo "$(VENV) is set up"

$(STAMP):
	@tools/setup.sh $(VENV) $@ host

setup-labgrid: $(LABGRID_STAMP) ## make .venv-labgrid, with which the suite runs on boards elsewhere; the test of it needs it
	@echo "$(LABGRID) is set up"

$(LABGRID_STAMP):
	@tools/setup.sh $(LABGRID) $@ labgrid

clean: ## remove what was built and cached; .venv stays
	@rm -rf build demo.pcap report.md report.json .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov
	@find firmware board host_tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list the targets
	@awk -F ':.*## ' '/^## /{printf "\n%s\n", substr($$0, 4)} \
	  /^[a-z][a-z0-9-]*:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: farm emulate evidence demo test report flash deploy mount breaks soak virtual bench build check lint spelling types stubs compile
.PHONY: compile-boards boards packages tree lock setup setup-labgrid clean help
.PHONY: $(addprefix stubs-,$(STUBS)) $(addprefix compile-,$(MARCHES))
.DEFAULT_GOAL := help
