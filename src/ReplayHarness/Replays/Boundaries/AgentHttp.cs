namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// The clients that an agent, or a package it uses, makes itself instead of taking them from its container: while a schedule runs, what
/// they send goes to its http boundary. A client may outlive its schedule (a static one does), so the boundary is asked for at each
/// request.
/// </summary>
internal static class AgentHttp
{
    /// <summary>The boundary of the schedule that runs, or null.</summary>
    public static HttpBoundary? Boundary => ProcessState.Current?.Http;

    /// <summary>
    /// What a client of the agent's is to send with: the handlers it asked for, the innermost, which would open a connection, replaced.
    /// </summary>
    public static HttpMessageHandler Behind(HttpMessageHandler? handler)
    {
        if (handler is null or HttpClientHandler or SocketsHttpHandler)
            return new Ambient(handler);
        var innermost = handler as DelegatingHandler;
        while (innermost?.InnerHandler is DelegatingHandler inner)
            innermost = inner;
        if (innermost is { InnerHandler: null or HttpClientHandler or SocketsHttpHandler })
            innermost.InnerHandler = new Ambient(innermost.InnerHandler);
        return handler;
    }

    private sealed class Ambient(HttpMessageHandler? original) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _outside = new(original ?? new SocketsHttpHandler());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Boundary is { } boundary ? boundary.AnswerAsync(request, cancellationToken) : _outside.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _outside.Dispose();
            base.Dispose(disposing);
        }
    }
}
