using System.Diagnostics;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ReplayHarness.Tests.Repository;

namespace ReplayHarness.Tests.Support;

/// <summary>s3rver, a server that speaks as S3 does, from npm, with one bucket <c>traces</c>.</summary>
internal sealed class S3Server : IDisposable
{
    public const string Bucket = "traces";

    private readonly TempFolder _folder;
    private readonly Process _process;
    private readonly AmazonS3Client _client;

    private S3Server(TempFolder folder, Process process, string url)
    {
        (_folder, _process, Url) = (folder, process, url);
        _client = new(
            new BasicAWSCredentials("S3RVER", "S3RVER"),
            new AmazonS3Config
            {
                ServiceURL = url,
                ForcePathStyle = true,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
    }

    public string Url { get; }

    /// <summary>Starts it; skips the test where it is not installed.</summary>
    public static async Task<S3Server> StartAsync()
    {
        var script = Path.Combine(Repo.Root, "tests/ReplayHarness.Tests/Stores/s3/node_modules/s3rver/bin/s3rver.js");
        if (Component.OnPath("node") is not { } node || !System.IO.File.Exists(script))
        {
            Component.Missing("s3rver or node is not installed (npm ci --prefix tests/ReplayHarness.Tests/Stores/s3)");
            throw new InvalidOperationException();
        }
        var folder = new TempFolder();
        var port = Component.FreePort();
        // Its tokens for further pages are made with DES.
        var process = Process.Start(
            new ProcessStartInfo(node, ["--openssl-legacy-provider", script, "-d", folder.Path, "-a", "127.0.0.1", "-p", $"{port}", "-s"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        var server = new S3Server(folder, process, $"http://127.0.0.1:{port}");
        for (var tries = 0; ; tries++)
        {
            try
            {
                await server._client.PutBucketAsync(Bucket);
                return server;
            }
            catch (Exception e) when (tries < 200 && e is HttpRequestException or AmazonClientException)
            {
                await Task.Delay(50);
            }
        }
    }

    public Task PutAsync(string key, string text) => PutAsync(key, Encoding.UTF8.GetBytes(text));

    public async Task PutAsync(string key, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await _client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                InputStream = stream,
                UseChunkEncoding = false,
            }
        );
    }

    public Task<ToolResult> AskAsync(params string[] arguments) => AskAsync("S3RVER", arguments);

    public Task<ToolResult> AskAsync(string key, string[] arguments) =>
        Tool.RunWithAsync(
            [("AWS_ENDPOINT_URL_S3", Url), ("AWS_ACCESS_KEY_ID", key), ("AWS_SECRET_ACCESS_KEY", "S3RVER"), ("AWS_REGION", "us-east-1")],
            arguments
        );

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}
