using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Controlled;
using ReplayHarness.Host.Races;

namespace ReplayHarness.Host.Rewriting.Races;

/// <content>Objects that are used by code which is not the team's: handed to it, or behind a delegate or an enumerator.</content>
internal sealed partial class WatchedCalls
{
    private static readonly string[] s_looksOfCollections = ["GetValueOrDefault", "AsReadOnly", "CopyTo", "GetValueRefOrNullRef"];

    private static readonly HashSet<string> s_enumerators = new(StringComparer.Ordinal)
    {
        "System.Collections.IEnumerator",
        "System.Collections.Generic.IEnumerator`1",
        "System.Collections.Generic.IAsyncEnumerator`1",
    };

    // They use the collection that is their first argument. What else the second has, the compiler calls to fill new lists.
    private static bool IsOfCollection(string type, MethodReference called) =>
        type == "System.Collections.Generic.CollectionExtensions"
        || (type == "System.Runtime.InteropServices.CollectionsMarshal" && called.Name.StartsWith("GetValueRef", StringComparison.Ordinal));

    private static bool LooksIntoCollection(MethodReference called) =>
        Array.Exists(s_looksOfCollections, l => called.Name.StartsWith(l, StringComparison.Ordinal));

    private static bool IsSource(string type) =>
        type is "System.Threading.Tasks.TaskCompletionSource" or "System.Threading.Tasks.TaskCompletionSource`1";

    private static bool EndsRegistration(Instruction at, MethodReference called) =>
        called.Name is "Dispose" or "DisposeAsync"
        && (at.Previous is { OpCode.Code: Code.Constrained, Operand: TypeReference of } ? of : called.DeclaringType)
            is { FullName: "System.Threading.CancellationTokenRegistration" };

    private void EndRegistration(Instruction at)
    {
        var first = at.Previous is { OpCode.Code: Code.Constrained } prefix ? prefix : at;
        editor.Before(first, Instruction.Create(OpCodes.Dup), hooks.Call(nameof(RaceHooks.WaitForCallback)));
        editor.After(at, hooks.Call(nameof(RaceHooks.EndRegistration)));
    }

    private void Complete(Instruction at, MethodReference called)
    {
        var complete = called.DeclaringType is GenericInstanceType { GenericArguments: [var result] }
            ? hooks.Call(nameof(RaceHooks.Complete), result)
            : hooks.Call(nameof(RaceHooks.Complete));
        Wrap(at, called, [complete], null);
    }

    private void Advance(Instruction at, MethodReference called)
    {
        var looks = called.Name == "get_Current";
        if (!looks && called.Name is not ("MoveNext" or "MoveNextAsync"))
            return;
        var place = places.Add(editor.Method, points.Current, looks ? "looks into" : "changes", "the enumerator", isWhole: true);
        var hook = looks ? nameof(RaceHooks.LookAtCurrent) : nameof(RaceHooks.Advance);
        Wrap(at, called, [Instruction.Create(OpCodes.Ldc_I4, place), hooks.Call(hook)], null);
    }

    // A collection that is handed to a method of a package or of .NET is read by it; a property keeps it, and is not.
    private void HandOver(Instruction at, MethodReference called)
    {
        var parameters = called.GetElementMethod().Parameters;
        if (parameters.Count == 0 || !Reads(at, called))
            return;
        var isJson = IsJson(called);
        for (var i = IsOfCollection(called.DeclaringType.FullName, called) ? 1 : 0; i < parameters.Count; i++)
            if (WordOf(parameters[i].ParameterType, isJson && i < 2) is { } word)
                LookAt(at, called, i, word);
    }

    private static bool Reads(Instruction at, MethodReference called)
    {
        var type = called.DeclaringType;
        if (at.OpCode.Code == Code.Newobj)
            return (
                    type.Namespace.StartsWith("System.Collections.", StringComparison.Ordinal)
                    && type.Namespace != "System.Collections.ObjectModel"
                )
                || type.FullName == "System.Net.Http.FormUrlEncodedContent";
        if (called.Name.StartsWith("set_", StringComparison.Ordinal) || called.Name.StartsWith("add_", StringComparison.Ordinal))
            return false;
        return type.Name == nameof(ControlledJoins)
            || (
                AssemblyOf(called) is { } assembly
                && (assembly.StartsWith("System.", StringComparison.Ordinal) || assembly.StartsWith("Microsoft.", StringComparison.Ordinal))
            );
    }

    private static bool IsJson(MethodReference called) =>
        called.DeclaringType.FullName == "System.Text.Json.JsonSerializer" && called.Name.StartsWith("Serialize", StringComparison.Ordinal);

    // As the method declares it: one of any type keeps what it is given.
    private static string? WordOf(TypeReference parameter, bool isJson)
    {
        var type = parameter.GetElementType().FullName;
        return UnsafeTypes.IsSequence(type) ? "the sequence"
            : type.StartsWith("System.Collections.", StringComparison.Ordinal) && UnsafeTypes.Is(type)
            || type == "System.Text.StringBuilder"
                ? Short(type)
            : isJson && (parameter.IsGenericParameter || type == "System.Object") ? ""
            : null;
    }

    private void LookAt(Instruction at, MethodReference called, int argument, string word)
    {
        List<TypeReference?> types = [.. called.Parameters.Select(p => Generics.Inflate(p.ParameterType, called))];
        if (types.Contains(null) || types[argument] is not { IsValueType: false, IsByReference: false, IsGenericParameter: false } type)
            return;
        if (word.Length == 0)
            word = Short(type.GetElementType().FullName);
        var whole = places.Add(editor.Method, points.Current, "looks into", word, isWhole: true);
        var ofElements = places.Add(editor.Method, points.Current, "reads", Elements);
        var above = types.Skip(argument + 1).Select(t => editor.Local(t!)).ToArray();
        editor.Before(
            at,
            [
                .. above.Reverse().Select(a => Instruction.Create(OpCodes.Stloc, a)),
                Instruction.Create(OpCodes.Dup),
                Instruction.Create(OpCodes.Ldc_I4, whole),
                Instruction.Create(OpCodes.Ldc_I4, ofElements),
                hooks.Call(nameof(RaceHooks.LookAtAll)),
                .. above.Select(a => Instruction.Create(OpCodes.Ldloc, a)),
            ]
        );
    }

    // A delegate made of a method of an object that is not safe for two uses that object when it is called.
    private void MakeDelegate(Instruction at, MethodReference constructor)
    {
        if (at.Previous is not { OpCode.Code: Code.Ldftn or Code.Ldvirtftn, Operand: MethodReference { HasThis: true } method })
            return;
        var type = method.DeclaringType.GetElementType().FullName;
        var made = constructor.DeclaringType;
        if (
            !UnsafeTypes.MayBe(type)
            || !RaceDelegates.Has(made.GetElementType().FullName)
            || at.Next is { Operand: MethodReference { Name: var next } } && IsEvent(next)
        )
            return;
        var looks = UnsafeTypes.OnlyLooks(type, method.Name);
        var place = places.Add(editor.Method, points.Current, looks ? "looks into" : "changes", Short(type), isWhole: true);
        IReadOnlyList<TypeReference> arguments = made is GenericInstanceType generic ? [.. generic.GenericArguments] : [];
        editor.After(
            at,
            Instruction.Create(OpCodes.Ldc_I4, place),
            Instruction.Create(looks ? OpCodes.Ldc_I4_0 : OpCodes.Ldc_I4_1),
            Instruction.Create(OpCodes.Call, hooks.Of(typeof(RaceDelegates), made.Name.Split('`')[0], arguments))
        );
    }

    // What is added to an event must be what is taken away again.
    private static bool IsEvent(string next) =>
        next.StartsWith("add_", StringComparison.Ordinal) || next.StartsWith("remove_", StringComparison.Ordinal);
}
