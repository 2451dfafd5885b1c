#!/usr/bin/env bash
# Triage of a day's file, and the traces of one task, by this tool and by the peers that are installed: whole processes, warm cache, best of three.
# Usage: peers.sh FILE TASK   (make them with: dotnet run -c Release --project tests/ReplayHarness.Benchmarks -- generate 1000 FILE, which prints a task)
# DuckDB is taken from the PATH, or through Node.js from DUCKDB_NODE (a folder with node_modules/@duckdb/node-api).
set -euo pipefail
file="$1" task="$2"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
tool="$root/artifacts/bin/ReplayHarness.Cli/release/replay-harness"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cat > "$work/triage.py" <<'PY'
import json, sys
traces = {}
for line in open(sys.argv[1], encoding="utf-8"):
    for r in json.loads(line).get("resourceSpans", []):
        for s in r.get("scopeSpans", []):
            for span in s.get("spans", []):
                t = traces.setdefault(span["traceId"], [0, 0])
                t[0] += 1
                t[1] += span.get("status", {}).get("code") == 2
print(len(traces), sum(1 for t in traces.values() if t[1]))
PY
cat > "$work/duck.mjs" <<'JS'
import { createRequire } from 'node:module';
const { DuckDBInstance } = createRequire(process.env.DUCKDB_NODE + '/')('@duckdb/node-api');
const db = await (await DuckDBInstance.create(':memory:')).connect();
const rows = await db.runAndReadAll(process.argv[2]);
console.log(rows.getRows().join(' '));
JS
columns="{resourceSpans: 'STRUCT(scopeSpans STRUCT(spans STRUCT(traceId VARCHAR, status STRUCT(code INTEGER))[])[])[]'}"
sql="WITH r AS (SELECT unnest(resourceSpans) r FROM read_ndjson('$file', columns=$columns, maximum_object_size=268435456)), s AS (SELECT unnest(r.scopeSpans) s FROM r), p AS (SELECT unnest(s.spans) p FROM s), t AS (SELECT p.traceId, count(*) n, count(*) FILTER (p.status.code = 2) e FROM p GROUP BY 1) SELECT count(*), count(*) FILTER (e > 0) FROM t"

best() { # best NAME COMMAND...: seconds of the fastest of three runs
  local least=999999
  for _ in 1 2 3; do
    local start end
    start="$(date +%s%N)"
    "$@" >/dev/null
    end="$(date +%s%N)"
    local took=$(((end - start) / 1000000))
    if [ "$took" -lt "$least" ]; then least="$took"; fi
  done
  echo "$least"
}
row() { printf '| %s | %s | %s x |\n' "$1" "$2" "$(awk -v a="$3" -v b="$4" 'BEGIN { printf "%.1f", a / b }')"; }

echo "| triage | ms | against this tool |"
echo "|---|---|---|"
own="$(best "$root/artifacts/bin/ReplayHarness.Benchmarks/release/ReplayHarness.Benchmarks" triage "$file")"
row "this tool: every trace's spans, errors and times" "$own" "$own" "$own"
best "$tool" inspect "$file" --failed --group --no-index > "$work/t"
row "inspect --failed --group: the failed traces read too, and grouped by shape" "$(cat "$work/t")" "$(cat "$work/t")" "$own"
row "cat: reading the file" "$(t="$(best cat "$file")"; echo "$t" | tee "$work/t")" "$(cat "$work/t")" "$own"
if command -v duckdb >/dev/null; then best duckdb -c "$sql" > "$work/t"; row "DuckDB read_ndjson" "$(cat "$work/t")" "$(cat "$work/t")" "$own"
elif [ -n "${DUCKDB_NODE:-}" ]; then best node "$work/duck.mjs" "$sql" > "$work/t"; row "DuckDB read_ndjson" "$(cat "$work/t")" "$(cat "$work/t")" "$own"; fi
if command -v python3 >/dev/null; then best python3 "$work/triage.py" "$file" > "$work/t"; row "Python json" "$(cat "$work/t")" "$(cat "$work/t")" "$own"; fi
if command -v jq >/dev/null; then best jq -n -c "reduce (inputs | .resourceSpans[].scopeSpans[].spans[]) as \$s ({}; .[\$s.traceId] |= [(.[0] // 0) + 1, (.[1] // 0) + (if \$s.status.code == 2 then 1 else 0 end)]) | [length, ([.[] | select(.[1] > 0)] | length)]" "$file" > "$work/t"; row "jq" "$(cat "$work/t")" "$(cat "$work/t")" "$own"; fi

echo
echo "| the traces of one task | ms | against this tool |"
echo "|---|---|---|"
rm -f "$file.rhx"
start="$(date +%s%N)"; "$tool" find "$file" --where "task_id=$task" >/dev/null; end="$(date +%s%N)"
first=$(((end - start) / 1000000))
row "this tool, the first time (its index is written)" "$first" "$first" "$first"
again="$(best "$tool" find "$file" --where "task_id=$task")"
row "this tool, again" "$again" "$again" "$first"
if command -v jq >/dev/null; then
  # As find does: the traces that the task's spans belong to, and then all of their spans.
  grepjq() {
    grep -F "$task" "$file" | jq -r --arg task "$task" '.resourceSpans[].scopeSpans[].spans[] | select(any(.attributes[]; .key == "task_id" and .value.stringValue == $task)) | .traceId' | sort -u > "$work/ids"
    grep -F -f "$work/ids" "$file" | jq -c --rawfile ids "$work/ids" '.resourceSpans[].scopeSpans[].spans[] | select(.traceId as $id | $ids | contains($id)) | [.traceId, .name, .startTimeUnixNano]'
  }
  best grepjq > "$work/t"
  row "grep and jq" "$(cat "$work/t")" "$(cat "$work/t")" "$first"
fi
echo
for size in inspect find; do
  if [ "$size" = inspect ]; then arguments=(inspect "$file" --failed --group --no-index); else arguments=(find "$file" --where "task_id=$task"); fi
  peak="$(/usr/bin/time -f %M "$tool" "${arguments[@]}" 2>&1 >/dev/null | tail -1)"
  echo "peak memory of $size: $((peak / 1024)) MiB"
done
