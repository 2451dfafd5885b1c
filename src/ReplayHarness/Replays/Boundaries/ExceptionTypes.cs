using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text;
using ReplayHarness.Fixtures;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>
/// Finds exception types by their full names, in what is loaded, then in the files that the agent runs on. A name from a trace gets nothing
/// but an exception's own constructor to run: no other type is given, no other assembly loaded than the one that holds it.
/// </summary>
internal static class ExceptionTypes
{
    // The harness itself throws nothing that an agent was captured with.
    private static readonly string[] s_own =
    [
        "ReplayHarness",
        "ReplayHarness.Traces",
        "ReplayHarness.Host",
        "ReplayHarness.Server",
        "ReplayHarness.NUnit",
    ];

    private static readonly ConcurrentDictionary<string, Type?> s_known = new(StringComparer.Ordinal);

    // More than any exception has: names of types within names of types.
    private static readonly TypeNameParseOptions s_bounds = new() { MaxNodes = 32 };

    /// <summary>The type of a name; null where there is none that could be thrown.</summary>
    public static Type? Find(string name) => s_known.GetOrAdd(name, Look);

    private static Type? Look(string name) =>
        WrittenTypes.OfRuntime(name) is { } written
        && TypeName.TryParse(written, out var parsed, s_bounds)
        && Made(parsed) is { IsAbstract: false, ContainsGenericParameters: false } type
        && type.IsAssignableTo(typeof(Exception))
            ? type
            : null;

    // What a type is made of has a name of its own each; which assembly it was in does not matter.
    private static Type? Made(TypeName name)
    {
        if (name.IsSimple)
            return Simple(name.FullName);
        if (name.IsArray)
            return Made(name.GetElementType()) is not { } element || element == typeof(void) ? null
                : name.IsSZArray ? element.MakeArrayType()
                : element.MakeArrayType(name.GetArrayRank());
        if (!name.IsConstructedGenericType || Made(name.GetGenericTypeDefinition()) is not { IsGenericTypeDefinition: true } definition)
            return null;
        Type?[] arguments = [.. name.GetGenericArguments().Select(Made)];
        try
        {
            return arguments.Contains(null) ? null : definition.MakeGenericType(arguments!);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Type? Simple(string name)
    {
        string[] names = [.. WrittenTypes.Nested(name)];
        return names.Select(Loaded).FirstOrDefault(t => t is not null)
            ?? names.Select(InFiles).FirstOrDefault(t => t is not null)
            ?? (!name.Contains('.', StringComparison.Ordinal) && ErrorTypes.IsOfDotNet(name) ? Unqualified(name) : null);
    }

    // Some record the name without its namespace: then it is the one that is called so, where there is just one.
    private static Type? Unqualified(string name)
    {
        string[] full = [.. Files().SelectMany(f => Called(f, name)).Distinct(StringComparer.Ordinal).Take(2)];
        return full.Length == 1 ? Loaded(full[0]) ?? InFiles(full[0]) : null;
    }

    private static Type? Loaded(string name) =>
        AppDomain
            .CurrentDomain.GetAssemblies()
            .Where(a => !a.IsDynamic && !IsOwn(a.GetName().Name))
            .Select(a => Of(a, name))
            .FirstOrDefault(t => t is not null);

    private static Type? Of(Assembly assembly, string name) =>
        name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '+' or '`')
        && assembly.GetType(name, throwOnError: false) is { } type
        && type.FullName == name
            ? type
            : null;

    private static Type? InFiles(string name)
    {
        foreach (var file in Files().Where(f => Holds(f, name)))
        {
            try
            {
                if (Of(AssemblyLoadContext.Default.LoadFromAssemblyPath(file), name) is { } type)
                    return type;
            }
            catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
            {
                continue;
            }
        }
        return null;
    }

    // What the runtime was told to take assemblies from: the shared framework and the agent's output; then whatever else lies there.
    private static IEnumerable<string> Files() =>
        $"{AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")}"
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Order(StringComparer.Ordinal))
            .DistinctBy(Path.GetFileName, StringComparer.Ordinal)
            .Where(f => !IsOwn(Path.GetFileNameWithoutExtension(f)));

    private static bool IsOwn(string? assembly) => s_own.Contains(assembly, StringComparer.Ordinal);

    private static bool Holds(string file, string name)
    {
        var type = name.Split('+')[0];
        return Called(file, type[(type.LastIndexOf('.') + 1)..]).Contains(type, StringComparer.Ordinal);
    }

    // The types of a file that have a name, with their namespace and the types around them.
    private static string[] Called(string file, string name)
    {
        try
        {
            // Most files do not even hold the characters of the name, and need not be decoded.
            if (Metadata(file) is not { } image || image.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) < 0)
                return [];
            using var provider = MetadataReaderProvider.FromMetadataImage(ImmutableCollectionsMarshal.AsImmutableArray(image));
            var metadata = provider.GetMetadataReader();
            return
            [
                .. metadata
                    .TypeDefinitions.Select(metadata.GetTypeDefinition)
                    .Where(t => metadata.StringComparer.Equals(t.Name, name))
                    .Select(t => FullName(metadata, t)),
            ];
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string FullName(MetadataReader metadata, TypeDefinition type)
    {
        var name = metadata.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil)
            return $"{FullName(metadata, metadata.GetTypeDefinition(type.GetDeclaringType()))}+{name}";
        var space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }

    private static byte[]? Metadata(string file)
    {
        using var stream = File.OpenRead(file);
        var headers = new PEHeaders(stream);
        if (headers.MetadataSize <= 0)
            return null;
        var metadata = new byte[headers.MetadataSize];
        stream.Position = headers.MetadataStartOffset;
        stream.ReadExactly(metadata);
        return metadata;
    }
}
