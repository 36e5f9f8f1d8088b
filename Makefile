# make demo   set up this machine, build, and run the main job on the sample clip
# make test   set up this machine, and run every test
# make install [PREFIX=/usr/local] [DESTDIR=]

SHELL   := /bin/bash
PREFIX  ?= /usr/local
BUILD   := .build/release
BINARY  := $(BUILD)/owlwatch
SOURCES := $(shell find Sources -type f) Package.swift

.PHONY: demo test build install uninstall clean check-swift

demo: $(BINARY)
	@scripts/demo $(BINARY)

build: $(BINARY)

# Make compares the times itself, so that a second run need not even ask the package manager.
$(BINARY): $(SOURCES) | check-swift
	@scripts/install-packages scripts/packages.txt
	@echo "Building owlwatch (the first time takes some minutes)" >&2
	@swift build --configuration release --product owlwatch >&2
	@touch $(BINARY)

check-swift:
	@command -v swift >/dev/null || { echo "owlwatch needs Swift 6.2 or newer: https://www.swift.org/install/linux" >&2; exit 69; }

test: $(BINARY)
	@scripts/install-packages scripts/packages.txt scripts/packages-test.txt
	@scripts/test

install: $(BINARY)
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/owlwatch
	install -d $(DESTDIR)$(PREFIX)/share/owlwatch/models
	cp -R Models/owlwatch-nano $(DESTDIR)$(PREFIX)/share/owlwatch/models/
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(BINARY) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/owlwatch
	$(BINARY) --generate-completion-script zsh  > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_owlwatch
	$(BINARY) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/owlwatch.fish

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/owlwatch $(DESTDIR)$(PREFIX)/share/bash-completion/completions/owlwatch \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_owlwatch $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/owlwatch.fish
	rm -rf $(DESTDIR)$(PREFIX)/share/owlwatch

clean:
	swift package clean
