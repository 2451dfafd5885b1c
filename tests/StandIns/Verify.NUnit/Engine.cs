using System.Collections.Concurrent;
using System.Text;
using NUnit.Framework;
using VerifyTests;

namespace VerifyNUnit;

/// <summary>Compares what was received with the verified file.</summary>
internal static class Engine
{
    private static readonly ConcurrentDictionary<string, bool> s_used = new(StringComparer.Ordinal);

    public static async Task VerifyAsync(string? target, string extension, VerifySettings settings, string sourceFile)
    {
        var prefix = Naming.Prefix(settings, sourceFile);
        Directory.CreateDirectory(Path.GetDirectoryName(prefix)!);
        if (!s_used.TryAdd($"{prefix}.{extension}", true) && VerifierSettings.UniquePrefixRequired)
            throw new VerifyException(
                $"The prefix has already been used: {prefix}. This is mostly caused by a conflicting combination of settings or parameters."
            );
        var received = Scrubbing.Apply(target ?? "null", settings, sourceFile);
        if (received.Length == 0)
            received = "emptyString";
        var names = new Names(prefix, extension);
        var stale = Stale(prefix, names.Verified);
        if (!File.Exists(names.Verified))
            await NewAsync(names, received, settings, stale);
        else
            await CompareAsync(names, received, settings, stale);
    }

    private sealed record Names(string Prefix, string Extension)
    {
        public string Received => $"{Prefix}.received.{Extension}";

        public string Verified => $"{Prefix}.verified.{Extension}";

        public string Pair => $"  - Received: {Path.GetFileName(Received)}\n    Verified: {Path.GetFileName(Verified)}\n";
    }

    // A verified file of another extension is left from an earlier form of the test.
    private static string[] Stale(string prefix, string verified) =>
        [
            .. Directory
                .GetFiles(Path.GetDirectoryName(prefix)!, $"{Path.GetFileName(prefix)}.verified.*")
                .Where(f => f != verified)
                .Order(StringComparer.Ordinal),
        ];

    private static async Task NewAsync(Names names, string received, VerifySettings settings, string[] stale)
    {
        if (settings.Auto || VerifierSettings.AutoVerifyAll)
        {
            await WriteAsync(names.Verified, received);
            return;
        }
        await WriteReceivedAsync(names, received);
        throw new VerifyException(
            $"{Head(names)}New:\n{names.Pair}{Deleted(stale)}\nFileContent:\n\nNew:\n\nReceived: "
                + $"{Path.GetFileName(names.Received)}\n{received}\n"
        );
    }

    private static async Task CompareAsync(Names names, string received, VerifySettings settings, string[] stale)
    {
        var verified = await File.ReadAllTextAsync(names.Verified);
        if (verified.Contains('\r', StringComparison.Ordinal))
            throw new VerifyException(
                $"{names.Verified} holds a carriage return; it must have LF line ends (a .gitattributes entry with eol=lf keeps them)."
            );
        if (verified == received)
        {
            File.Delete(names.Received);
            if (stale.Length > 0)
                throw new VerifyException($"{Head(names)}{Deleted(stale)}");
            return;
        }
        if (settings.Auto || VerifierSettings.AutoVerifyAll)
        {
            await WriteAsync(names.Verified, received);
            return;
        }
        await WriteReceivedAsync(names, received);
        throw new VerifyException(
            $"{Head(names)}NotEqual:\n{names.Pair}{Deleted(stale)}\nFileContent:\n\nNotEqual:\n\nReceived: "
                + $"{Path.GetFileName(names.Received)}\n{received}\nVerified: {Path.GetFileName(names.Verified)}\n{verified}\n"
        );
    }

    private static string Head(Names names) => $"Directory: {Path.GetDirectoryName(names.Prefix)}\n";

    private static string Deleted(string[] stale) =>
        stale.Length == 0 ? "" : $"Delete:\n{string.Concat(stale.Select(f => $"  - {Path.GetFileName(f)}\n"))}";

    private static async Task WriteReceivedAsync(Names names, string received)
    {
        await WriteAsync(names.Received, received);
        if (BuildServer.Detected)
            TestContext.AddTestAttachment(names.Received);
    }

    private static Task WriteAsync(string path, string text) =>
        File.WriteAllTextAsync(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: !VerifierSettings.NoBom));
}
