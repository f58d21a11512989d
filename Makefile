# From a fresh machine to the window, or to all tests, in one command. See packaging/bootstrap.py.
.PHONY: run test soak screenshots clean
.SILENT:

# The first Python of a supported version; PYTHON=… on the command line names another one.
bootstrap = for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
		if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then \
			exec "$$python" packaging/bootstrap.py $(1); \
		fi; \
	done; \
	echo 'Python 3.11, 3.12, 3.13 or 3.14 is needed and was not found. Install one, or name it: make PYTHON=/path/to/python' >&2; \
	exit 1

run:
	$(call bootstrap,run)

test:
	$(call bootstrap,test)

soak:
	$(call bootstrap,soak)

screenshots:
	$(call bootstrap,screenshots)

clean:
	rm -rf .venv .make build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
