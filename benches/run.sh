#!/bin/sh
# Times Amorph and its peers on the same fields in one run and prints a markdown table.
# Peers that are not installed are left out: scipy and scikit-image (PYTHON=...), libgwyddion20-dev with libglib2.0-dev.
set -eu
cd "$(dirname "$0")/.."
out=bench-out
python=${PYTHON:-python3}
mkdir -p "$out"
cargo build --release --quiet -p amorph-core --example bench_kernels
: > "$out/times.jsonl"
for threads in 1 "$(nproc)"; do
    RAYON_NUM_THREADS=$threads "${CARGO_TARGET_DIR:-target}"/release/examples/bench_kernels "$out" | tee -a "$out/times.jsonl" >&2
done
if "$python" -c "import scipy, skimage" 2>/dev/null; then
    "$python" benches/peers_afm.py "$out" | tee -a "$out/times.jsonl" >&2
else
    echo "scipy and scikit-image are not installed: left out" >&2
fi
if [ -f /usr/include/gwyddion/gwyconfig.h ] && pkg-config --exists glib-2.0; then
    # shellcheck disable=SC2046
    cc -O2 benches/gwyddion_afm.c -o "$out/gwyddion_afm" -I/usr/include/gwyddion \
        $(pkg-config --cflags --libs glib-2.0 gobject-2.0) -lgwyprocess2 -lgwyddion2 -lm
    for size in 512 2048; do
        "$out/gwyddion_afm" "$out/field_$size.f64" $size | tee -a "$out/times.jsonl" >&2
    done
else
    echo "libgwyddion20-dev or libglib2.0-dev is not installed: left out" >&2
fi
"$python" benches/peers_afm.py --table "$out/times.jsonl"
cargo build --release --quiet -p amorph --example bench_indentation
"${CARGO_TARGET_DIR:-target}"/release/examples/bench_indentation "$out"
if "$python" -c "import scipy, sklearn" 2>/dev/null; then
    "$python" benches/peer_indentation.py "$out"
fi
