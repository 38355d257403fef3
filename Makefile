# The same words as ./mingbiao, for those who have make.
.PHONY: demo up test check bench rehearse shots harden lock clean
demo up test check bench rehearse:
	./mingbiao $@ $(ONLY)
shots:
	./mingbiao check --install-only && .venv/bin/python -m scripts.shots
# The tests of attacks, lives and faults, at length: every cell of who may what, every secret at every address as everybody
# (half an hour by itself), many examples, every fault by hand.
harden:
	MATRIX=all LOCK_OUT=1000 SCHEMATHESIS_EXAMPLES=200 MACHINE_EXAMPLES=2000 MACHINE_STEPS=50 ./mingbiao test --sqlite \
	  tests/hardening tests/config/test_stages.py tests/config/test_owners.py tests/config/test_errands.py tests/config/test_schemathesis.py
	HARDEN=1 .venv/bin/python -m pytest -n 0 tests/hardening/test_sockets.py tests/hardening/test_slow.py \
	  tests/hardening/test_doors.py
	.venv/bin/python -m tests.hardening.tools wapiti
	.venv/bin/python -m tests.hardening.tools sqlmap 3600
	.venv/bin/python -m tests.hardening.tools sqlmap 3600 --postgres
	.venv/bin/python -m tests.hardening.mutants
	.venv/bin/python -m tests.hardening.clocks
	LOSS=10 TURNS=100 KBIT=256 .venv/bin/python -m tests.races.test_network
	$(MAKE) crashes
# Kills by hundreds, and the power cut at every sync of the disk (this one needs strace: apt-get install strace).
.PHONY: crashes
crashes:
	SUBMISSIONS=16 .venv/bin/python -m pytest -n 0 tests/hardening/test_power_cut.py
	KILLS=54 CAMPAIGNS=4 .venv/bin/python -m pytest -n 0 tests/hardening/test_kills.py
	KILLS=30 STRIKES=100 .venv/bin/python -m pytest -n 0 tests/hardening/test_kills.py -k in_turn
	KILLS=54 CAMPAIGNS=4 TEST_DATABASE=postgres .venv/bin/python -m pytest -n 0 tests/hardening/test_kills.py
lock:
	.venv/bin/uv lock -q --upgrade
	.venv/bin/uv export -q --no-emit-project --no-dev -o requirements.lock
	.venv/bin/uv export -q --no-emit-project --only-group dev -o requirements-dev.lock
	printf 'uv\n' | .venv/bin/uv pip compile -q --generate-hashes --no-annotate --no-header - -o requirements-uv.lock
clean:
	rm -rf .venv var demo-keys staticfiles .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
