using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Server;

/// <summary>Responses that are none, below HTTP.</summary>
internal static class FaultyConnection
{
    private static readonly byte[] s_malformed = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nthis is no chunk\r\n"u8.ToArray();

    /// <summary>Ends the connection of a request as a fault does.</summary>
    public static async Task FailAsync(HttpContext context, HttpFault fault)
    {
        var socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is null || fault == HttpFault.NoAnswer)
        {
            context.Abort();
            return;
        }
        if (fault == HttpFault.MalformedResponse)
            await socket.SendAsync(s_malformed, context.RequestAborted).ConfigureAwait(false);
        if (fault == HttpFault.ConnectionReset)
        {
            // Closed with a linger of zero, a socket is reset.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
        }
        else
            socket.Shutdown(SocketShutdown.Send);
        context.Abort();
    }
}
