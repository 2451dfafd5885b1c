using System.Diagnostics;

namespace MailPilot;

/// <summary>The agent's own spans.</summary>
public static class Telemetry
{
    public const string SourceName = "MailPilot";

    private static readonly ActivitySource s_source = new(SourceName);

    public static async Task<T> TraceAsync<T>(string name, Func<Activity?, Task<T>> body)
    {
        using var activity = s_source.StartActivity(name);
        try
        {
            return await body(activity);
        }
        catch (Exception e)
        {
            activity?.AddException(e);
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
    }
}
