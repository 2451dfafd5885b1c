using System.Reflection;
using System.Text.Json.Nodes;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// The frameworks that an agent's build names and does not bring: ASP.NET Core, for one. What of them reads the clock is rewritten into
/// the copy, and the copy's list of assemblies makes it win over the framework's own file. All else still comes from the framework. The
/// runtime's own assemblies stay: its timers and its pool are controlled as they are.
/// </summary>
internal static class SharedFrameworks
{
    // Of two files of an assembly the one with the higher version is loaded.
    private const string Highest = "65535.65535.65535.65535";
    private const string Library = "ReplayHarness.SharedFrameworks/1.0.0";

    /// <summary>Rewrites them into a copy.</summary>
    /// <param name="folder">The copy.</param>
    /// <param name="list">The copy's list of assemblies, <c>AGENT.deps.json</c>.</param>
    /// <param name="isLeft">Whether an assembly is not rewritten, by its name.</param>
    /// <exception cref="IOException">There is no such list, so that nothing could win.</exception>
    public static void AddTo(string folder, string list, Func<string, bool> isLeft)
    {
        string[] files = [.. Files().Where(f => !isLeft(Path.GetFileNameWithoutExtension(f)))];
        if (files.Length == 0)
            return;
        using var rewriter = new AssemblyRewriter(Path.GetDirectoryName(files[0])!, MovedStatics.None);
        List<string> rewritten = [];
        foreach (var file in files)
        {
            var target = Path.Combine(folder, Path.GetFileName(file));
            var making = target + ".framework";
            if (!TryRewrite(rewriter, file, making))
                continue;
            // An older one of the agent's own may stand there, which no one would load.
            File.Move(making, target, overwrite: true);
            rewritten.Add(file);
        }
        if (rewritten.Count > 0)
            Prefer(list, rewritten);
    }

    // One with native code beside IL is left as it is.
    private static bool TryRewrite(AssemblyRewriter rewriter, string file, string target)
    {
        try
        {
            return rewriter.Rewrite(file, target, Caller.Framework);
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    // This process was started with the agent's own settings: what it may load is what the agent would load.
    private static IEnumerable<string> Files()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        // ROOT/shared/FRAMEWORK/VERSION
        var shared = Path.GetDirectoryName(Path.GetDirectoryName(runtime))!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(f => f.StartsWith(shared + Path.DirectorySeparatorChar, StringComparison.Ordinal) && Path.GetDirectoryName(f) != runtime)
            .Order(StringComparer.Ordinal);
    }

    private static void Prefer(string list, List<string> files)
    {
        if (!File.Exists(list))
            throw new FileNotFoundException($"{Path.GetFileName(list)} is missing beside the agent; build it with GenerateDependencyFile");
        var root = JsonNode.Parse(File.ReadAllBytes(list))!;
        var target = root["targets"]![root["runtimeTarget"]!["name"]!.GetValue<string>()]!.AsObject();
        var listed = target
            .Select(l => l.Value!["runtime"])
            .OfType<JsonObject>()
            .SelectMany(r => r.Select(f => (Name: Path.GetFileName(f.Key), Node: f.Value!.AsObject())))
            .ToLookup(f => f.Name, f => f.Node, StringComparer.OrdinalIgnoreCase);
        var added = new JsonObject();
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            if (!listed.Contains(name))
                added[name] = new JsonObject();
            foreach (var entry in listed[name].DefaultIfEmpty((added[name] as JsonObject)!))
            {
                entry["assemblyVersion"] = AssemblyName.GetAssemblyName(file).Version!.ToString();
                entry["fileVersion"] = Highest;
            }
        }
        target[Library] = new JsonObject { ["runtime"] = added };
        root["libraries"]![Library] = new JsonObject
        {
            ["type"] = "package",
            ["serviceable"] = false,
            ["sha512"] = "",
        };
        File.WriteAllText(list, root.ToJsonString());
    }
}
