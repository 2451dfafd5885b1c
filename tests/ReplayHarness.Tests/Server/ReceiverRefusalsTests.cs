using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ReplayHarness.Fixtures;
using ReplayHarness.Server;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Server;

/// <summary>What a receiver does not take: more than there is memory for, and what comes from a web page.</summary>
public sealed class ReceiverRefusalsTests
{
    private const int Budget = 64 << 10;

    [Test]
    public async Task Requests_share_one_budget_of_memory()
    {
        using var folder = new TempFolder();
        await using var receiver = await StartAsync(folder);
        // A body that never ends holds nearly all; a server drops one that is so slow, and then another takes its place.
        var slow = await HoldAsync(new Uri(receiver.HttpUrl));
        try
        {
            HttpResponseMessage answer;
            for (var tries = 1; (answer = await PostAsync(receiver, Padded(2000))).StatusCode == HttpStatusCode.OK; tries++)
            {
                await Task.Delay(5);
                if (tries % 400 != 0)
                    continue;
                slow.Dispose();
                slow = await HoldAsync(new Uri(receiver.HttpUrl));
            }
            Assert.That((answer.StatusCode, answer.Headers.RetryAfter?.ToString()), Is.EqualTo((HttpStatusCode.TooManyRequests, "1")));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain($"hold all of the {Budget} bytes").And.Contain("try again"));
            var (status, _, details) = await Grpc.SendAsync(receiver.GrpcUrl, "trace.v1.TraceService", new byte[2000]);
            Assert.That(status, Is.EqualTo("8"));
            // google.rpc.Status { code: 8, details: [RetryInfo { retry_delay: { seconds: 1 } }] }
            Assert.That(
                Convert.ToHexString(Convert.FromBase64String(details!.PadRight((details.Length + 3) / 4 * 4, '='))),
                Is.EqualTo("08081A300A28" + Convert.ToHexString("type.googleapis.com/google.rpc.RetryInfo"u8) + "12040A020801")
            );
            using var small = await PostAsync(receiver, "{}");
            Assert.That(small.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
        finally
        {
            slow.Dispose();
        }
        // Who goes away gives back what he held.
        HttpStatusCode later;
        while ((later = (await PostAsync(receiver, Padded(2000))).StatusCode) == HttpStatusCode.TooManyRequests)
            await Task.Delay(5);
        Assert.That(later, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<TcpClient> HoldAsync(Uri address)
    {
        var slow = new TcpClient();
        await slow.ConnectAsync(address.Host, address.Port);
        var head = $"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Budget - 1}\r\n\r\n";
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + new string(' ', Budget - 512)));
        return slow;
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task What_is_larger_than_all_of_it_is_too_large(bool isGzip)
    {
        using var folder = new TempFolder();
        await using var receiver = await StartAsync(folder);
        using var answer = await PostAsync(receiver, Padded(Budget + 1), isGzip);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(
            await answer.Content.ReadAsStringAsync(),
            Is.EqualTo($"the request is larger than {Budget} bytes, the most that is taken; send smaller batches")
        );
        var (status, message, details) = await Grpc.SendAsync(receiver.GrpcUrl, "logs.v1.LogsService", new byte[Budget + 1]);
        Assert.That((status, details), Is.EqualTo(("8", (string?)null)), message);
        Assert.That(Directory.GetFiles(folder.Path, "*.jsonl"), Is.Empty);
    }

    [TestCase("Origin", "http://localhost:3000", 403, "web pages have no access")]
    [TestCase("Origin", "null", 403, "web pages have no access")]
    [TestCase("Host", "rebound.example", 403, "the request is for the host 'rebound.example'")]
    [TestCase("Host", "localhost.example:4318", 403, "ask for 127.0.0.1 or localhost")]
    [TestCase("Host", "LOCALHOST", 200, "")]
    [TestCase("Host", "[::1]:4318", 200, "")]
    [TestCase("Content-Type", "text/plain", 415, "the content type is 'text/plain', expected application/json or application/x-protobuf")]
    [TestCase("Content-Type", "application/jsonp", 415, "")]
    [TestCase("Content-Type", "text/plain; a=application/json", 415, "")]
    [TestCase("Content-Type", "Application/JSON;charset=utf-8", 200, "")]
    [TestCase("Content-Encoding", "br", 415, "the content encoding is 'br', expected gzip or none")]
    public async Task What_a_web_page_sends_is_not_taken(string header, string value, int status, string why)
    {
        using var folder = new TempFolder();
        await using var receiver = await StartAsync(folder);
        using var answer = await PostAsync(receiver, "{}", isGzip: false, (header, value));
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(why));
        Assert.That(answer.Headers.Select(h => h.Key), Has.None.StartsWith("Access-Control"));
        Assert.That(File.Exists(FileIn(folder)), Is.EqualTo(status == 200));
    }

    [TestCase("/http/orders.example/c-1", HttpStatusCode.Forbidden)]
    [TestCase("http://orders.example/c-1", HttpStatusCode.NotFound)]
    public async Task The_mocks_answer_no_web_page_but_a_client_that_takes_them_for_its_proxy(string target, HttpStatusCode expected)
    {
        List<string> said = [];
        await using var server = await FixtureServer.StartAsync(
            new()
            {
                Fixture = FixtureFolder.Load(Data.Fixture),
                Clock = TimeProvider.System,
                TimeScale = 0,
                Log = said.Add,
            }
        );
        var address = new Uri(server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var head = $"GET {target} HTTP/1.1\r\nHost: orders.example\r\nOrigin: https://a.example\r\nConnection: close\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        using var reader = new StreamReader(client.GetStream());
        Assert.That(await reader.ReadLineAsync(), Does.StartWith($"HTTP/1.1 {(int)expected} "));
        Assert.That(
            string.Join('\n', said).Contains("web pages", StringComparison.Ordinal),
            Is.EqualTo(expected == HttpStatusCode.Forbidden)
        );
    }

    private static string FileIn(TempFolder folder) => Path.Combine(folder.Path, "day.jsonl");

    // A request of OTLP/JSON with so many bytes.
    private static string Padded(int bytes) => "{" + new string(' ', bytes - 2) + "}";

    private static Task<OtlpReceiver> StartAsync(TempFolder folder) =>
        OtlpReceiver.StartAsync(
            new()
            {
                File = FileIn(folder),
                HttpPort = 0,
                GrpcPort = 0,
                MemoryBytes = Budget,
            }
        );

    private static async Task<HttpResponseMessage> PostAsync(
        OtlpReceiver receiver,
        string body,
        bool isGzip = false,
        params (string Name, string Value)[] headers
    )
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{receiver.HttpUrl}/v1/traces")
        {
            Content = new ByteArrayContent(isGzip ? Zipped(body) : Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.ContentType = new("application/json");
        if (isGzip)
            request.Content.Headers.ContentEncoding.Add("gzip");
        foreach (var (name, value) in headers)
        {
            if (request.Headers.TryAddWithoutValidation(name, value))
                continue;
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return await client.SendAsync(request);
    }

    private static byte[] Zipped(string body)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(body));
        return bytes.ToArray();
    }
}
