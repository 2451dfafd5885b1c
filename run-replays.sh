#!/usr/bin/env bash
# The main job: restores, builds, and replays every fixture against its agents.
#   ./run-replays.sh                                  all incidents, all agents
#   ./run-replays.sh drive-timeout --agent survives   one of them
#   ./run-replays.sh --json                           for machines
# Exit codes: 0 as expected, 1 not, 2 usage, 3 bad input, 4 diverged, 5 not established.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if ! command -v dotnet >/dev/null 2>&1; then
  echo "run-replays.sh: the .NET SDK 10 is needed and 'dotnet' is not on the PATH; see https://dotnet.microsoft.com/download" >&2
  exit 3
fi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cd "$here"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
for project in src/ReplayHarness.Cli replays; do
  if ! dotnet build "$project" -c Release -v quiet --nologo >"$log" 2>&1; then
    cat "$log" >&2
    echo "run-replays.sh: the build of $project failed" >&2
    exit 3
  fi
done
tool="artifacts/bin/ReplayHarness.Cli/release/replay-harness"
drivers="artifacts/bin/ReplayHarness.Replays/release/ReplayHarness.Replays.dll"
rm -f "$log"
exec "$tool" replays replays --assembly "$drivers" "$@"
