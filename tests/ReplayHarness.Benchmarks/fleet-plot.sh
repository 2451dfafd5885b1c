#!/usr/bin/env bash
# What 125, 250, 500 and 1,000 incidents with three agents each cost on one host, and how much memory that host takes.
# Usage: fleet-plot.sh [SVG [COUNT…]]; draws the file, and prints the data that it is drawn from.
set -euo pipefail
# shellcheck source=built.sh
source "$(dirname "${BASH_SOURCE[0]}")/built.sh"
svg="$(realpath -m "${1:-$root/docs/scale.svg}")"
shift || true
counts=("$@")
[ "$#" -gt 0 ] || counts=(125 250 500 1000)
most="$(printf '%s\n' "${counts[@]}" | sort -n | tail -1)"
built_incidents "$most" 100
cd "$work"
# By their numbers: the first are the same in every measurement.
mapfile -t incidents < <(ls replays | sort -t- -k2 -n)
"$tool" replays replays "${incidents[0]}" --assembly out/Fleet.dll > /dev/null || true
echo "incidents,seconds" > data.csv
for count in "${counts[@]}"; do
  rm -rf some
  mkdir some
  for incident in "${incidents[@]:0:count}"; do
    mkdir -p "some/replays/$incident"
    cp "replays/$incident/expected.json" "some/replays/$incident/"
  done
  ln -s "$work/fixtures" some/fixtures
  began="$(date +%s.%N)"
  "$tool" replays some/replays --assembly out/Fleet.dll --json --jobs 1 > some.json &
  run=$!
  peak=0
  while kill -0 "$run" 2> /dev/null; do
    for host in $(cat /proc/"$run"/task/*/children 2> /dev/null); do
      now="$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$host/status" 2> /dev/null || true)"
      [ "${now:-0}" -gt "$peak" ] && peak="$now"
    done
    sleep 0.5
  done
  wait "$run" || true
  echo "$count,$(echo "$(date +%s.%N) - $began" | bc)" >> data.csv
  echo "$count incidents: the host took $((peak / 1024)) MB" >&2
done
"$benchmarks" fleet-plot data.csv "$svg"
cat data.csv
