using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ReplayHarness.Server;

/// <summary>
/// HTTP/2 without TLS on a port of HTTP/1.1, as the SDK of AWS speaks it. Kestrel takes the one or the other there; but who speaks HTTP/2
/// begins with words that say so.
/// </summary>
internal static class PriorKnowledge
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    /// <summary>What a connection goes through before it is one of HTTP.</summary>
    public static ConnectionDelegate Of(ConnectionDelegate next) =>
        async connection =>
        {
            if (await IsHttp2Async(connection.Transport.Input, connection.ConnectionClosed).ConfigureAwait(false))
            {
                // As if TLS had agreed on it.
                var agreed = new Agreed();
                connection.Features.Set<ITlsApplicationProtocolFeature>(agreed);
                connection.Features.Set<ITlsConnectionFeature>(agreed);
            }
            await next(connection).ConfigureAwait(false);
        };

    private static async Task<bool> IsHttp2Async(PipeReader input, CancellationToken closed)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(closed).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                return false;
            }
            var start = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, Preface.Length)).ToArray();
            var (fits, isWhole) = (Preface.StartsWith(start), start.Length == Preface.Length);
            var decided = !fits || isWhole || read.IsCompleted;
            // Nothing is taken; what is looked at again only when more has come.
            input.AdvanceTo(read.Buffer.Start, decided ? read.Buffer.Start : read.Buffer.End);
            if (decided)
                return fits && isWhole;
        }
    }

    private sealed class Agreed : ITlsApplicationProtocolFeature, ITlsConnectionFeature
    {
        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
    }
}
