using ReplayHarness.Replays.Boundaries;

namespace ReplayHarness.Host.Controlled;

/// <summary>HTTP clients that rewritten code makes itself: SDKs of model providers do.</summary>
public static class ControlledHttp
{
    /// <summary>Instead of <c>new HttpClient()</c>.</summary>
    [Replaces(typeof(HttpClient), ".ctor")]
    public static HttpClient New() => new(AgentHttp.Behind(null));

    /// <summary>Instead of <c>new HttpClient(handler)</c>.</summary>
    [Replaces(typeof(HttpClient), ".ctor")]
    public static HttpClient New(HttpMessageHandler handler) => new(AgentHttp.Behind(handler));

    /// <summary>Instead of <c>new HttpClient(handler, disposeHandler)</c>.</summary>
    [Replaces(typeof(HttpClient), ".ctor")]
    public static HttpClient New(HttpMessageHandler handler, bool disposeHandler) => new(AgentHttp.Behind(handler), disposeHandler);
}
