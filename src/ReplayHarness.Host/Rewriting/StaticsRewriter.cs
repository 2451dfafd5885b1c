using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using ReplayHarness.Host.Statics;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// Moves the static fields of a module into holders, one for each type and schedule. Static constructors and the module's own become
/// methods that run anew in each schedule, when the runtime would run them in a fresh process.
/// </summary>
/// <param name="module">The module.</param>
/// <param name="moved">Which fields move.</param>
/// <param name="agents">Whether the module is the agent team's own.</param>
internal sealed class StaticsRewriter(ModuleDefinition module, MovedStatics moved, bool agents)
{
    private readonly HolderBuilder _builder = new(module, agents);
    private readonly StaticAccesses _accesses = new(module, moved);

    /// <summary>Moves them; the number of changes.</summary>
    public int Run()
    {
        TypeDefinition[] types = [.. module.GetTypes()];
        var changed = 0;
        foreach (var type in types)
            changed += moved.Move(type) && AddHolders(type) ? 1 : 0;
        foreach (var method in types.SelectMany(t => t.Methods).Where(m => m.HasBody))
            changed += _accesses.Redirect(method);
        foreach (var (type, initialiser) in _precise)
            InitialiseBefore(type, initialiser);
        return changed + (RepeatModuleInitialiser() ? 1 : 0);
    }

    // Types that must be initialised before any static method or constructor of theirs runs, not just before a field is used.
    private readonly List<(TypeDefinition Type, MethodDefinition Initialiser)> _precise = [];

    private bool AddHolders(TypeDefinition type)
    {
        FieldDefinition[] fields = [.. type.Fields.Where(moved.Move)];
        var initialiser = type.Methods.FirstOrDefault(m => m is { IsConstructor: true, IsStatic: true });
        var isPrecise = initialiser is not null && !type.IsBeforeFieldInit;
        if (fields.Length == 0 && !isPrecise)
            return false;
        FieldDefinition[] ofThread = [.. fields.Where(MovedStatics.IsOfThread)];
        if (initialiser is not null)
            BecomeMethod(initialiser, Holder.Initialiser);
        if (initialiser is not null || fields.Length > ofThread.Length)
            _builder.AddShared(type, fields.Except(ofThread), initialiser);
        if (ofThread.Length > 0)
            _builder.AddOfThread(type, ofThread, initialiser is not null);
        if (isPrecise)
            _precise.Add((type, initialiser!));
        return true;
    }

    private static void BecomeMethod(MethodDefinition initialiser, string name)
    {
        initialiser.Name = name;
        initialiser.Attributes = MethodAttributes.Static | MethodAttributes.Assembly | MethodAttributes.HideBySig;
    }

    private static void InitialiseBefore(TypeDefinition type, MethodDefinition initialiser)
    {
        var holder = Holder.Instance(type.NestedTypes.First(n => n.Name == Holder.Shared));
        foreach (
            var method in type.Methods.Where(m => m.HasBody && m != initialiser && (m.IsStatic || m.IsConstructor || type.IsValueType))
        )
        {
            method.Body.SimplifyMacros();
            var il = method.Body.GetILProcessor();
            var first = method.Body.Instructions[0];
            il.InsertBefore(first, il.Create(OpCodes.Call, Holder.Get(holder)));
            il.InsertBefore(first, il.Create(OpCodes.Pop));
            method.Body.OptimizeMacros();
        }
    }

    private bool RepeatModuleInitialiser()
    {
        var type = module.Types.First(t => t.Name == "<Module>");
        if (type.Methods.FirstOrDefault(m => m is { IsConstructor: true, IsStatic: true }) is not { } initialiser)
            return false;
        var attributes = initialiser.Attributes;
        BecomeMethod(initialiser, "<>initialise");
        var once = new MethodDefinition(".cctor", attributes, module.TypeSystem.Void);
        type.Methods.Add(once);
        var il = once.Body.GetILProcessor();
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ldftn, initialiser);
        il.Emit(OpCodes.Newobj, module.ImportReference(typeof(Action).GetConstructors()[0]));
        il.Emit(OpCodes.Call, module.ImportReference(typeof(ScheduleStatics).GetMethod(nameof(ScheduleStatics.AddModule))));
        il.Emit(OpCodes.Call, initialiser);
        il.Emit(OpCodes.Ret);
        return true;
    }
}
