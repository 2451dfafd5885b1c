using ReplayHarness.Tests.Support;
using ReplayHarness.Traces;

namespace ReplayHarness.Tests.Traces;

/// <summary>A glob as a source: <c>*</c> within a name, <c>**</c> for any folders, and no link.</summary>
public sealed class GlobTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void Files()
    {
        _folder = new();
        var digit = 1;
        foreach (var file in (string[])["a/x.json", "a/b/y.json", "a/b/c/z.json", "a/.h/hidden.json", "a/b/Y.JSON", "a/x.txt"])
            Write(file, digit++);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "a", "b", "loop"), "..");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "a", "link.json"), "x.json");
    }

    [TearDown]
    public void Clean() => _folder.Dispose();

    [TestCase("a/*.json", "1")]
    [TestCase("a/**/*.json", "1 2 3 4")]
    [TestCase("*/b/*.json", "2")]
    [TestCase("a/*/*.json", "2 4")]
    [TestCase("**/c/*", "3")]
    [TestCase("a/**/b/**/*.json", "2 3")]
    [TestCase("a/x*", "1 6")]
    public void Files_match(string glob, string digits) =>
        Assert.That(
            string.Join(' ', TraceFiles.Load(Path.Combine(_folder.Path, glob)).Traces.Select(t => t.TraceId[^1]).Order()),
            Is.EqualTo(digits)
        );

    [TestCase("a/*.xml")]
    [TestCase("nowhere/*.json")]
    public void None_is_an_error(string glob)
    {
        var source = Path.Combine(_folder.Path, glob);
        Assert.That(() => TraceFiles.Load(source), Throws.TypeOf<BadInputException>().With.Message.EqualTo($"{source}: no file matches"));
    }

    private void Write(string file, int digit)
    {
        var path = Path.Combine(_folder.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(
            path,
            $$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"{{digit:d32}}","spanId":"{{digit:d16}}","name":"n","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}"""
        );
    }
}
