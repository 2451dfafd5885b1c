namespace ReplayHarness.Host.Controlled;

/// <summary>
/// How many iterations of a parallel loop run at once where the agent does not say: as many as there are processors. The process itself has
/// one, and overlap would silently be lost.
/// </summary>
public static class ControlledParallelism
{
    /// <summary>Instead of <c>new ParallelOptions()</c>.</summary>
    [Replaces(typeof(ParallelOptions), ".ctor")]
    public static ParallelOptions Options() => new() { MaxDegreeOfParallelism = OrProcessors(-1) };

    /// <summary>Instead of setting <see cref="ParallelOptions.MaxDegreeOfParallelism"/>.</summary>
    [Replaces(typeof(ParallelOptions), "set_MaxDegreeOfParallelism", Instance = true)]
    public static void SetDegree(ParallelOptions options, int value)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.MaxDegreeOfParallelism = OrProcessors(value);
    }

    private static int OrProcessors(int degree) => degree == -1 ? ControlledPool.Degree : degree;
}
