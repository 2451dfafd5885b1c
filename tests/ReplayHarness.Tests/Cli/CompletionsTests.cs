using ReplayHarness.Tests.Support;

namespace ReplayHarness.Tests.Cli;

/// <summary>Shells complete what the tool has: commands, options and their words; where none is meant, files.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Platform(Include = "Linux", Reason = "the shells are Debian's")]
public sealed class CompletionsTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void New()
    {
        _folder = new();
        var tool = _folder.Write(
            "replay-harness",
            $"#!/bin/sh\nexec dotnet exec '{Path.Combine(Data.Root, "replay-harness.dll")}' \"$@\"\n"
        );
        Assert.That(Component.Run("chmod", "+x", tool).ExitCode, Is.Zero);
    }

    [TearDown]
    public void Clean() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Lines()
    {
        yield return new TestCaseData("replay-harness t", new[] { "tree" }).SetArgDisplayNames("a command");
        yield return new TestCaseData("replay-harness tree traces.jsonl --w", new[] { "--waterfall", "--where" }).SetArgDisplayNames(
            "options"
        );
        yield return new TestCaseData("replay-harness completions z", new[] { "zsh" }).SetArgDisplayNames("words of an argument");
        yield return new TestCaseData("replay-harness run x --races o", new[] { "off", "on", "only" }).SetArgDisplayNames(
            "words of an option"
        );
        yield return new TestCaseData("replay-harness tree tra", Array.Empty<string>()).SetArgDisplayNames("no option where none is begun");
    }

    [TestCaseSource(nameof(Lines))]
    public void Bash(string line, string[] expected) =>
        Completes(
            "bash",
            $$"""
            eval "$(replay-harness completions bash)"
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{line}}) COMP_CWORD={{line.Split(' ').Length - 1}}
            "$(complete -p replay-harness | grep -o '_replay_harness')"
            [ "${#COMPREPLY[@]}" -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
            """,
            expected
        );

    [TestCaseSource(nameof(Lines))]
    public void Fish(string line, string[] expected) =>
        Completes("fish", $"replay-harness completions fish | source\ncomplete -C '{line}'\n", expected);

    // The functions that zsh's own completion brings are those of the test.
    [TestCaseSource(nameof(Lines))]
    public void Zsh(string line, string[] expected) =>
        Completes(
            "zsh",
            $$"""
            compdef() { completer=$1 }
            compadd() { shift; print -l -- ${(M)@:#${words[CURRENT]}*} }
            _files() { }
            eval "$(replay-harness completions zsh)"
            words=({{line}})
            CURRENT=$#words
            $completer
            """,
            expected
        );

    [Test]
    public async Task PowerShell()
    {
        var script = (await Tool.RunAsync("completions", "powershell")).Output;
        Assert.That(script, Does.Contain("Register-ArgumentCompleter -Native -CommandName replay-harness"));
        Assert.That(script, Does.Contain("replay-harness \"[suggest:$cursorPosition]\" \"$line\" |"));
    }

    [Test]
    public async Task An_unknown_shell_is_told_which_are_known()
    {
        var result = await Tool.RunAsync("completions", "tcsh");
        Assert.That(
            (result.ExitCode, result.Errors),
            Is.EqualTo(
                (
                    2,
                    "replay-harness: completions tcsh: expected bash, zsh, fish, powershell\n"
                        + "replay-harness: see 'replay-harness completions --help'\n"
                )
            )
        );
    }

    private void Completes(string shell, string script, string[] expected)
    {
        if (Component.OnPath(shell) is not { } program)
        {
            Component.Missing($"{shell} is not on the PATH (Debian: apt install {shell})");
            return;
        }
        var file = _folder.Write($"script.{shell}", script);
        var ran = Component.Run(
            "env",
            "-C",
            _folder.Path,
            $"PATH={_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            program,
            file
        );
        Assert.That(ran.ExitCode, Is.Zero, ran.Output);
        Assert.That(
            ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[0]).Order(StringComparer.Ordinal),
            Is.EqualTo(expected)
        );
    }
}
