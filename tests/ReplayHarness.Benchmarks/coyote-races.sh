#!/usr/bin/env bash
# The racy agents of tests/Agents/Races: under Microsoft Coyote 1.7.11 with its rewriting, under this harness, and on real threads.
# Usage: coyote-races.sh [ITERATIONS [SECONDS [REGEX]]]; at most so many iterations and seconds an agent (1000 and 60), of those that REGEX names
# (Broken$; their mended twins are Fixed$, those that only look suspicious Healthy$). It builds in a temporary folder, and gets Coyote from NuGet.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export COYOTE_CLI_TELEMETRY_OPTOUT=1 DOTNET_ROLL_FORWARD=Major DOTNET_NOLOGO=1
ai="$(sed -nE 's/.*Include="Microsoft.Extensions.AI.Abstractions" Version="([^"]*)".*/\1/p' "$here/../../Directory.Packages.props")"
cat > "$work/Racing.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <LangVersion>latest</LangVersion>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <Compile Include="$here/CoyoteRaces/*.cs;$here/../Agents/Races/*.cs;$here/../Agents/Pitfalls/ToolLoop.cs" />
    <PackageReference Include="Microsoft.Coyote" Version="1.7.11" />
    <PackageReference Include="Microsoft.Coyote.Test" Version="1.7.11" />
    <PackageReference Include="Microsoft.Extensions.AI.Abstractions" Version="$ai" />
  </ItemGroup>
</Project>
XML
dotnet build "$work/Racing.csproj" -c Release -o "$work/out" --nologo -v quiet >&2
dotnet tool install Microsoft.Coyote.CLI --version 1.7.11 --tool-path "$work/tool" >/dev/null
"$work/tool/coyote" rewrite "$work/out/Racing.dll" >&2
echo "Coyote:"
dotnet "$work/out/Racing.dll" "$@"
echo "This harness:"
dotnet run -c Release --project "$here" -- races "${3:-Broken$}"
echo "Real threads:"
dotnet run -c Release --project "$here/../Agents/RacesTruth" -- "${1:-1000}" "${3:-Broken$}" "${2:-60}"
