using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using ReplayHarness.Host.Controlled;
using ReplayHarness.Host.Rewriting.Patching;
using ReplayHarness.Host.Rewriting.Races;
using MethodDefinition = Mono.Cecil.MethodDefinition;
using ModuleDefinition = Mono.Cecil.ModuleDefinition;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// Redirects the calls of one assembly that read the clock, draw random numbers or start threads, and moves its static fields into holders
/// that end with a schedule.
/// </summary>
/// <param name="folder">The folder in which assemblies find each other.</param>
/// <param name="statics">Which static fields move.</param>
internal sealed class AssemblyRewriter(string folder, MovedStatics statics) : IDisposable
{
    private const ModuleAttributes IlLibrary = (ModuleAttributes)4;
    private const string Hash = nameof(GetHashCode);

    private readonly Places _places = new();
    private readonly DefaultAssemblyResolver _resolver = NewResolver(folder);

    /// <summary>Writes a rewritten copy; false where there was nothing to rewrite.</summary>
    /// <param name="source">The assembly.</param>
    /// <param name="target">The file to write.</param>
    /// <param name="caller">Whose it is.</param>
    public bool Rewrite(string source, string target, Caller caller)
    {
        // Notes, holders and hooks need more than another reference.
        var name = Path.GetFileNameWithoutExtension(source);
        if ((caller >= Caller.Package && Moves(source)) || ToolHooks.Has(name) || SwitchHooks.Has(name))
            return TakeApart(source, target, caller);
        if (!MayNeedIt(source, caller))
            return false;
        var patched = caller == Caller.Agent ? Patched.NotPossible : CallPatcher.Patch(source, target, caller);
        return patched == Patched.NotPossible ? TakeApart(source, target, caller) : patched == Patched.Written;
    }

    /// <summary>Does the same by taking the assembly apart and writing it anew.</summary>
    /// <exception cref="BadImageFormatException">It holds native code of its own, which would be lost.</exception>
    public bool TakeApart(string source, string target, Caller caller)
    {
        if (!FieldReaders.CanBeWritten(source))
            throw new BadImageFormatException($"{source}: holds native code beside IL, and cannot be written again");
        var symbols = File.Exists(Path.ChangeExtension(source, ".pdb"));
        using var module = ModuleDefinition.ReadModule(
            source,
            new ReaderParameters
            {
                InMemory = true,
                AssemblyResolver = _resolver,
                ReadSymbols = symbols,
            }
        );
        var (changed, guarded) = (0, new GuardedCalls(module, caller));
        var entries = caller == Caller.Agent ? new AgentEntries(module) : null;
        changed += entries?.MarkAssembly() ?? 0;
        var reads = caller == Caller.Agent ? new ExceptionReads(module) : null;
        foreach (var method in module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).ToArray())
            changed += (reads is null ? 0 : Show(reads, method)) + Rewrite(module, method, caller, guarded) + (entries?.Check(method) ?? 0);
        if (caller == Caller.Agent)
            changed += Watch(module);
        if (caller >= Caller.Package && Moves(source))
            changed += new StaticsRewriter(module, statics, caller == Caller.Agent).Run();
        changed += ToolHooks.Run(module) + SwitchHooks.Run(module);
        if (changed == 0)
            return false;
        KeepIlAlone(module);
        module.Write(target, new WriterParameters { WriteSymbols = symbols });
        return true;
    }

    private int Watch(ModuleDefinition module)
    {
        var races = new RaceRewriter(module, _places);
        return module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).ToArray().Sum(races.Rewrite);
    }

    /// <summary>Writes what the rewritten code refers to by number into its folder.</summary>
    public void WriteTables(string folder) => _places.WriteTo(folder);

    /// <summary>True for an assembly whose static fields move.</summary>
    public bool Moves(string source) => statics.Move(Path.GetFileNameWithoutExtension(source));

    public void Dispose() => _resolver.Dispose();

    // What was compiled ahead of time still makes the calls that are redirected.
    private static void KeepIlAlone(ModuleDefinition module)
    {
        if (module.Attributes.HasFlag(ModuleAttributes.ILOnly))
            return;
        module.Attributes = (module.Attributes & ~IlLibrary) | ModuleAttributes.ILOnly;
        // With IL alone, this is for any processor.
        module.Architecture = TargetArchitecture.I386;
    }

    private static int Show(ExceptionReads reads, MethodDefinition method)
    {
        var editor = new MethodEditor(method);
        foreach (var instruction in method.Body.Instructions.ToArray())
            if (reads.Before(instruction, method) is { } read)
                editor.Before(instruction, read);
        editor.Close();
        return editor.Changes;
    }

    private static int Rewrite(ModuleDefinition module, MethodDefinition method, Caller caller, GuardedCalls guarded)
    {
        var changed = 0;
        var editor = new MethodEditor(method);
        foreach (var instruction in method.Body.Instructions.ToArray())
        {
            if (instruction.Operand is not MethodReference called)
                continue;
            if (caller == Caller.Agent && Advice.OnNative(called) is { } native)
            {
                NoteBefore(module, editor, instruction, native);
                changed++;
            }
            if (caller == Caller.Agent && HashQuestions.Of(instruction, method) is { } hashed)
            {
                editor.Before(
                    instruction,
                    Instruction.Create(OpCodes.Ldtoken, hashed),
                    Instruction.Create(
                        OpCodes.Call,
                        module.ImportReference(typeof(ControlledHashes).GetMethod(nameof(ControlledHashes.Ask)))
                    )
                );
                changed++;
            }
            if (!CallTable.IsOfInterest(called.DeclaringType.FullName, caller))
                continue;
            // What a value type or a hash code of the agent's own calls is another thing.
            if (instruction.Previous?.OpCode == OpCodes.Constrained || (called.Name == Hash && method.Name == Hash))
                continue;
            // An expression names the member; who runs it calls that one.
            if (instruction.OpCode == OpCodes.Ldtoken)
            {
                if (caller != Caller.Agent || CallTable.Redirect(called, caller) is null)
                    continue;
                NoteBefore(module, editor, instruction, Advice.InExpression(called.DeclaringType.Name, called.Name));
                changed++;
                continue;
            }
            // What a constructor calls of its base class makes no object.
            var isOfBase = called.Name == ".ctor" && instruction.OpCode != OpCodes.Newobj;
            if (!isOfBase && CallTable.Redirect(called, caller) is { } target)
                Redirect(method, instruction, Typed(module.ImportReference(target), called));
            else if (guarded.For(called, instruction.OpCode == OpCodes.Newobj, method) is { } guard)
                Redirect(method, instruction, guard);
            else if (isOfBase)
            {
                if (!guarded.Show(method, instruction))
                    continue;
            }
            else if (Advice.On(called.DeclaringType.FullName, called.Name, method.Name, caller) is { } advice)
            {
                NoteBefore(module, editor, instruction, advice);
            }
            else
            {
                continue;
            }
            changed++;
        }
        editor.Close();
        return changed;
    }

    private static void Redirect(MethodDefinition method, Instruction instruction, MethodReference target)
    {
        // The object whose method it would be is passed when it is called, as to any other that stands in.
        if (instruction.OpCode == OpCodes.Ldvirtftn)
        {
            // With one instruction more, a short jump may not reach.
            method.Body.SimplifyMacros();
            method.Body.GetILProcessor().InsertBefore(instruction, Instruction.Create(OpCodes.Pop));
        }
        instruction.OpCode = instruction.OpCode.Code is Code.Ldftn or Code.Ldvirtftn ? OpCodes.Ldftn : OpCodes.Call;
        instruction.Operand = target;
    }

    private static MethodReference Typed(MethodReference target, MethodReference called)
    {
        if (called is not GenericInstanceMethod generic)
            return target;
        var typed = new GenericInstanceMethod(target);
        foreach (var argument in generic.GenericArguments)
            typed.GenericArguments.Add(argument);
        return typed;
    }

    private static void NoteBefore(ModuleDefinition module, MethodEditor editor, Instruction instruction, string what) =>
        editor.Before(
            instruction,
            Instruction.Create(OpCodes.Ldstr, $"{what} ({editor.Method.DeclaringType.FullName}.{editor.Method.Name})"),
            Instruction.Create(OpCodes.Call, module.ImportReference(typeof(Uncontrolled).GetMethod(nameof(Uncontrolled.Note))))
        );

    // Reading the references of an assembly is a hundred times faster than opening it for writing.
    private static bool MayNeedIt(string file, Caller caller)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        if (!image.HasMetadata)
            return false;
        var metadata = image.GetMetadataReader();
        if (caller == Caller.Agent && metadata.GetTableRowCount(TableIndex.ModuleRef) > 0)
            return true;
        return metadata
            .MemberReferences.Select(metadata.GetMemberReference)
            .Any(m =>
                m.Parent.Kind == HandleKind.TypeReference
                && metadata.GetTypeReference((TypeReferenceHandle)m.Parent) is var type
                && CallTable.IsOfInterest($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}", caller)
            );
    }

    private static DefaultAssemblyResolver NewResolver(string folder)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(folder);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        return resolver;
    }
}
