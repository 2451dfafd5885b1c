using System.Diagnostics;
using ReplayHarness.Tests.Repository;

namespace ReplayHarness.Tests.Support;

/// <summary>WireMock itself, from npm, on Java.</summary>
internal sealed class RealWireMock : IDisposable
{
    private readonly Process _process;

    private RealWireMock(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>Starts it with a mapping file; skips the test where it is not installed.</summary>
    public static async Task<RealWireMock> StartAsync(TempFolder folder, string mappings)
    {
        var modules = Path.Combine(Repo.Root, "tests", "ReplayHarness.Tests", "Fixtures", "wiremock", "node_modules");
        var jar = Directory.Exists(modules)
            ? Directory.GetFiles(modules, "wiremock-standalone-*.jar", SearchOption.AllDirectories).FirstOrDefault()
            : null;
        var java = Component.OnPath("java");
        if (jar is null || java is null)
            Component.Missing(
                $"WireMock or Java is not installed (npm ci --prefix {Path.GetRelativePath(Repo.Root, Path.GetDirectoryName(modules)!)})"
            );
        var root = Path.Combine(folder.Path, "wiremock");
        Directory.CreateDirectory(Path.Combine(root, "mappings"));
        File.Copy(mappings, Path.Combine(root, "mappings", "all.json"));
        var port = Component.FreePort();
        var process = Process.Start(
            new ProcessStartInfo(
                java!,
                ["-jar", jar!, "--port", $"{port}", "--bind-address", "127.0.0.1", "--root-dir", root, "--disable-banner"]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        var url = new Uri($"http://127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = url };
        for (var tries = 0; tries < 300; tries++)
        {
            try
            {
                using var health = await http.GetAsync(new Uri("/__admin/mappings", UriKind.Relative));
                if (health.IsSuccessStatusCode)
                    return new(process, url);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }
        process.Kill();
        throw new InvalidOperationException("WireMock did not start");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
