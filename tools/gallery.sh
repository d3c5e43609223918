#!/bin/sh
# Measures virtual films, analyses them with every method of the registry and draws docs/gallery.md.
set -eu
cd "$(dirname "$0")/.."
work=target/gallery
profile=${PROFILE:-release}
cargo build --quiet --profile "$profile" -p amorph-cli --bin amorph --example gallery
programs=${CARGO_TARGET_DIR:-target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
rm -rf "$work"
"$programs/examples/gallery" prepare "$work"
for study in "$work"/*.toml; do
    # A method that needs other data than this study has says so; the page repeats it where no study suits it.
    "$programs/amorph" run "$study" --no-report > /dev/null || true
done
# The film first: its pictures are those of most methods.
"$programs/examples/gallery" page "$work"/film.toml "$work"/[!f]*.toml "$work"/fr*.toml
du -sh docs/images/gallery
