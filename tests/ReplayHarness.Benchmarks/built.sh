#!/usr/bin/env bash
# What the scripts beside it begin with; they source it. Builds the tool and the benchmarks, and makes a folder that goes when the script ends.
# shellcheck disable=SC2034
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1
dotnet build "$root/src/ReplayHarness.Cli" -c Release -v quiet >&2
# A copy: whoever builds meanwhile changes nothing.
cp -r "$root/artifacts/bin/ReplayHarness.Cli/release" "$work/tool"
tool="$work/tool/replay-harness"
dotnet build "$here" -c Release -v quiet >&2
benchmarks="$root/artifacts/bin/ReplayHarness.Benchmarks/release/ReplayHarness.Benchmarks"

# Incidents with three agents each, and these agents built: built_incidents HOW_MANY SCHEDULES
built_incidents() {
  "$benchmarks" fleet "$1" "$2" "$root" "$work"
  dotnet build "$work/Agents/Fleet.csproj" -c Release -v quiet -o "$work/out" >&2
}
