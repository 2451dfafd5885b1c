using System.Runtime.CompilerServices;
using NUnit.Framework.Interfaces;
using ReplayHarness.Running;
using ReplayHarness.Server.Driving;

namespace ReplayHarness.NUnit;

/// <summary>
/// Tests of an agent in another process or language, which a command starts: <c>[DriveCases(Command = ["node", "agent.mjs"])]</c>.
/// </summary>
/// <inheritdoc cref="CasesAttribute"/>
/// <param name="sourceFile">The test's source file; the compiler fills it in.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DriveCasesAttribute([CallerFilePath] string sourceFile = "") : CasesAttribute(sourceFile)
{
    /// <summary>
    /// The agent's program and its arguments. It runs in the folder of the test's source file, and is started anew for each schedule.
    /// </summary>
    public required string[] Command { get; init; }

    /// <summary>Real seconds for each captured second; above 0.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>The longest that one schedule may take, in seconds of real time; above 0.</summary>
    public double DeadlineSeconds { get; init; } = 60;

    /// <summary>How long the agent must be quiet before the next answer is chosen, in milliseconds; above 0.</summary>
    public int SettleMilliseconds { get; init; } = 60;

    /// <summary>The path of libfaketime, which scales the agent's own clock too; null leaves it alone.</summary>
    public string? FakeTime { get; init; }

    internal override Agent AgentOf(ExpectedAgent expected, IMethodInfo method)
    {
        if (Command.Length == 0)
            throw new ArgumentException("[DriveCases] needs a command: the agent's program and its arguments");
        var options = new DriveOptions
        {
            TimeScale = TimeScale,
            Deadline = TimeSpan.FromSeconds(DeadlineSeconds),
            Settle = TimeSpan.FromMilliseconds(SettleMilliseconds),
            FakeTime = FakeTime,
            WorkingDirectory = Path.GetDirectoryName(SourceFile),
        };
        return Running.Agent.Command(options, Command[0], Command[1..]);
    }
}
