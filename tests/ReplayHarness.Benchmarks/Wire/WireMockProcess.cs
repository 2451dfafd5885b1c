using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ReplayHarness.Benchmarks.Wire;

/// <summary>WireMock with one mapping, in a process of its own.</summary>
internal sealed class WireMockProcess : IDisposable
{
    private readonly Process _process;

    private WireMockProcess(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public static async Task<WireMockProcess> StartAsync(string jar, string path, byte[] answer)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var url = $"http://127.0.0.1:{port}";
        var process = Process.Start(
            new ProcessStartInfo(
                "java",
                [
                    "-jar",
                    jar,
                    "--port",
                    $"{port}",
                    "--bind-address",
                    "127.0.0.1",
                    "--disable-banner",
                    "--no-request-journal",
                    "--root-dir",
                    Directory.CreateTempSubdirectory("wiremock").FullName,
                ]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        var mapping = JsonSerializer.Serialize(
            new
            {
                request = new { method = "POST", url = path },
                response = new
                {
                    status = 200,
                    body = Encoding.UTF8.GetString(answer),
                    headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
                },
            }
        );
        using var http = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var added = await http.PostAsync(new Uri($"{url}/__admin/mappings"), new StringContent(mapping));
                if (added.IsSuccessStatusCode)
                    return new(process, url);
            }
            catch (HttpRequestException) when (tries < 300)
            {
                await Task.Delay(100);
            }
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
