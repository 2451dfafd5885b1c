#pragma warning disable RS0030 // Randomness of the agent's code is owned here: this file installs the seeded generator.
using System.Linq.Expressions;

namespace ReplayHarness.Host.Pumping;

/// <summary>
/// Makes <see cref="Random.Shared"/> a seeded generator on the threads that run agent code, so that jitter in retries repeats.
/// The runtime keeps one generator a thread; all carriers share one of ours, seeded anew for every schedule.
/// </summary>
internal static class SharedRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15UL;

    private static Action? s_install;
    private static Action<ulong>? s_seed;
    private static Func<ulong>? s_position;

    public static void TakeOver()
    {
        var names = RuntimeParts.Current.Random;
        var perThread = RuntimeParts.Field(RuntimeParts.Nested(typeof(Random), names.SharedType), names.OfThread);
        var implementation = RuntimeParts.Nested(typeof(Random), names.GeneratorType);
        var generator = Activator.CreateInstance(implementation, nonPublic: true)!;
        var state = names.Words.Select(word => RuntimeParts.Field(implementation, word)).ToArray();
        s_install = Expression
            .Lambda<Action>(Expression.Assign(Expression.Field(null, perThread), Expression.Constant(generator, implementation)))
            .Compile();
        s_seed = seed =>
        {
            for (var i = 0; i < state.Length; i++)
                state[i].SetValue(generator, Golden * (ulong)(i + 1) ^ (seed * ((2 * (ulong)i) + 1)));
        };
        s_position = () => state.Aggregate(0UL, (all, word) => (all * Golden) ^ (ulong)word.GetValue(generator)!);
    }

    /// <summary>Starts a sequence anew.</summary>
    public static void Seed(ulong seed) => s_seed!(seed);

    /// <summary>How far the sequence has come: the numbers to come depend on it.</summary>
    public static ulong Position => s_position!();

    /// <summary>Installs the generator on the current thread.</summary>
    public static void InstallOnThisThread() => s_install!();
}
