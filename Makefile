# A thin front: each target is one script or preset.
.PHONY: demo test build lint format fuzz bench clean

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

fuzz:
	packaging/setup fuzz
	packaging/build fuzz
	ctest --test-dir build/fuzz -L fuzz --output-on-failure

clean:
	rm -rf build
