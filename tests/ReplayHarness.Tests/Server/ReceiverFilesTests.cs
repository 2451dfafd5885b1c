using System.Net;
using System.Text;
using ReplayHarness.Server;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Server;

/// <summary>What a receiver does with the files that it writes: torn ones, those of another, and those that cannot be written.</summary>
public sealed class ReceiverFilesTests
{
    private static readonly string s_line = File.ReadLines(Data.TracesOf("strands")).First();

    [TestCase("{\"resourceSpans\":[{\"resource\":{\"attri", true)]
    [TestCase("", false)]
    public async Task A_torn_line_spoils_nothing_that_comes_after(string torn, bool isTold)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "day.jsonl");
        var first = File.ReadLines(Data.DriveTimeout).First();
        await File.WriteAllTextAsync(file, first + "\n" + torn);
        List<string> said = [];
        await using (var receiver = await StartAsync(file, said))
            Assert.That(await PostAsync(receiver), Is.EqualTo(HttpStatusCode.OK));
        var read = TraceFiles.Load(file);
        Assert.That(read.Problems, Has.Count.EqualTo(isTold ? 1 : 0));
        Assert.That(read.Traces.Select(t => t.TraceId), Is.EquivalentTo(Ids(first).Concat(Ids(s_line))));
        Assert.That(
            said,
            isTold
                ? Is.EqualTo(
                    new[]
                    {
                        $"{file}: its last {torn.Length} bytes are a torn line, for who wrote it was ended within; "
                            + "it was closed, and new lines come after it; nothing acknowledged is lost, "
                            + "since a line is acknowledged only when it is whole",
                    }
                )
                : Is.Empty
        );
    }

    [Test]
    public async Task A_file_has_one_writer_and_many_readers_over_a_rotation_too()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "day.jsonl");
        await using var receiver = await StartAsync(file, [], maxBytes: s_line.Length + 1);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(await PostAsync(receiver), Is.EqualTo(HttpStatusCode.OK));
            using var held = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Assert.That(TraceFiles.Load(file, strict: true).Traces, Has.Count.EqualTo(Ids(s_line).Length));
            var second = (await Assert.ThrowsAsync<BadInputException>(() => StartAsync(file, [])))!;
            Assert.That(
                second.Message,
                Is.EqualTo(
                    $"cannot write {file}: another 'replay-harness listen' writes it (and holds {file}.lock); stop that one, or take "
                        + "another file"
                )
            );
        }
        Assert.That(TraceFiles.Load(Path.Combine(folder.Path, "day*.jsonl")).Traces.Select(t => t.TraceId), Is.EquivalentTo(Ids(s_line)));
        Assert.That(Directory.GetFiles(folder.Path, "day*.jsonl"), Has.Length.EqualTo(3));
        await receiver.DisposeAsync();
        await using var next = await StartAsync(file, []);
        Assert.That(await PostAsync(next), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task What_cannot_be_written_is_sent_again_and_told_once()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "day.jsonl");
        List<string> said = [];
        await using var receiver = await StartAsync(file, said);
        // A folder stands where the file belongs: who runs as root may write any file.
        Directory.CreateDirectory(file);
        foreach (var _ in (int[])[1, 2])
            Assert.That(await PostAsync(receiver), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        var (status, message, _) = await Grpc.SendAsync(receiver.GrpcUrl, "trace.v1.TraceService", []);
        Assert.That((status, message), Is.EqualTo(("14", $"{file} cannot be written now: Access to the path '{file}' is denied.")));
        Assert.That(
            said,
            Is.EqualTo(new[] { $"{file}: cannot be written now: Access to the path '{file}' is denied; exporters are told to try again" })
        );
        Directory.Delete(file);
        Assert.That(await PostAsync(receiver), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(said.Skip(1), Is.EqualTo(new[] { $"{file}: is written again" }));
        Assert.That(TraceFiles.Load(file, strict: true).Traces.Select(t => t.TraceId), Is.EquivalentTo(Ids(s_line)));
    }

    private static string[] Ids(string line)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(line + "\n"));
        return [.. TraceFiles.Load(stream, "line").Traces.Select(t => t.TraceId)];
    }

    private static Task<OtlpReceiver> StartAsync(string file, List<string> said, long maxBytes = 1 << 20) =>
        OtlpReceiver.StartAsync(
            new()
            {
                File = file,
                HttpPort = 0,
                GrpcPort = 0,
                MaxBytes = maxBytes,
                Log = said.Add,
            }
        );

    private static async Task<HttpStatusCode> PostAsync(OtlpReceiver receiver)
    {
        using var client = new HttpClient();
        using var content = new StringContent(s_line, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri($"{receiver.HttpUrl}/v1/traces"), content);
        return answer.StatusCode;
    }
}
