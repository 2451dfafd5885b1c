using Mono.Cecil;
using Mono.Cecil.Cil;
using ReplayHarness.Host.Controlled;

namespace ReplayHarness.Host.Rewriting;

/// <summary>
/// The properties by which frameworks are told whether the tool calls of one turn may run at once: each getter asks
/// <see cref="ControlledSwitch"/> last. Where a replay wants nothing of it, it answers what is set.
/// </summary>
internal static class SwitchHooks
{
    private const string Switch = "AllowConcurrentInvocation";

    private static readonly (string Assembly, string Space, string Type)[] s_hooked =
    [
        ("Microsoft.Extensions.AI", "Microsoft.Extensions.AI", "FunctionInvokingChatClient"),
        ("Microsoft.SemanticKernel.Abstractions", "Microsoft.SemanticKernel", "FunctionChoiceBehaviorOptions"),
    ];

    /// <summary>True for an assembly that holds such a property.</summary>
    public static bool Has(string assembly) => s_hooked.Any(h => h.Assembly == assembly);

    /// <summary>Hooks the properties of an assembly; says how many there were.</summary>
    public static int Run(ModuleDefinition module)
    {
        var hooked = 0;
        foreach (var (_, space, type) in s_hooked.Where(h => h.Assembly == module.Assembly.Name.Name))
        {
            var getter = module.GetType(space, type)?.Methods.FirstOrDefault(m => m.Name == $"get_{Switch}");
            if (getter?.ReturnType.MetadataType != MetadataType.Boolean)
                continue;
            AskLast(getter, $"{type}.{Switch}");
            hooked++;
        }
        return hooked;
    }

    // It is a property without code of its own: it ends at one place.
    private static void AskLast(MethodDefinition getter, string name)
    {
        var il = getter.Body.GetILProcessor();
        var end = getter.Body.Instructions[^1];
        il.InsertBefore(end, il.Create(OpCodes.Ldstr, name));
        il.InsertBefore(
            end,
            il.Create(
                OpCodes.Call,
                getter.Module.ImportReference(typeof(ControlledSwitch).GetMethod(nameof(ControlledSwitch.MayRunAtOnce)))
            )
        );
    }
}
