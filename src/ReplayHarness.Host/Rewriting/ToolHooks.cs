using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// The methods through which frameworks invoke tools: each gets a body that asks <see cref="ControlledTools"/> first. What is called is
/// rewritten, not who calls it, so no way to a tool leads past it.
/// </summary>
internal static class ToolHooks
{
    private const string Core = nameof(ControlledTools.InvokeCoreAsync);

    // The last ones are what a kernel's filters stand around.
    private static readonly (string Assembly, string Type, string Method)[] s_hooked =
    [
        ("Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.AI.AIFunction", nameof(ControlledTools.InvokeAsync)),
        ("Microsoft.SemanticKernel.Abstractions", "Microsoft.SemanticKernel.KernelFunction", nameof(ControlledTools.InvokeAsync)),
        ("Microsoft.SemanticKernel.Core", $"Microsoft.SemanticKernel.{PluginFunction.OfMethod}", Core),
        ("Microsoft.SemanticKernel.Abstractions", $"Microsoft.SemanticKernel.ChatCompletion.{PluginFunction.OfFunction}", Core),
    ];

    /// <summary>True for an assembly that holds such a method.</summary>
    public static bool Has(string assembly) => s_hooked.Any(h => h.Assembly == assembly);

    /// <summary>Hooks the methods of an assembly; says how many there were.</summary>
    public static int Run(ModuleDefinition module)
    {
        var hooked = 0;
        foreach (var (_, type, name) in s_hooked.Where(h => h.Assembly == module.Assembly.Name.Name))
        foreach (var method in Invocations(module.GetType(type), name).ToArray())
        {
            Wrap(method);
            hooked++;
        }
        return hooked;
    }

    // Others of that name call this one.
    private static IEnumerable<MethodDefinition> Invocations(TypeDefinition? type, string name) =>
        (type?.Methods ?? []).Where(m =>
            m is { IsPrivate: false, IsStatic: false, HasGenericParameters: false }
            && m.Name == name
            && m.Parameters.Count > 0
            && m.Parameters[^1].ParameterType.FullName == typeof(CancellationToken).FullName
            && m.Parameters.Count == (m.Parameters[0].ParameterType.Name == "Kernel" ? 3 : 2)
        );

    // return ControlledTools.InvokeAsync(this, …, this.InvokeUnseenAsync, cancellationToken)
    private static void Wrap(MethodDefinition method)
    {
        var own = Moved(method);
        var il = Emptied(method);
        il.Emit(OpCodes.Ldarg_0);
        foreach (var parameter in method.Parameters.SkipLast(1))
            il.Emit(OpCodes.Ldarg, parameter);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldftn, own);
        il.Emit(OpCodes.Newobj, DelegateOf(method));
        il.Emit(OpCodes.Ldarg, method.Parameters[^1]);
        il.Emit(OpCodes.Call, HookOf(method));
        il.Emit(OpCodes.Ret);
    }

    // The harness knows the types of one framework; those of the other it is told.
    private static MethodReference HookOf(MethodDefinition method)
    {
        if (method.Parameters.Count == 2)
            return method.Module.ImportReference(HookWith(method.Name, genericArguments: 0));
        TypeReference[] types =
        [
            method.Parameters[0].ParameterType,
            method.Parameters[1].ParameterType,
            ((GenericInstanceType)method.ReturnType).GenericArguments[0],
        ];
        var hook = new GenericInstanceMethod(method.Module.ImportReference(HookWith(method.Name, genericArguments: types.Length)));
        foreach (var type in types)
            hook.GenericArguments.Add(type);
        return hook;
    }

    private static ILProcessor Emptied(MethodDefinition method)
    {
        method.CustomAttributes.Clear();
        method.Body = new MethodBody(method);
        return method.Body.GetILProcessor();
    }

    private static MethodDefinition Moved(MethodDefinition method)
    {
        var moved = new MethodDefinition("InvokeUnseenAsync", MethodAttributes.Private | MethodAttributes.HideBySig, method.ReturnType);
        foreach (var parameter in method.Parameters)
            moved.Parameters.Add(new(parameter.Name, parameter.Attributes, parameter.ParameterType));
        foreach (var attribute in method.CustomAttributes)
            moved.CustomAttributes.Add(attribute);
        moved.Body = method.Body;
        foreach (var instruction in moved.Body.Instructions)
            if (instruction.Operand is ParameterDefinition parameter)
                instruction.Operand = parameter.Index < 0 ? moved.Body.ThisParameter : moved.Parameters[parameter.Index];
        method.DeclaringType.Methods.Add(moved);
        return moved;
    }

    // Func<…, CancellationToken, Task<…>>, whose parameters are its type's own.
    private static MethodReference DelegateOf(MethodDefinition method)
    {
        var module = method.Module;
        var func = new GenericInstanceType(module.ImportReference(method.Parameters.Count == 2 ? typeof(Func<,,>) : typeof(Func<,,,>)));
        foreach (var parameter in method.Parameters)
            func.GenericArguments.Add(parameter.ParameterType);
        func.GenericArguments.Add(method.ReturnType);
        return new(".ctor", module.TypeSystem.Void, func)
        {
            HasThis = true,
            Parameters = { new(module.TypeSystem.Object), new(module.TypeSystem.IntPtr) },
        };
    }

    private static System.Reflection.MethodInfo HookWith(string name, int genericArguments) =>
        typeof(ControlledTools).GetMethods().Single(m => m.Name == name && m.GetGenericArguments().Length == genericArguments);
}
