using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli.Fleet;

/// <summary>
/// One of several parts of a list of jobs. Which part a job is in depends on its name alone: another incident moves none of the others.
/// With weights it depends on all of them.
/// </summary>
/// <param name="Index">Which, from 1.</param>
/// <param name="Count">Of how many.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>The word for what the engine says in the environment.</summary>
    public const string Auto = "auto";

    // The number of the part, from which number it is counted, and how many there are.
    private static readonly (string Index, int First, string Count)[] s_engines =
    [
        ("SLURM_ARRAY_TASK_ID", 0, "SLURM_ARRAY_TASK_COUNT"),
        ("JOB_COMPLETION_INDEX", 0, "REPLAYHARNESS_SHARDS"),
        ("CI_NODE_INDEX", 1, "CI_NODE_TOTAL"),
        ("CIRCLE_NODE_INDEX", 0, "CIRCLE_NODE_TOTAL"),
        ("TEST_SHARD_INDEX", 0, "TEST_TOTAL_SHARDS"),
        ("SYSTEM_JOBPOSITIONINPHASE", 1, "SYSTEM_TOTALJOBSINPHASE"),
    ];

    /// <summary>A part by its words: <c>3/16</c>, or <c>auto</c>.</summary>
    /// <param name="text">The words.</param>
    /// <param name="option">The option that they belong to.</param>
    /// <exception cref="BadInputException">It is something else, or nothing in the environment says which.</exception>
    public static Shard Parse(string text, string option = "--shard")
    {
        if (text == Auto)
            return OfEngine(option);
        return text.Split('/') is [var index, var count] && NumberOf(index) is { } i && NumberOf(count) is { } n && i >= 1 && i <= n
            ? new(i, n)
            : throw new BadInputException($"{option} {text}: expected I/N with I from 1 to N, for example 3/16, or auto");
    }

    /// <summary>The jobs that are of this part, in order.</summary>
    /// <param name="jobs">All jobs.</param>
    /// <param name="weights">How long each takes; null to divide by names alone.</param>
    public IReadOnlyList<FleetJob> Of(IReadOnlyList<FleetJob> jobs, FleetWeights? weights)
    {
        var divided = weights?.Divide(jobs, Count);
        return [.. jobs.Where(j => (divided?[j.Name] ?? PartOf(j.Name)) == Index - 1)];
    }

    private int PartOf(string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)Count);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static Shard OfEngine(string option)
    {
        foreach (var (index, first, count) in s_engines)
        {
            if (Environment.GetEnvironmentVariable(index) is not { Length: > 0 } text)
                continue;
            // An array of Slurm may begin at any number.
            var least = index == "SLURM_ARRAY_TASK_ID" ? Number("SLURM_ARRAY_TASK_MIN", option) : first;
            NoteBazel();
            var shard = new Shard(Number(index, option) - least + 1, Number(count, option));
            return shard.Index >= 1 && shard.Index <= shard.Count
                ? shard
                : throw new BadInputException($"{option} auto: {index} is {text}, which is none of {shard.Count} ({count})");
        }
        throw new BadInputException(
            $"{option} auto: nothing in the environment says which part this is; give I/N, or set one of "
                + string.Join(", ", s_engines.Select(e => e.Index))
        );
    }

    // Bazel fails a test that does not say that it knows of parts.
    private static void NoteBazel()
    {
        if (Environment.GetEnvironmentVariable("TEST_SHARD_STATUS_FILE") is { Length: > 0 } file)
            File.WriteAllText(file, "");
    }

    private static int Number(string variable, string option) =>
        NumberOf(Environment.GetEnvironmentVariable(variable))
        ?? throw new BadInputException(
            $"{option} auto: {variable} is {Environment.GetEnvironmentVariable(variable) ?? "not set"}; expected a number"
        );

    private static int? NumberOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
