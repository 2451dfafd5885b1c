using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Support;

/// <summary>The real input that the tests read: traces of frameworks, and the two incidents.</summary>
internal static class Data
{
    public const string FirstAttempt = "019e6b596ee79a3a7bd5d48d62d2856c";
    public const string TaskId = "019e6b46-66ea-75c2-846b-f02acf19b321";

    public static string Root { get; } = AppContext.BaseDirectory;

    public static string DriveTimeout => Path("incidents/drive-timeout/traces.otlp.jsonl");

    public static string ThreeRuns => Path("incidents/three-runs/traces.otlp.jsonl");

    public static string Fixture => System.IO.Path.Combine(Root, "fixtures", "drive-timeout");

    public static string Path(string relative) => System.IO.Path.Combine(Root, "Data", relative);

    public static string TracesOf(string framework) =>
        Path($"traces/{framework}/{(framework == "vercel-ai6-zipkin" ? "trace.zipkin.v2.json" : "traces.otlp.jsonl")}");

    public static IReadOnlyList<Trace> Load(string file) => TraceFiles.Load(file, strict: true).Traces;

    /// <summary>Every trace file there is.</summary>
    public static IEnumerable<string> AllFiles() =>
        Directory
            .GetFiles(System.IO.Path.Combine(Root, "Data"), "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith("otlp.jsonl", StringComparison.Ordinal) || f.EndsWith(".v2.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>The traces of all those files that can be read.</summary>
    public static IEnumerable<Trace> AllTraces() => AllFiles().SelectMany(file => TraceFiles.Load(file).Traces);
}

/// <summary>A folder that is deleted after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("replay-harness-test-").FullName;

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A copy of a fixture.</summary>
    public string CopyFixture(string incident = "drive-timeout")
    {
        var fixture = System.IO.Path.Combine(Data.Root, "fixtures", incident);
        foreach (var file in Directory.GetFiles(fixture, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(fixture, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return Path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
