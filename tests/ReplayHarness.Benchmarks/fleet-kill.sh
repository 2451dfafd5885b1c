#!/usr/bin/env bash
# Kills a run, the processes that replay, and the merge at random moments. Nothing may be lost, nothing counted twice.
# Usage: fleet-kill.sh [MOMENTS [SEED [INCIDENTS]]]; 50 moments, seed 1, 24 incidents with three agents each.
set -euo pipefail
# shellcheck source=built.sh
source "$(dirname "${BASH_SOURCE[0]}")/built.sh"
moments="${1:-50}"
RANDOM="${2:-1}"
built_incidents "${3:-24}" 4
cd "$work"
# The process that is killed is the tool itself, and no shell around it.
run() { exec "$tool" replays replays --assembly out/Fleet.dll --jobs 2 --json "$@"; }
fail() { echo "fleet-kill: $*" >&2; exit 1; }
(run > first.json) || true
began="$(date +%s%N)"
(run > whole.json) || true
took=$((($(date +%s%N) - began) / 1000000))
cmp first.json whole.json || fail "two whole runs differ"
wholes() { grep -rlE '"report":' kept --include='*.result.json' 2> /dev/null | sort || true; }
# Every round loses what it has at a moment within the time of a whole run; every fifth begins anew, for soon all is kept.
for ((i = 1; i <= moments; i++)); do
  [ $((i % 5)) -ne 1 ] || rm -rf kept
  wholes | xargs -r sha256sum > before
  run --results kept > killed.json 2> /dev/null &
  process=$!
  sleep "$(printf '%d.%03d' $((RANDOM % (took / 1000 + 1))) $((RANDOM % 1000)))"
  what=process
  if [ $((i % 2)) -eq 0 ]; then
    # Shortly after its start it may have none.
    host="$(cat /proc/"$process"/task/*/children 2> /dev/null | tr ' ' '\n' | grep -m1 . || true)"
    if [ -n "$host" ]; then what=host; kill -9 "$host" 2> /dev/null || true; fi
  fi
  [ "$what" = host ] || kill -9 "$process" 2> /dev/null || true
  wait "$process" 2> /dev/null || true
  [ ! -s before ] || sha256sum --quiet -c before > /dev/null 2>&1 || fail "moment $i: a whole result was lost or run again"
  find kept -name '*.json' 2> /dev/null | while read -r file; do
    tail -c 2 "$file" | grep -q '}' || fail "moment $i: $file is torn"
  done
  "$tool" merge kept --junit killed.xml --html killed.html > /dev/null 2>&1 &
  merge=$!
  sleep "0.$((RANDOM % 400 + 100))"
  kill -9 "$merge" 2> /dev/null || true
  wait "$merge" 2> /dev/null || true
  [ ! -e killed.xml ] || tail -n 1 killed.xml | grep -q '</testsuites>' || fail "moment $i: killed.xml is torn"
  [ ! -e killed.html ] || grep -q '</html>' killed.html || fail "moment $i: killed.html is torn"
  echo "moment $i: killed the $what; $(wholes | wc -l) results are kept" >&2
done
(run --results kept > last.json) || true
cmp whole.json last.json || fail "what was killed and went on differs from one run"
"$tool" merge kept --json > merged.json || true
cmp whole.json merged.json || fail "the merge differs from one run"
echo "$moments moments: nothing lost, nothing counted twice; $(find kept -name '*.result.json' | wc -l) results"
