#!/usr/bin/env bash
# Many incidents: one host, two, four parts that are merged, and after a change of one line of one agent.
# Usage: fleet.sh [INCIDENTS [TEAMS]]; 1000 incidents with three agents each, of 100 teams.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1
dotnet build "$root/src/ReplayHarness.Cli" -c Release -v quiet >&2
# A copy: whoever builds meanwhile changes nothing.
cp -r "$root/artifacts/bin/ReplayHarness.Cli/release" "$work/tool"
tool="$work/tool/replay-harness"
dotnet run -c Release --project "$here" -- fleet "${1:-1000}" "${2:-100}" "$root" "$work"
build() { dotnet build "$work/Agents/Fleet.csproj" -c Release -v quiet -o "$work/out" >&2; }
build
cd "$work"
# The copy for replays is made once, for all.
"$tool" replays replays --assembly out/Fleet.dll --agent deployed --shard 1/1000 > /dev/null || true
measure() {
  local name="$1"
  shift
  TIMEFORMAT="$name: %R s, %U s of processor"; time "$@" > "$name.json" || true
}
measure one "$tool" replays replays --assembly out/Fleet.dll --json --jobs 1
measure two "$tool" replays replays --assembly out/Fleet.dll --json --jobs 2 --results kept
for i in 1 2 3 4; do measure "part-$i" "$tool" replays replays --assembly out/Fleet.dll --json --jobs 1 --shard "$i/4" --results "p$i"; done
for i in 1 2 3 4; do measure "weighed-$i" "$tool" replays replays --assembly out/Fleet.dll --json --jobs 1 --shard "$i/4" --weights kept --results "w$i"; done
measure merged "$tool" merge p1 p2 p3 p4 --json
measure again "$tool" replays replays --assembly out/Fleet.dll --json --jobs 2 --results kept
for same in two merged again; do cmp "one.json" "$same.json" && echo "$same: the same bytes"; done
touch -d '1 minute ago' before
find kept -name '*.result.json' -exec touch -d '2 minutes ago' {} +
sed -i 's/From our documents/By our documents/' Agents/Team000/SupportAgent.cs
build
measure changed "$tool" replays replays --assembly out/Fleet.dll --json --jobs 2 --results kept
echo "run again after the change: $(find kept -name '*.result.json' -newer before | wc -l) of $(find kept -name '*.result.json' | wc -l)"
