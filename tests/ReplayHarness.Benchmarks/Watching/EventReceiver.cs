using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ReplayHarness.Benchmarks.Watching;

/// <summary>Takes the events of <c>watch</c>, and writes a line for each: its id, and a hash of its body.</summary>
internal static class EventReceiver
{
    // Who asks is told now and then to ask again.
    private const int BusyEvery = 7;

    /// <summary>Serves until it is ended; its address is printed first.</summary>
    public static async Task<int> RunAsync(string file, string key)
    {
        using var listener = new HttpListener();
        var url = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}/";
        listener.Prefixes.Add(url);
        listener.Start();
        Console.WriteLine(url);
        for (var asked = 1; ; asked++)
        {
            var context = await listener.GetContextAsync();
            try
            {
                context.Response.StatusCode = asked % BusyEvery == 0 ? 503 : await TakeAsync(context.Request, file, key);
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or IOException)
            {
                // Who asked was killed meanwhile.
            }
        }
    }

    private static async Task<int> TakeAsync(HttpListenerRequest request, string file, string key)
    {
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        var signature = $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body.ToArray()))}";
        if (request.ContentLength64 != body.Length)
            return 400;
        if (request.Headers["X-ReplayHarness-Signature"] != signature)
        {
            await File.AppendAllTextAsync(file, "a signature is wrong\n");
            return 400;
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(body.ToArray()))[..16];
        await File.AppendAllTextAsync(file, $"{Uri.UnescapeDataString(request.Headers["X-ReplayHarness-Event"]!)} {hash}\n");
        return 204;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
