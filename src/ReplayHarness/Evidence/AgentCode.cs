using System.Security.Cryptography;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ReplayHarness.Evidence;

/// <summary>What a driver's code is.</summary>
/// <param name="Hash">A hash of all that it reaches, in hexadecimal.</param>
/// <param name="Names">The texts in it that a variable of the environment could be named by.</param>
internal sealed record ReachedCode(string Hash, IReadOnlySet<string> Names);

/// <summary>
/// The code of an agent's folder, each part of it read once, whichever drivers are asked for. It is for one caller at a time.
/// </summary>
internal sealed class AgentCode : IDisposable
{
    private readonly ModuleDefinition _own;
    private readonly bool _withLines;
    private readonly Dictionary<TypeDefinition, TypeCode> _types = [];
    private readonly Dictionary<string, TypeDefinition> _byName = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _team;
    private readonly Dictionary<string, AssemblyCode> _assemblies = new(StringComparer.Ordinal);
    private readonly byte[] _besides;
    private HashSet<string>? _unnamed;

    /// <param name="assembly">The assembly that holds the drivers.</param>
    /// <param name="withLines">Whether another line in the source is another code, as it is for whoever prints lines.</param>
    public AgentCode(string assembly, bool withLines)
    {
        _withLines = withLines;
        _own = Read(assembly, withLines);
        _team = AgentHash.TeamOf(assembly);
        foreach (var type in _own.Types)
            AddNames(type, type);
        _besides = ModuleText.Besides(_own);
    }

    /// <summary>What a driver reaches.</summary>
    /// <param name="driver">The driver's name; null for all types of the assembly.</param>
    public ReachedCode Of(string? driver)
    {
        var types = ReachedFrom(driver is null ? null : AgentHash.Find(_own, driver));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_besides);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var code in types)
        {
            hash.AppendData(code.Hash);
            names.UnionWith(code.Texts);
        }
        foreach (var code in OthersReachedBy(types))
        {
            hash.AppendData(code.Hash);
            names.UnionWith(code.Texts);
        }
        return new(Convert.ToHexStringLower(hash.GetHashAndReset()), names);
    }

    /// <inheritdoc/>
    public void Dispose() => _own.Dispose();

    private static ModuleDefinition Read(string file, bool withLines)
    {
        if (withLines && File.Exists(Path.ChangeExtension(file, ".pdb")))
            try
            {
                return ModuleDefinition.ReadModule(file, new ReaderParameters { ReadSymbols = true });
            }
            catch (Exception e) when (e is SymbolsNotMatchingException or SymbolsNotFoundException or BadImageFormatException)
            {
                // Symbols of another build tell nothing of this one.
            }
        return ModuleDefinition.ReadModule(file);
    }

    // What an initializer of the module does is done for every driver. A driver that is not found by its name may be any of them.
    private TypeCode[] ReachedFrom(TypeDefinition? driver)
    {
        var reached = new HashSet<TypeDefinition>();
        var open = new Stack<TypeDefinition>(driver is null ? _own.Types : _own.Types.Where(t => t.Name == "<Module>").Append(driver));
        while (open.TryPop(out var type))
        {
            if (!reached.Add(type))
                continue;
            var code = CodeOf(type);
            foreach (var named in code.FindsByName ? [.. _own.Types] : code.Types)
                open.Push(named);
        }
        return [.. reached.OrderBy(t => t.FullName, StringComparer.Ordinal).Select(CodeOf)];
    }

    private TypeCode CodeOf(TypeDefinition type)
    {
        if (!_types.TryGetValue(type, out var code))
            _types.Add(type, code = TypeCode.Of(type, _withLines, _byName));
        return code;
    }

    private IEnumerable<AssemblyCode> OthersReachedBy(IReadOnlyList<TypeCode> types)
    {
        var mayBeAny = types.Any(t => t.FindsByName);
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(types.SelectMany(t => t.Assemblies).Concat(Unnamed()));
        while (!mayBeAny && open.TryPop(out var name))
        {
            if (_team.FirstOrDefault(f => Is(f, name)) is not { } file || !reached.Add(file))
                continue;
            var code = CodeOf(file);
            mayBeAny |= code.FindsByName;
            foreach (var reference in code.References)
                open.Push(reference);
        }
        return _team.Where(f => mayBeAny || reached.Contains(f)).Select(CodeOf);
    }

    // Nobody names it, and it lies there: it is loaded by what a package reads somewhere.
    private HashSet<string> Unnamed()
    {
        if (_unnamed is not null)
            return _unnamed;
        _unnamed = new(_team.Select(Path.GetFileNameWithoutExtension)!, StringComparer.OrdinalIgnoreCase);
        _unnamed.ExceptWith(_own.AssemblyReferences.Select(a => a.Name));
        foreach (var file in _team)
        {
            using var module = ModuleDefinition.ReadModule(file);
            _unnamed.ExceptWith(module.AssemblyReferences.Select(a => a.Name));
        }
        return _unnamed;
    }

    private AssemblyCode CodeOf(string file)
    {
        if (_assemblies.TryGetValue(file, out var code))
            return code;
        using var module = Read(file, _withLines);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
        hash.AppendData(ModuleText.Besides(module));
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var findsByName = false;
        foreach (var type in module.Types)
        {
            var one = TypeCode.Of(type, _withLines, null);
            hash.AppendData(one.Hash);
            texts.UnionWith(one.Texts);
            findsByName |= one.FindsByName;
        }
        code = new(hash.GetHashAndReset(), [.. module.AssemblyReferences.Select(a => a.Name)], findsByName, texts);
        _assemblies.Add(file, code);
        return code;
    }

    private void AddNames(TypeDefinition type, TypeDefinition outermost)
    {
        _byName[type.FullName.Replace('/', '+')] = outermost;
        foreach (var nested in type.NestedTypes)
            AddNames(nested, outermost);
    }

    private static bool Is(string file, string name) =>
        Path.GetFileNameWithoutExtension(file).Equals(name, StringComparison.OrdinalIgnoreCase);

    private sealed record AssemblyCode(byte[] Hash, IReadOnlyList<string> References, bool FindsByName, IReadOnlySet<string> Texts);
}
