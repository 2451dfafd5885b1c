using ReplayHarness.Host.States;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// Makes a copy of an agent's folder in which its assemblies, and the packages it uses, read the replay's clock. Everything else is linked.
/// The copy is made under a temporary name and renamed, so that two processes may make it at once.
/// </summary>
internal static class ControlledCopy
{
    // Test frameworks serve the tests, telemetry and logging themselves: their clocks and threads decide nothing an agent does.
    private static readonly string[] s_left =
    [
        "ReplayHarness",
        "replay-harness",
        "Mono.Cecil",
        "NUnit",
        "nunit",
        "Microsoft.Testing",
        "Microsoft.TestPlatform",
        "Microsoft.VisualStudio",
        "testcentric",
        "Verify",
        "DiffEngine",
        "OpenTelemetry",
        "Microsoft.Extensions.Logging",
        "Microsoft.ApplicationInsights",
        "FsCheck",
        "FSharp.Core",
        "Bogus",
        "System.CommandLine",
    ];

    public static void Make(string assembly, string target)
    {
        var making = DraftName.Of(target);
        try
        {
            FillOrLeaveMore(assembly, making);
            Directory.Move(making, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another process was faster.
            Directory.Delete(making, recursive: true);
        }
    }

    // An assembly that cannot be written again keeps its statics, and then all others must know that.
    private static void FillOrLeaveMore(string assembly, string making)
    {
        HashSet<string> unmoved = new(StringComparer.Ordinal);
        while (true)
        {
            try
            {
                Fill(assembly, making, unmoved);
                return;
            }
            catch (CannotMoveException e)
            {
                unmoved.Add(e.Message);
                Directory.Delete(making, recursive: true);
            }
        }
    }

    private sealed class CannotMoveException(string name, Exception inner) : Exception(name, inner);

    private static bool IsLeft(string name) => s_left.Any(l => name.StartsWith(l, StringComparison.Ordinal));

    private static void Fill(string assembly, string making, HashSet<string> unmoved)
    {
        var source = Path.GetDirectoryName(assembly)!;
        Directory.CreateDirectory(making);
        var own = AgentAssemblies.Projects(Path.ChangeExtension(assembly, ".deps.json"));
        own.Add(Path.GetFileNameWithoutExtension(assembly));
        var statics = MovedStatics.In(
            [.. Directory.GetFiles(source, "*.dll"), .. ControlledFolder.Harness.Select(a => a.Location)],
            own,
            name => unmoved.Contains(name) || (!own.Contains(name) && IsLeft(name))
        );
        var before = PackagesOfBefore.In(Path.GetDirectoryName(making)!, statics);
        using (var rewriter = new AssemblyRewriter(source, statics))
        {
            // Assemblies first: a rewritten one brings its own symbols, which must not be written through a link.
            foreach (
                var entry in Directory
                    .GetFileSystemEntries(source)
                    .Where(e => Path.GetFileName(e) != ControlledFolder.Name)
                    .OrderBy(e => Path.GetExtension(e) != ".dll")
            )
                Place(rewriter, entry, Path.Combine(making, Path.GetFileName(entry)), own, before);
            rewriter.WriteTables(making);
        }
        before.WriteTo(making);
        SharedFrameworks.AddTo(making, Path.Combine(making, Path.GetFileName(Path.ChangeExtension(assembly, ".deps.json"))), IsLeft);
        AddHost(making);
    }

    private static void Place(AssemblyRewriter rewriter, string entry, string target, HashSet<string> own, PackagesOfBefore before)
    {
        if (Directory.Exists(entry))
        {
            Directory.CreateSymbolicLink(target, entry);
            return;
        }
        var name = Path.GetFileNameWithoutExtension(entry);
        var isOwn = own.Contains(name);
        var candidate = Path.GetExtension(entry) == ".dll" && (isOwn || !IsLeft(name));
        if (candidate && (isOwn ? rewriter.Rewrite(entry, target, Caller.Agent) : TakeOrRewrite(rewriter, entry, target, before)))
            return;
        if (File.Exists(target))
            return;
        // The host's own files are copied: the runtime takes the folder of the file that a link leads to as the application's.
        if (name.StartsWith("ReplayHarness", StringComparison.Ordinal) || Path.GetExtension(entry) == ".json")
            File.Copy(entry, target);
        else
            File.CreateSymbolicLink(target, entry);
    }

    private static bool TakeOrRewrite(AssemblyRewriter rewriter, string entry, string target, PackagesOfBefore before)
    {
        if (before.Take(entry, target) is { } taken)
            return taken;
        var rewritten = TryRewrite(rewriter, entry, target);
        // One with symbols would need these, too.
        if (!File.Exists(Path.ChangeExtension(entry, ".pdb")))
            before.Add(entry, rewritten);
        return rewritten;
    }

    private static bool TryRewrite(AssemblyRewriter rewriter, string entry, string target)
    {
        try
        {
            return rewriter.Rewrite(entry, target, rewriter.Moves(entry) ? Caller.Package : Caller.Library);
        }
        catch (Exception e) when (e is BadImageFormatException or NotSupportedException or Mono.Cecil.AssemblyResolutionException)
        {
            // A package that cannot be read, native code for example, is left as it is.
            return rewriter.Moves(entry) ? throw new CannotMoveException(Path.GetFileNameWithoutExtension(entry), e) : false;
        }
    }

    private static void AddHost(string folder)
    {
        foreach (
            var file in Directory
                .GetFiles(AppContext.BaseDirectory, "ReplayHarness.Host.*")
                .Concat(ControlledFolder.Harness.Select(a => a.Location))
        )
            if (!File.Exists(Path.Combine(folder, Path.GetFileName(file))))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}
