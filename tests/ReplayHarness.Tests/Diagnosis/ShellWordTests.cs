using System.Diagnostics;
using ReplayHarness.Diagnosis;
using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Diagnosis;

/// <summary>Words of printed commands are one word to a shell, and what they say.</summary>
public sealed class ShellWordTests
{
    private static readonly string[] s_texts =
    [
        "",
        "fixtures/order-desk",
        "it's",
        "a b",
        "$(id) `id` ${HOME} $HOME",
        "; rm -rf /tmp/nothing & | > x",
        "\\ \" ' !",
        "-rf",
        "~/x *?[a]",
        "line\nline\ttab\u001b[31m\u202e\u2028",
        "it's\nand \\n",
        "\u00e9\u4e2d\ud83d\ude00 \u2018\u201c\u2019",
    ];

    [TestCaseSource(nameof(s_texts))]
    public void A_shell_reads_the_text(string text)
    {
        var bash = Component.OnPath("bash");
        if (bash is null)
            Component.Missing("bash is not installed");
        var start = new ProcessStartInfo(bash!) { RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"printf '%s|' {ShellWord.Posix(text)} end");
        using var process = Process.Start(start)!;
        Assert.That(process.StandardOutput.ReadToEnd(), Is.EqualTo($"{text}|end|"));
        Assert.That(ShellWord.Posix(text), Does.Not.Contain("\n"));
    }

    // In single quotes PowerShell reads all but quotation marks as they are; in double quotes, all but these that are marked.
    [TestCase("", "''")]
    [TestCase(@"C:\agents\Desk.dll", @"C:\agents\Desk.dll")]
    [TestCase("-a.b", "'-a.b'")]
    [TestCase("it's", "'it''s'")]
    [TestCase("a\u2019b", "'a\u2019\u2019b'")]
    [TestCase("$(calc) `x", "'$(calc) `x'")]
    [TestCase("@args", "'@args'")]
    [TestCase("a,b", "'a,b'")]
    [TestCase("x\n$(calc) \u201d`\"", "\"x$([char]0x000A)`$(calc) `\u201d```\"\"")]
    public void PowerShell_reads_the_text(string text, string expected) => Assert.That(ShellWord.PowerShell(text), Is.EqualTo(expected));
}
