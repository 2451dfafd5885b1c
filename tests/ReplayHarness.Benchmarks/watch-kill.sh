#!/usr/bin/env bash
# Kills `watch` at random moments while its folder grows. No shape may be lost, none captured twice, every failure counted once, and every
# event delivered. What comes out is compared with a watch of the same pieces that nobody killed.
# Usage: watch-kill.sh [MOMENTS [SEED]]; 50 moments, seed 1.
set -euo pipefail
# shellcheck source=built.sh
source "$(dirname "${BASH_SOURCE[0]}")/built.sh"
moments="${1:-50}"
RANDOM="${2:-1}"
hooks=()
# shellcheck disable=SC2329
cleanup() {
  kill "${hooks[@]}" 2> /dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
export REPLAYHARNESS_WEBHOOK_KEY=key
"$benchmarks" failures "$moments" "$work/pieces"
cd "$work"
fail() { echo "watch-kill: $*" >&2; exit 1; }
# Each folder has a receiver of its own, and the same names below it.
for name in killed whole; do
  mkdir -p "$name/in"
  touch "$name/events"
  "$benchmarks" events "$work/$name/events" key > "$name/url" &
  hooks+=("$!")
done
while [ ! -s killed/url ] || [ ! -s whole/url ]; do sleep 0.1; done
# The process that is killed is the tool itself, and no shell around it.
watch() { cd "$1"; exec "$tool" watch in --out out --agent Mail.Replays --once --json --webhook "$(head -n 1 url)" "${@:2}"; }
now() { echo $(($(date +%s%N) / 1000000)); }
took=1000
hit=0
for ((i = 1; i <= moments; i++)); do
  # Five files grow in turn.
  piece="pieces/$(printf '%03d' "$i").jsonl"
  for name in killed whole; do cat "$piece" >> "$name/in/$((i % 5)).jsonl"; done
  find killed/Mail.Replays killed/out -type f \( -name fixture.json -o -name expected.json \) -exec sha256sum {} + > before 2> /dev/null || true
  # A kill or two, each within the time of a whole pass.
  for ((kill = i % 2; kill < 2; kill++)); do
    (watch killed > killed.json 2> killed.errors) &
    process=$!
    moment=$((RANDOM % (took + 1)))
    sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
    kill -9 "$process" 2> /dev/null || true
    # Some had ended by then.
    if ! wait "$process" 2> /dev/null; then hit=$((hit + 1)); fi
    [ ! -s killed/out/watch.json ] || tail -c 2 killed/out/watch.json | grep -q '}' || fail "moment $i: the state is torn"
  done
  began="$(now)"
  (watch killed > killed.json 2> killed.errors) || fail "moment $i: $(cat killed.errors)"
  took=$(($(now) - began))
  (watch whole > whole.json 2> whole.errors) || fail "moment $i: $(cat whole.errors)"
  [ ! -s before ] || sha256sum --quiet -c before > /dev/null 2>&1 || fail "moment $i: a fixture or a test was lost, or written again"
  diff -r -x watch.json killed/out whole/out > differences || fail "moment $i: $(cat differences)"
  diff -r killed/Mail.Replays whole/Mail.Replays > differences || fail "moment $i: $(cat differences)"
  echo "moment $i: $(find killed/Mail.Replays/fixtures -name fixture.json | wc -l) shapes, a pass takes $took ms" >&2
done
# Nothing is new, so the documents hold what is known, and how often.
for name in killed whole; do (watch "$name" > "$name.json"); done
cmp killed.json whole.json || fail "what was killed and went on knows something else"
grep -q '"undelivered": 0' killed.json || fail "events were not delivered"
grep -q '"failures": 0' killed.json || fail "a pass over nothing new counts something"
[ "$(grep -c '"runs"' whole.json)" -gt "$moments" ] || fail "there are too few shapes: the check checks nothing"
sort killed/events > killed.events
sort whole/events > whole.events
sort -u whole.events | cmp - whole.events || fail "an event came twice to whom nobody killed"
# Its id and its body are the same each time it comes.
sort -u killed.events | cmp - whole.events || fail "the events differ: $(sort -u killed.events | diff - whole.events)"
echo "$moments moments, $hit kills: $(find killed/Mail.Replays/fixtures -name fixture.json | wc -l) shapes, none lost, none captured twice;" \
  "$(wc -l < whole.events) events, $(($(wc -l < killed.events) - $(wc -l < whole.events))) of them came again after a kill"
