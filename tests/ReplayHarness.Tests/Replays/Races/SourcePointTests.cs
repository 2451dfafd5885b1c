using System.Security.Cryptography;
using System.Text;
using ReplayHarness.Replays.Races;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Replays;

/// <summary>A line of the source is shown where the file that was compiled is at hand, and nothing else is.</summary>
public sealed class SourcePointTests
{
    private readonly TempFolder _folder = new();
    private string _file = null!;
    private string _sum = null!;

    [OneTimeSetUp]
    public void Write()
    {
        var text = $"first\r\n\t  _slot = slot; \n\n{new string('x', 159)}\U0001F600{new string('y', 10)}\n";
        _file = _folder.Write("Code.cs", text);
        _sum = SumOf(Encoding.UTF8.GetBytes(text));
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_line_is_shown_without_its_indentation_and_cut_where_it_is_long() =>
        Assert.That(
            Enumerable.Range(1, 5).Select(line => new SourcePoint(_file, line, _sum).Read()),
            Is.EqualTo(new[] { "first", "_slot = slot;", null, new string('x', 159) + "…", null })
        );

    [Test]
    public void Another_file_than_was_compiled_is_not_shown()
    {
        var other = _folder.Write("Other.cs", "secret");
        Assert.That(new SourcePoint(other, 1, _sum).Read(), Is.Null);
        Assert.That(new SourcePoint(other, 1, "").Read(), Is.Null);
    }

    [Test]
    public void What_is_no_file_of_a_source_is_not_read()
    {
        var large = _folder.Write("Large.cs", new string('\n', (4 * 1024 * 1024) + 1));
        var sum = SumOf(File.ReadAllBytes(large));
        string[] others = [large, _folder.Path, Path.Combine(_folder.Path, "Missing.cs"), "Code.cs", "/_/src/Code.cs", "/dev/zero", "a\0b"];
        Assert.That(others.Select(file => new SourcePoint(file, 1, sum).Read()), Is.All.Null);
    }

    private static string SumOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
