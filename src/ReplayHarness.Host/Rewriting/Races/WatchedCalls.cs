using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Controlled;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <summary>Calls into objects that are not safe for two, and calls by which pieces of code wait for each other.</summary>
/// <param name="editor">Changes the method.</param>
/// <param name="hooks">What is called.</param>
/// <param name="places">Numbers the places.</param>
/// <param name="points">The lines.</param>
internal sealed partial class WatchedCalls(MethodEditor editor, Hooks hooks, Places places, SourcePoints points)
{
    private const string Dictionary = "System.Collections.Concurrent.ConcurrentDictionary`2",
        Dataflow = "System.Threading.Tasks.Dataflow";

    private static readonly HashSet<string> s_loops = new(StringComparer.Ordinal)
    {
        typeof(Parallel).FullName!,
        typeof(ControlledLoops).FullName!,
        typeof(ControlledForEach).FullName!,
        typeof(ControlledForEachAsync).FullName!,
    };

    /// <summary>A call.</summary>
    public void Call(Instruction at, MethodReference called)
    {
        if (at.OpCode.Code == Code.Newobj && called.DeclaringType.Namespace == Dataflow)
            editor.Before(at, hooks.Call(nameof(RaceHooks.LoseOrder)));
        if (EndsRegistration(at, called))
            EndRegistration(at);
        if (at.OpCode.Code == Code.Newobj)
        {
            MakeDelegate(at, called);
            HandOver(at, called);
        }
        if (at.OpCode.Code is not (Code.Call or Code.Callvirt) || at.Previous is { OpCode.Code: Code.Constrained or Code.Tail })
            return;
        var type = called.DeclaringType.GetElementType().FullName;
        HandOver(at, called);
        if (type == Dictionary && IsFactory(called))
        {
            MakeOnce(at, called);
            return;
        }
        if (type == "System.Linq.ParallelEnumerable")
        {
            if (called.Name == "Aggregate")
                editor.Before(at, hooks.Call(nameof(RaceHooks.LoseOrder)));
            editor.After(at, hooks.Call(nameof(RaceHooks.KnowAll)));
            return;
        }
        if (s_loops.Contains(type))
        {
            Loop(at, called);
            return;
        }
        if (OrderTable.Meets(type, called.Name))
            Meet(at, called);
        if (OrderTable.Of(type, called) is { } edge)
            Around(at, called, edge.Before, edge.After);
        else if (IsSource(type) && called.Name.Contains("Set", StringComparison.Ordinal))
            Complete(at, called);
        else if (s_enumerators.Contains(type))
            Advance(at, called);
        else if (called.HasThis && !called.DeclaringType.IsArray && UnsafeTypes.MayBe(type))
            Into(at, called, UnsafeTypes.OnlyLooks(type, called.Name), Short(type));
        else if (IsOfCollection(type, called))
            Into(at, called, LooksIntoCollection(called), Short(called.Parameters[0].ParameterType.GetElementType().FullName));
        else if (type is "System.Array" or "System.Buffer")
            OfArrays(at, called);
        else if (called is { HasThis: true, DeclaringType.IsValueType: false } && MayBeCalledUnsafe(called))
            IntoPackage(at, called, Short(type));
        if (
            IsTask(Generics.Inflate(called.ReturnType, called))
            && !called.DeclaringType.Name.Contains("MethodBuilder", StringComparison.Ordinal)
        )
            editor.After(at, Instruction.Create(OpCodes.Dup), hooks.Call(nameof(RaceHooks.Hear)));
    }

    private static bool IsFactory(MethodReference called) =>
        called is { Name: "GetOrAdd", Parameters: [_, { ParameterType.Name: "Func`2" }], DeclaringType: GenericInstanceType };

    private void MakeOnce(Instruction at, MethodReference called)
    {
        var place = places.Add(editor.Method, points.Current, "asks", "ConcurrentDictionary.GetOrAdd");
        editor.Before(at, Instruction.Create(OpCodes.Ldc_I4, place));
        var arguments = ((GenericInstanceType)called.DeclaringType).GenericArguments;
        (at.OpCode, at.Operand) = (OpCodes.Call, hooks.Of(typeof(RaceFactories), nameof(RaceFactories.GetOrAdd), [.. arguments]));
    }

    // The body is the last argument; where each worker has a state of its own it is not, and what that does is not seen.
    private void Loop(Instruction at, MethodReference called)
    {
        if (IsTask(called.ReturnType))
        {
            editor.After(
                at,
                Instruction.Create(OpCodes.Dup),
                Instruction.Create(OpCodes.Call, hooks.Of(typeof(RaceLoops), nameof(RaceLoops.Hear)))
            );
            return;
        }
        if (called.Parameters is not [.., var last] || Generics.Inflate(last.ParameterType, called) is not { } body)
            return;
        var wrap = body switch
        {
            ArrayType => hooks.Of(typeof(RaceLoops), nameof(RaceLoops.Bodies)),
            GenericInstanceType { Name: "Action`1" or "Action`2" or "Action`3" } action when !HasLocals(called) => hooks.Of(
                typeof(RaceLoops),
                nameof(RaceLoops.Body),
                [.. action.GenericArguments]
            ),
            _ => null,
        };
        if (wrap is null)
            return;
        editor.Before(at, Instruction.Create(OpCodes.Call, wrap));
        editor.After(at, Instruction.Create(OpCodes.Call, hooks.Of(typeof(RaceLoops), nameof(RaceLoops.End))));
    }

    private static bool HasLocals(MethodReference called) =>
        called.Parameters.Any(p => p.ParameterType.Name.StartsWith("Func`", StringComparison.Ordinal));

    private void Meet(Instruction at, MethodReference called)
    {
        var place = places.Add(editor.Method, points.Current, "calls", CodeNames.Of(called));
        editor.Before(at, Instruction.Create(OpCodes.Ldc_I4, place), hooks.Call(nameof(RaceHooks.At)));
    }

    private void Into(Instruction at, MethodReference called, bool looks, string name)
    {
        var place = places.Add(editor.Method, points.Current, looks ? "looks into" : "changes", name, isWhole: true);
        Wrap(
            at,
            called,
            [Instruction.Create(OpCodes.Ldc_I4, place), hooks.Call(looks ? nameof(RaceHooks.Look) : nameof(RaceHooks.Change))],
            null
        );
    }

    // Which of them are not safe for two, the fixture may say.
    private void IntoPackage(Instruction at, MethodReference called, string name)
    {
        var place = places.Add(editor.Method, points.Current, "calls", name, isWhole: true);
        Wrap(
            at,
            called,
            [
                Instruction.Create(OpCodes.Ldstr, called.Name),
                Instruction.Create(OpCodes.Ldc_I4, place),
                hooks.Call(nameof(RaceHooks.CallPackage)),
            ],
            null
        );
    }

    private static bool MayBeCalledUnsafe(MethodReference called) =>
        AssemblyOf(called) is { } assembly
        && called.Name != ".ctor"
        && assembly is not ("ReplayHarness.Host" or "ReplayHarness" or "ReplayHarness.Traces")
        // Of the runtime's own types these are called everywhere, and change nothing.
        && (called.DeclaringType.Namespace is not "System" || IsOfObjects(called))
        && called.DeclaringType.Namespace is not ("System.Threading.Tasks" or "System.Reflection" or "System.Runtime.CompilerServices");

    private static bool IsOfObjects(MethodReference called) =>
        called.DeclaringType.Name is not ("String" or "Object" or "Type" or "Exception" or "Delegate" or "MulticastDelegate")
        && called.Name != "Invoke";

    // Null for a type of this assembly.
    private static string? AssemblyOf(MethodReference called) =>
        (called.DeclaringType.GetElementType().Scope as AssemblyNameReference)?.Name;

    private void Around(Instruction at, MethodReference called, string? before, string? after) =>
        Wrap(at, called, before is null ? null : [hooks.Call(before)], after is null ? null : [hooks.Call(after)]);

    // Takes the arguments off the stack, so that the first of them can be shown.
    private void Wrap(Instruction at, MethodReference called, Instruction[]? before, Instruction[]? after)
    {
        List<TypeReference?> types = [.. called.Parameters.Select(p => Generics.Inflate(p.ParameterType, called))];
        if (types.Contains(null))
            return;
        if (types.Count == 0 && !called.HasThis)
            return;
        if (called.HasThis)
            types.Insert(0, called.DeclaringType.IsValueType ? new ByReferenceType(called.DeclaringType) : called.DeclaringType);
        if (types.Count == 1 && after is null)
        {
            editor.Before(at, [Instruction.Create(OpCodes.Dup), .. before!]);
            return;
        }
        VariableDefinition[] arguments = [.. types.Select(t => editor.Local(t!))];
        editor.Before(at, [.. arguments.Reverse().Select(a => Instruction.Create(OpCodes.Stloc, a))]);
        if (before is not null)
            editor.Before(at, [Instruction.Create(OpCodes.Ldloc, arguments[0]), .. before]);
        editor.Before(at, [.. arguments.Select(a => Instruction.Create(OpCodes.Ldloc, a))]);
        if (after is not null)
            editor.After(at, [Instruction.Create(OpCodes.Ldloc, arguments[0]), .. after]);
    }

    private static bool IsTask(TypeReference? type) => type is { Namespace: "System.Threading.Tasks", Name: "Task" or "Task`1" };

    // ImmutableList`1/Builder is ImmutableList.Builder.
    private static string Short(string type) =>
        string.Join('.', type[(type.LastIndexOf('.') + 1)..].Split('/').Select(name => name.Split('`')[0]));
}
