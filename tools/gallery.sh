#!/bin/sh
# Measures virtual films, analyses them with every method of the registry and draws docs/gallery.md.
set -eu
cd "$(dirname "$0")/.."
work=target/gallery
rm -rf "$work"
profile=${PROFILE:-release}
cargo build --quiet --profile "$profile" -p amorph-cli --bin amorph --example gallery
programs=${CARGO_TARGET_DIR:-target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
mkdir -p "$work"
film() {
    "$programs/amorph" simulate afm --out "$work/$1" --xi "$2" --energy "$3" --seed "$4" \
        --sites 4 --pixels 208 --size '312 nm' --trace-only --cross-talk '0.3 deg/nm' >/dev/null
}
film as-deposited '4.1 nm' '40 eV' 1
film 40mN '9.3 nm' '41 eV' 2
film 3N '9.7 nm' '42 eV' 3
"$programs/examples/gallery" study > "$work/film.toml"
# Methods that need other data than single images say so; the page repeats it.
"$programs/amorph" run "$work/film.toml" --no-report >/dev/null || true
"$programs/examples/gallery" page "$work/film.toml"
du -sh docs/images/gallery
