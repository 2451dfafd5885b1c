#!/usr/bin/env bash
# The same agents with planted mistakes under the kernel and under Microsoft Coyote 1.7.11, each until the mistake shows or so many seconds are over.
# A line says: agent, found or not, schedules, seconds. Usage: coyote.sh [SECONDS]; it builds in a temporary folder, and gets Coyote from NuGet.
set -euo pipefail
seconds="${1:-60}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export COYOTE_CLI_TELEMETRY_OPTOUT=1 DOTNET_ROLL_FORWARD=Major DOTNET_NOLOGO=1
ai="$(sed -nE 's/.*Include="Microsoft.Extensions.AI.Abstractions" Version="([^"]*)".*/\1/p' "$here/../../Directory.Packages.props")"
cat > "$work/Planted.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net8.0</TargetFramework>
    <LangVersion>latest</LangVersion>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <Compile Include="$here/Coyote/*.cs" />
    <Compile Include="$here/../Agents/Pitfalls/ToolLoop.cs;$here/../Agents/Pitfalls/LostUpdate.cs;$here/../Agents/Pitfalls/LeakedOrder.cs;$here/../Agents/Pitfalls/SharedContext.cs;$here/../Agents/Pitfalls/CrossedLocks.cs;$here/../Agents/Pitfalls/Wide.cs" />
    <PackageReference Include="Microsoft.Coyote" Version="1.7.11" />
    <PackageReference Include="Microsoft.Coyote.Test" Version="1.7.11" />
    <PackageReference Include="Microsoft.Extensions.AI.Abstractions" Version="$ai" />
  </ItemGroup>
</Project>
XML
dotnet build "$work/Planted.csproj" -c Release -o "$work/out" --nologo -v quiet >&2
dotnet tool install Microsoft.Coyote.CLI --version 1.7.11 --tool-path "$work/tool" >/dev/null
"$work/tool/coyote" rewrite "$work/out/Planted.dll" >&2
echo "Coyote:"
dotnet "$work/out/Planted.dll" "$seconds" | grep -E '^[A-Za-z]+ [0-9]+ [0-9]+ [0-9.]+$'
echo "The kernel:"
dotnet run -c Release --project "$here" -- planted "$seconds"
