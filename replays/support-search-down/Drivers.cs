using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Replays;
using Support;

namespace Replays.Support;

/// <summary>Starts SupportAgent; each driver is one deployment.</summary>
public abstract class SupportDriver(SupportOptions options) : IReplayDriver
{
    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        new SupportAgent(services.ChatClient(), services.Tools(), options).AnswerAsync(input.Text, cancellationToken);
}

/// <summary>The agent as it was when it failed, in all three ways.</summary>
public sealed class Deployed() : SupportDriver(new SupportOptions());

/// <summary>One attempt, and its error goes to the model.</summary>
public sealed class Tolerant() : SupportDriver(new SupportOptions { ToolAttempts = 1, ToolErrorsToModel = true });

/// <summary>The error goes to the model, after three attempts.</summary>
public sealed class Stubborn() : SupportDriver(new SupportOptions { ToolErrorsToModel = true });

/// <summary>Answers from the documents where the model fails.</summary>
public sealed class Fallback() : SupportDriver(new SupportOptions { AnswersWithoutModel = true });

/// <summary>Hands over when the model repeats itself.</summary>
public sealed class Guarded() : SupportDriver(new SupportOptions { StopsAtRepeats = true });
