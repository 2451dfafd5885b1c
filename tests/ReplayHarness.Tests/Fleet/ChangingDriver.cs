using ReplayHarness.Replays;

namespace ReplayHarness.Tests.Fleet;

/// <summary>A driver that changes the file which a variable names, as somebody else may while a replay goes on.</summary>
public sealed class ChangingDriver : IReplayDriver
{
    public const string Variable = "CHANGED_MEANWHILE";

    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file)
            File.AppendAllText(file, "\n");
        return Task.CompletedTask;
    }
}
