using System.Text.Json;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>The kernel by itself, in the process that the benchmarks use.</summary>
public sealed class KernelTests
{
    [Test]
    public void Random_agents_have_the_same_outcomes_and_counts_merged_and_one_by_one()
    {
        var figures = Run("audit", "300");
        Assert.That((Number(figures, "audited"), Number(figures, "mismatches")), Is.EqualTo((287, 0)));
        Assert.That(Number(figures, "runs"), Is.LessThan(35_000));
    }

    [Test]
    public void Agents_on_the_official_SDKs_give_one_log_hash_for_one_seed_and_merge_soundly()
    {
        var figures = Run("sdks", "200");
        var agents = figures.GetProperty("agents").EnumerateArray().ToDictionary(a => a.GetProperty("name").GetString()!);
        Assert.That(agents.Keys, Is.EqualTo(new[] { "OpenAI", "Anthropic", "Polly", "MCP" }));
        foreach (var (name, agent) in agents)
        {
            Assert.That((Number(agent, "hashes"), agent.GetProperty("same").GetBoolean()), Is.EqualTo((1, true)), name);
            Assert.That(agent.GetProperty("uncontrolled").EnumerateArray(), Is.Empty, name);
        }
        Assert.That((Number(figures, "schedules"), Number(figures, "runs")), Is.EqualTo((13_824, 70)));
    }

    [Test]
    public void One_seed_gives_one_log_hash_over_every_kind_of_hop() =>
        Assert.That(Number(Run("kernel", "20000"), "hashes"), Is.EqualTo(1));

    private static int Number(JsonElement figures, string name) => figures.GetProperty(name).GetInt32();

    private static JsonElement Run(params string[] arguments)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "figures.json");
        KernelProgram.Run("ReplayHarness.Benchmarks", arguments, ("BENCHMARK_FIGURES", file));
        return JsonDocument.Parse(File.ReadAllText(file)).RootElement;
    }
}
