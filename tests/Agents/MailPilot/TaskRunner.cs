namespace MailPilot;

/// <summary>Runs one task, an inbound email, and retries it when it failed for a reason that may pass.</summary>
public sealed class TaskRunner(MailAgent agent, TimeProvider time)
{
    private static readonly TimeSpan[] s_backoff = [TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(300)];

    public async Task<string> RunAsync(string email, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Telemetry.TraceAsync(
                    "run.execute_task",
                    activity =>
                    {
                        activity?.SetTag("attempt", attempt);
                        return agent.AnswerAsync(email, cancellationToken);
                    }
                );
            }
            catch (TimeoutException) when (attempt <= s_backoff.Length)
            {
                await Task.Delay(s_backoff[attempt - 1], time, cancellationToken);
            }
        }
    }
}
