# A thin front: each target is one script or preset.
.PHONY: demo test build lint format fuzz bench bench-million bench-revocation bench-rsa-flood clean

build:
	packaging/build

demo:
	packaging/demo

test:
	packaging/test

lint:
	packaging/lint

format:
	packaging/lint --fix

bench:
	packaging/build release
	ctest --preset bench --verbose

bench-million:
	packaging/build release
	/usr/bin/python3 -B tests/bench/million_sessions.py

bench-revocation:
	packaging/build release
	/usr/bin/python3 -B tests/bench/revocation_at_scale.py

bench-rsa-flood:
	packaging/build release
	/usr/bin/python3 -B tests/bench/rsa_flood.py

fuzz:
	packaging/setup fuzz
	packaging/build fuzz
	ctest --test-dir build/fuzz -L fuzz --output-on-failure

clean:
	rm -rf build
