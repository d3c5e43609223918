#!/bin/sh
# A study of many maps through `amorph run`: does memory stay flat, and the time per map?
# Simulates MAPS scans of PIXELS^2, runs METHODS on them, samples the resident memory, and prints a markdown table with one row
# for each tenth of the maps. Needs about 12 MB of disk for a map of 512^2.
#   MAPS=30 sh benches/thousand_maps.sh                     a trial
#   METHODS="dafm.dissipation dafm.distribution" sh benches/thousand_maps.sh
set -eu
cd "$(dirname "$0")/.."
maps=${MAPS:-1000}
pixels=${PIXELS:-512}
methods=${METHODS:-dafm.dissipation dafm.distribution dafm.correlation_length dafm.regions}
profile=${PROFILE:-release}
work=bench-out/maps_$maps
[ ! -e "$work" ] || { echo "$work exists: remove it first" >&2; exit 2; }
cargo build --quiet --profile "$profile" -p amorph-cli
amorph=${CARGO_TARGET_DIR:-target}/$([ "$profile" = dev ] && echo debug || echo "$profile")/amorph
mkdir -p bench-out
echo "simulating $maps scans of $pixels x $pixels" >&2
"$amorph" simulate afm --out "$work" --sites "$maps" --pixels "$pixels" --trace-only --seed 7 >&2
list=$(printf '"%s", ' $methods)
cat > "$work/many.toml" <<STUDY
[study]
title = "$maps maps"
seed = 1
[[sample]]
id = "virtual film"
  [[sample.state]]
  id = "virtual"
[[measurement]]
state = "virtual"
technique = "afm"
files = ["scans/*.ibw"]
phase_convention = "lag"
phase_reference = "absolute"
temperature = "298 K"
methods = [${list%, }]
STUDY
"$amorph" run "$work/many.toml" > "$work/out.txt" 2> "$work/err.txt" &
run=$!
while kill -0 "$run" 2>/dev/null; do
    memory=$(awk '/^VmRSS/ { print $2 }' "/proc/$run/status" 2>/dev/null || true)
    [ -z "$memory" ] || echo "$(date +%s) $memory" >> "$work/memory.txt"
    sleep 1
done
wait "$run" || echo "amorph run ended with status $?" >&2
python3 - "$work" "$maps" "$pixels" "$methods" <<'TABLE'
import pathlib, sqlite3, statistics, sys

work, maps, pixels, methods = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4].split()
store = sqlite3.connect(work / "many.amorph" / "results.sqlite")
rows = store.execute(
    "SELECT o.item, strftime('%s', r.finished), r.seconds FROM run r JOIN outcome o ON o.key = r.key WHERE o.item != ''"
).fetchall()
done = {}
for item, finished, seconds in rows:
    last, total = done.get(item, (0, 0.0))
    done[item] = (max(last, int(finished)), total + seconds)
order = sorted(done.values())
memory = [tuple(map(int, line.split())) for line in (work / "memory.txt").read_text().splitlines()]
assert len(order) == maps, f"{len(order)} of {maps} maps have results"
print(f"\n{maps} maps of {pixels}², {', '.join(methods)}:\n")
print("| maps done | work per map, median (s) | resident memory, largest (MiB) |")
print("|---|---|---|")
start, share = memory[0][0], max(maps // 10, 1)
for first in range(0, maps, share):
    part = order[first : first + share]
    end = part[-1][0]
    resident = [kib for at, kib in memory if start <= at <= end] or [memory[-1][1]]
    work_per_map = statistics.median(seconds for _, seconds in part)
    print(f"| {first + 1} to {first + len(part)} | {work_per_map:.2f} | {max(resident) / 1024:.0f} |")
    start = end
after = [kib for at, kib in memory if at > order[-1][0]]
if after:
    print(f"| summary and report | | {max(after) / 1024:.0f} |")
report = (work / "many.html").stat().st_size / 1e6
print(f"\nWall time {memory[-1][0] - memory[0][0]} s; report {report:.1f} MB.")
TABLE
