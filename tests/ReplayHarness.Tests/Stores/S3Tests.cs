using System.Globalization;
using System.IO.Compression;
using System.Text;
using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Stores;

/// <summary>The objects of a bucket, asked of a real server.</summary>
public sealed class S3Tests
{
    private static string Row(int n) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"trace_id":"{{{n + 1:x32}}}","span_id":"{{{n + 1:x16}}}","span_name":"s","start_timestamp":"2026-01-01T00:00:00Z","duration":1}"""
        );

    private static byte[] Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static async Task<(string[] Traces, ToolResult Result)> ReadAsync(S3Server server, string source, params string[] more)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "all.jsonl");
        var result = await server.AskAsync(["convert", source, "--out", file, .. more]);
        return (File.Exists(file) && new FileInfo(file).Length > 0 ? [.. TraceFiles.Load(file).Traces.Select(t => t.TraceId)] : [], result);
    }

    [Test]
    public async Task Everything_below_a_prefix_is_read_as_local_files_are()
    {
        using var server = await S3Server.StartAsync();
        await server.PutAsync("day/a b%20ü#1.json", Row(0));
        await server.PutAsync("day/packed", Gzip(Row(1)));
        await server.PutAsync("day/x.jsonl.gz", Gzip(Row(2)));
        await server.PutAsync("day/deep/y.jsonl", Row(3));
        await server.PutAsync("day/t.parquet", File.ReadAllBytes(Path.Combine(Data.Root, "Data", "parquet", "clickhouse.parquet")));
        await server.PutAsync("day/empty.json", "");
        await server.PutAsync("day/deep/", "");
        await server.PutAsync("day/notes.md", "# notes");
        await server.PutAsync("day/torn.parquet", "PAR1 torn");
        await server.PutAsync("other/z.json", Row(9));

        var (all, result) = await ReadAsync(server, "s3://traces/day/");
        Assert.That(all, Has.Length.EqualTo(5), result.Errors);
        Assert.That(result.Errors, Does.Contain("2 objects were left out").And.Contain("day/empty.json, day/notes.md"));
        Assert.That(result.Errors, Does.Contain("s3://traces/day/torn.parquet: is a Parquet file that is damaged or cut off"));

        Assert.That((await ReadAsync(server, "s3://traces/day/*.jsonl.gz")).Traces, Has.Length.EqualTo(1));
        Assert.That((await ReadAsync(server, "s3://traces/**/*.jsonl")).Traces, Has.Length.EqualTo(1));
        var (one, odd) = await ReadAsync(server, "s3://traces/day/a b%20ü#1.json");
        Assert.That((one.Length, odd.Errors), Is.EqualTo((1, "")));

        var (none, late) = await ReadAsync(server, "s3://traces/day/x", "--since", "2199-01-01T00:00:00Z");
        Assert.That((none.Length, late.Errors), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task More_objects_than_a_page_are_all_read()
    {
        using var server = await S3Server.StartAsync();
        await Parallel.ForAsync(0, 1001, async (n, _) => await server.PutAsync($"many/{n:0000}.json", Row(n)));
        var (all, result) = await ReadAsync(server, "s3://traces/many");
        Assert.That((all.Length, result.Errors), Is.EqualTo((1001, "")));
    }

    [Test]
    public async Task What_cannot_be_read_is_one_clear_sentence()
    {
        using var server = await S3Server.StartAsync();
        async Task SaysAsync(string source, string expected, string key = "S3RVER")
        {
            var result = await server.AskAsync(key, ["find", source, "--where", "a=b"]);
            Assert.That(result.ExitCode, Is.EqualTo(3), result.Errors);
            Assert.That(result.Errors, Does.Contain(expected).And.Not.Contain("   at ").And.Not.Contain("S3RVER"));
            Assert.That(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1), result.Errors);
        }
        await SaysAsync("s3://traces/nothing/", "no object's key begins so");
        await SaysAsync("s3://traces/*.json", "no object's key matches");
        await SaysAsync("s3://nowhere/x", "there is no bucket nowhere");
        await SaysAsync("s3://traces/x", "the credentials are refused", key: "SOMEONE");
        await SaysAsync("s3://", "names no bucket");
    }
}
