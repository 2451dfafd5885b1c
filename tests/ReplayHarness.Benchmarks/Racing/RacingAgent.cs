using System.Reflection;
using Pitfalls;
using ReplayHarness.Replays;

namespace ReplayHarness.Benchmarks.Racing;

/// <summary>The racy agents of tests/Agents/Races, each by the text that a fixture's user says: <c>TokenTotal Broken</c>.</summary>
public sealed class RacingAgent : IReplayDriver
{
    /// <summary>The agents by name.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> All { get; } =
        (
            from type in typeof(global::Races.TokenTotal).Assembly.GetExportedTypes()
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Static)
            where property.PropertyType == typeof(Dispatch)
            select (Name: $"{type.Name} {property.Name}", Property: property)
        ).ToDictionary(a => a.Name, a => a.Property, StringComparer.Ordinal);

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        new ToolLoop(services.ChatClient(), services.Tools(), (Dispatch)All[input.Text].GetValue(null)!).RunAsync(
            input.Text,
            cancellationToken
        );
}
