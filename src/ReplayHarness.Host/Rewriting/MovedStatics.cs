using Mono.Cecil;

namespace ReplayHarness.Host.Rewriting;

/// <summary>Which static fields move into holders. Who moves a field and who reads it in another assembly must agree on it.</summary>
/// <param name="assemblies">The names of the assemblies whose fields move.</param>
/// <param name="kept">Types whose fields stay all the same: the names of their assemblies, and theirs.</param>
internal sealed class MovedStatics(IReadOnlySet<string> assemblies, IReadOnlySet<(string, string)> kept)
{
    // What the compiler keeps for itself: delegates that it makes once, call sites, constant data. None of it is the agent's state.
    private static readonly string[] s_caches =
    [
        "<>c",
        "<>O",
        "<>o__",
        "<>A",
        "<>F",
        "<>f__",
        "<>y__",
        "<>z__",
        "<PrivateImplementationDetails>",
        "<Module>",
    ];

    // They come with the framework, and the harness itself uses them: what they hold are constants and caches, which would be made anew
    // for each schedule (schemas of tools, options of serializers). What they remember of an agent stands in its container.
    private static readonly string[] s_released = ["Microsoft.", "System."];

    // These do not: they hold pools of open connections, and the HTTP client that all clients of OpenAI share.
    private static readonly string[] s_notReleased = ["Microsoft.Data.", "System.Data.", "System.ClientModel"];

    /// <summary>None moves.</summary>
    public static MovedStatics None { get; } = new(new HashSet<string>(), new HashSet<(string, string)>());

    /// <summary>Those of a folder in which an agent is replayed.</summary>
    /// <param name="files">The assemblies of the folder, and those of the host.</param>
    /// <param name="own">The names of the agent team's own.</param>
    /// <param name="isLeft">Whether the statics of an assembly stay.</param>
    public static MovedStatics In(IReadOnlyCollection<string> files, IReadOnlySet<string> own, Func<string, bool> isLeft)
    {
        var assemblies = files.Where(f => Moves(f, own, isLeft)).Select(NameOf).ToHashSet(StringComparer.Ordinal);
        foreach (var wrapper in files.Where(f => !own.Contains(NameOf(f)) && WrapsNative(f)))
        {
            assemblies.Remove(NameOf(wrapper));
            assemblies.ExceptWith(FieldReaders.References(wrapper).Except(own));
        }
        // Who is not rewritten reads a field where it was: there all of its type stays.
        return new(assemblies, files.Where(f => !assemblies.Contains(NameOf(f))).SelectMany(FieldReaders.TypesRead).ToHashSet());
    }

    // A library outside of .NET comes with it: that is one for the process, and its handles are closed when nobody knows their schedule.
    private static bool WrapsNative(string file) =>
        FieldReaders.NativeLibraries(file) is { Count: > 0 } libraries
        && Path.Combine(Path.GetDirectoryName(file)!, "runtimes") is var runtimes
        && Directory.Exists(runtimes)
        && Directory
            .EnumerateFiles(runtimes, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Any(f => libraries.Contains(f) || (f.StartsWith("lib", StringComparison.Ordinal) && libraries.Contains(f[3..])));

    private static bool IsReleased(string name) =>
        s_released.Any(r => name.StartsWith(r, StringComparison.Ordinal))
        && !s_notReleased.Any(r => name.StartsWith(r, StringComparison.Ordinal));

    private static bool Moves(string file, IReadOnlySet<string> own, Func<string, bool> isLeft) =>
        !isLeft(NameOf(file)) && (own.Contains(NameOf(file)) || (!IsReleased(NameOf(file)) && FieldReaders.CanBeWritten(file)));

    /// <summary>Equal for those that move the same fields.</summary>
    public string Key =>
        string.Join(' ', assemblies.Order(StringComparer.Ordinal))
        + " but "
        + string.Join(' ', kept.Select(k => $"{k.Item1}:{k.Item2}").Order(StringComparer.Ordinal));

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    /// <summary>True for an assembly whose fields move.</summary>
    public bool Move(string assembly) => assemblies.Contains(assembly);

    /// <summary>True for a type whose fields move.</summary>
    public bool Move(TypeDefinition type) =>
        Move(type.Module.Assembly.Name.Name) && !IsCache(type) && !kept.Contains((type.Module.Assembly.Name.Name, type.FullName));

    /// <summary>True for a field that moves.</summary>
    public bool Move(FieldDefinition field) =>
        field is { IsStatic: true, IsLiteral: false }
        && !field.Attributes.HasFlag(FieldAttributes.HasFieldRVA)
        && Move(field.DeclaringType);

    /// <summary>True for a field that each thread has for itself.</summary>
    public static bool IsOfThread(FieldDefinition field) =>
        field.HasCustomAttributes && field.CustomAttributes.Any(a => a.AttributeType.FullName == "System.ThreadStaticAttribute");

    private static bool IsCache(TypeDefinition type) =>
        s_caches.Any(c => type.Name.StartsWith(c, StringComparison.Ordinal)) || (type.DeclaringType is { } outer && IsCache(outer));
}
