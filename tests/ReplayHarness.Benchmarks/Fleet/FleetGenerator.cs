using System.Globalization;
using System.Text.Json.Nodes;
using Bogus;

namespace ReplayHarness.Benchmarks.Fleet;

/// <summary>
/// Makes a team's folder of many incidents: each its own fixture, with its own texts and latencies, and three agents of one of several
/// teams. The agents are those of the incident support-search-down, once for each team.
/// </summary>
/// <param name="repository">This repository.</param>
/// <param name="folder">The folder to make.</param>
internal sealed class FleetGenerator(string repository, string folder)
{
    private const string Model = "support-search-down";

    private static readonly string[] s_drivers = ["Deployed", "Stubborn", "Tolerant"];

    /// <summary>Makes it.</summary>
    /// <param name="incidents">How many incidents.</param>
    /// <param name="teams">How many teams, each with an agent of its own.</param>
    public void Write(int incidents, int teams)
    {
        for (var team = 0; team < teams; team++)
            WriteAgent($"Team{team.ToString("000", CultureInfo.InvariantCulture)}");
        WriteProject();
        var faker = new Faker { Random = new Randomizer(1) };
        var fixture = Path.Combine(repository, "fixtures", Model);
        var expected = Path.Combine(repository, "replays", Model, "expected.json");
        for (var i = 0; i < incidents; i++)
            WriteIncident(faker, fixture, expected, i, i % teams);
    }

    private void WriteAgent(string team)
    {
        var sources = Path.Combine(repository, "tests", "Agents", "SupportAgent");
        foreach (var file in Directory.GetFiles(sources, "*.cs"))
            Write(
                Path.Combine("Agents", team, Path.GetFileName(file)),
                File.ReadAllText(file).Replace("namespace Support;", $"namespace {team};", StringComparison.Ordinal)
            );
        var drivers = File.ReadAllText(Path.Combine(repository, "replays", Model, "Drivers.cs"))
            .Replace("using Support;", $"using {team};", StringComparison.Ordinal)
            .Replace("namespace Replays.Support;", $"namespace Replays.{team};", StringComparison.Ordinal);
        Write(Path.Combine("Agents", team, "Drivers.cs"), drivers);
    }

    private void WriteProject() =>
        Write(
            Path.Combine("Agents", "Fleet.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <EnableDynamicLoading>true</EnableDynamicLoading>
                <NoWarn>$(NoWarn);NU1507</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="{repository}/src/ReplayHarness.Host/ReplayHarness.Host.csproj" />
                <ProjectReference Include="{repository}/tests/Agents/SupportAgent/SupportAgent.csproj" />
              </ItemGroup>
            </Project>
            """
        );

    private void WriteIncident(Faker faker, string fixture, string expected, int number, int team)
    {
        var name = $"{faker.Hacker.Noun()}-{number.ToString("00000", CultureInfo.InvariantCulture)}".Replace(' ', '-');
        foreach (var file in Directory.GetFiles(fixture, "traces*"))
            Write(Path.Combine("fixtures", name, Path.GetFileName(file)), File.ReadAllText(file));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(fixture, "fixture.json")))!;
        json["incident"] = name;
        json["input"]!["user"] = faker.Lorem.Sentence();
        foreach (var behaviour in json["behaviours"]!.AsArray())
            behaviour!["latencySeconds"] = Math.Round((double)behaviour["latencySeconds"]! * faker.Random.Double(0.9, 1.1), 3);
        Write(Path.Combine("fixtures", name, "fixture.json"), json.ToJsonString());
        var agents = JsonNode.Parse(File.ReadAllText(expected))!;
        agents["fixture"] = $"../../fixtures/{name}";
        foreach (var (agent, driver) in agents["agents"]!.AsArray().Zip(s_drivers))
            agent!["driver"] = $"Replays.Team{team.ToString("000", CultureInfo.InvariantCulture)}.{driver}";
        Write(Path.Combine("replays", name, "expected.json"), agents.ToJsonString());
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
