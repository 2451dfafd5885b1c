using Mono.Cecil;

namespace ReplayHarness.Evidence;

/// <summary>Calls that find code by its name, or all code that there is: what they reach cannot be read from who calls them.</summary>
internal static class FoundByName
{
    // What an assembly tells of itself finds no code.
    private static readonly HashSet<string> s_harmless =
    [
        "GetName",
        "get_FullName",
        "get_Location",
        "get_ImageRuntimeVersion",
        "GetManifestResourceStream",
        "GetManifestResourceNames",
        "GetManifestResourceInfo",
        "GetExecutingAssembly",
        "GetEntryAssembly",
        "GetCallingAssembly",
        "GetAssembly",
        "op_Equality",
        "op_Inequality",
        "ToString",
        "GetHashCode",
        "Equals",
    ];

    private static readonly string[] s_scans = ["AddControllers", "AddMvc", "AddRazorPages"];

    /// <summary>True for an operand that such a call has.</summary>
    public static bool IsAskedBy(object? operand) =>
        operand is MethodReference called
        && (
            called.DeclaringType.FullName switch
            {
                "System.Reflection.Assembly" or "System.Reflection.Module" => !s_harmless.Contains(called.Name)
                    && !called.Name.Contains("CustomAttribute", StringComparison.Ordinal),
                "System.Reflection.CustomAttributeExtensions" => false,
                "System.Type" => called.Name is "GetType" && called.Parameters.Count > 0,
                "System.Activator" => called.Name.StartsWith("CreateInstance", StringComparison.Ordinal)
                    && called.Parameters is [{ ParameterType.FullName: "System.String" }, ..],
                "System.AppDomain" => called.Name
                    is "GetAssemblies"
                        or "Load"
                        or "CreateInstance"
                        or "CreateInstanceAndUnwrap"
                        or "CreateInstanceFrom"
                        or "CreateInstanceFromAndUnwrap",
                "System.Runtime.Loader.AssemblyLoadContext" => called.Name.Contains("Load", StringComparison.Ordinal)
                    || called.Name == "get_Assemblies",
                _ => IsGivenAll(called),
            }
        );

    // A package that is given an assembly, or the type that stands for it, looks through it.
    private static bool IsGivenAll(MethodReference called) =>
        called.Parameters.Any(p => p.ParameterType.FullName.Contains("System.Reflection.Assembly", StringComparison.Ordinal) && !IsName(p))
        || (called.Name.Contains("Assembl", StringComparison.Ordinal) && !IsOfTypes(called))
        || s_scans.Any(s => called.Name.StartsWith(s, StringComparison.Ordinal));

    private static bool IsName(ParameterDefinition parameter) =>
        parameter.ParameterType.FullName.Contains("AssemblyName", StringComparison.Ordinal);

    // typeof(Agent).Assembly, and names of assemblies.
    private static bool IsOfTypes(MethodReference called) =>
        called.DeclaringType.FullName is "System.Type" or "System.Reflection.AssemblyName" or "System.Reflection.Module"
        || called.Name is "get_AssemblyQualifiedName" or "get_AssemblyName" or "get_Assembly";
}
