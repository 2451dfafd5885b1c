using Microsoft.Extensions.AI;

namespace TeamAgents;

/// <summary>What stands around a model in these agents.</summary>
internal static class Pipeline
{
    /// <summary>Calls that are invoked at once, and telemetry with content.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The name of the telemetry's source.</param>
    /// <param name="fatal">Whether a tool's error ends the run, instead of being told to the model.</param>
    public static IChatClient Around(IChatClient model, string source, bool fatal) =>
        model
            .AsBuilder()
            .UseFunctionInvocation(configure: f =>
            {
                f.AllowConcurrentInvocation = true;
                if (fatal)
                    f.MaximumConsecutiveErrorsPerRequest = 0;
            })
            .UseOpenTelemetry(sourceName: source, configure: t => t.EnableSensitiveData = true)
            .Build();
}
