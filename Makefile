# Two commands on a fresh machine, each doing its own set-up: `make call` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Of `make bench`. For a quick look: make bench COUNT=30 AGAINST= ARGS="--page var/bench/quick.md"
COUNT ?= 1000
AGAINST ?= rapidocr,tesseract
# Calls that are kept to listen to, in var/bench/calls.
CALLS := ko-a-first-call-by-voice ko-the-caller-rings-and-waits ko-a-number-keyed-straight-away \
	en-a-wrong-digit-put-right-by-its-place en-korean-from-here-on

.PHONY: call run test check bench learning fuzz model lines-model finder-model patches-model prints-model lock clean

call: .venv/serving  ## one whole call, by voice; make call ARGS=--keys by keypad
	$(BIN)/sonsori call $(ARGS)

run: .venv/serving  ## every process of the Procfile, and the dev phone's page
	$(BIN)/sonsori up --devphone $(ARGS)

test: .venv/everything  ## the whole suite; no network once installed
	$(BIN)/python -m pytest $(ARGS)

check: .venv/everything  ## style, types, import arrows, documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/docs

bench: .venv/everything  ## docs/benchmarks.md; PHOTOS=DIR COUNT=1000 AGAINST=rapidocr,tesseract
	$(BIN)/python -m training.synthetic_set var/data/synthetic --count $(COUNT)
	$(BIN)/sonsori bench all --synthetic var/data/synthetic $(if $(PHOTOS),--photos $(PHOTOS)) \
		$(if $(AGAINST),--against $(AGAINST)) $(ARGS)
	$(BIN)/sonsori bench dialogs $(CALLS:%=tests/dialogs/%.toml)

learning: .venv/everything  ## does it learn? PHOTOS=DIR; goes on where it was broken off
	$(BIN)/sonsori bench learning $(if $(PHOTOS),--photos $(PHOTOS)) --page docs/benchmarks.md \
		$(ARGS)

fuzz: .venv/everything  ## damaged files and hostile pages: make fuzz MINUTES=10
	$(INSTALL) atheris==3.0.0
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.fuzz.fuzz_photo --minutes $(or $(MINUTES),10)

model: .venv/everything  ## the digit reader that ships in vision/bundle
	$(BIN)/python -m training.build

lines-model: .venv/everything  ## the line reader that ships in vision/bundle (hours)
	$(BIN)/python -m training.build_lines $(ARGS)

finder-model: .venv/everything  ## what tells digits from other ink (hours)
	$(BIN)/python -m training.build_finder $(ARGS)

lock: .venv/everything  ## every version anew, for all platforms, without index addresses
	$(INSTALL) uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
		--all-extras --upgrade pyproject.toml --output-file constraints.txt

patches-model: .venv/everything  ## the third reader, which names digits as they stand on the page
	$(BIN)/python -m training.build_patches $(ARGS)

prints-model: .venv/everything  ## what tells print from handwriting
	$(BIN)/python -m training.build_prints $(ARGS)

clean:  ## what the commands made, the virtual environment included
	rm -rf .venv var build *.egg-info

# The stamps name the locked set, so a changed lock installs again and an unchanged one costs nothing.
.venv/serving: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) --editable .
	touch $@

.venv/everything: .venv/serving
	$(INSTALL) --editable '.[training,bench,peers,test]'
	touch $@
