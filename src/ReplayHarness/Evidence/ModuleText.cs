using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ReplayHarness.Evidence;

/// <summary>
/// Code as text that is equal where it does the same: no addresses, no order of tables, no versions that every build counts.
/// </summary>
internal static class ModuleText
{
    // A build says there which commit it is of.
    private static readonly HashSet<string> s_versions =
    [
        "System.Reflection.AssemblyInformationalVersionAttribute",
        "System.Reflection.AssemblyFileVersionAttribute",
        "System.Reflection.AssemblyVersionAttribute",
    ];

    /// <summary>What an assembly holds besides its types, hashed: its own attributes and the files in it.</summary>
    public static byte[] Besides(ModuleDefinition module)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = new StringBuilder();
        foreach (var attribute in module.Assembly?.CustomAttributes.Concat(module.CustomAttributes) ?? [])
            if (!s_versions.Contains(attribute.AttributeType.FullName))
                Add(text, attribute);
        hash.AppendData(Encoding.UTF8.GetBytes(text.ToString()));
        foreach (var resource in module.Resources.OfType<EmbeddedResource>().OrderBy(r => r.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(resource.Name + "\n"));
            hash.AppendData(SHA256.HashData(resource.GetResourceData()));
        }
        return hash.GetHashAndReset();
    }

    /// <summary>A type with those within it.</summary>
    /// <param name="type">The type.</param>
    /// <param name="withLines">Whether its lines in the source are told, where symbols tell them.</param>
    public static string Of(TypeDefinition type, bool withLines)
    {
        var text = new StringBuilder();
        Add(text, type, withLines);
        return text.ToString();
    }

    private static void Add(StringBuilder text, TypeDefinition type, bool withLines)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"type {type.FullName} {(int)type.Attributes} {type.BaseType?.FullName} {type.ClassSize}\n"
        );
        foreach (var implemented in type.Interfaces)
            text.Append(CultureInfo.InvariantCulture, $"is {implemented.InterfaceType.FullName}\n");
        Add(text, type.GenericParameters);
        Add(text, type.CustomAttributes);
        foreach (var field in type.Fields)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"field {field.FullName} {(int)field.Attributes} {Constant(field)} {Convert.ToHexStringLower(field.InitialValue)}\n"
            );
            Add(text, field.CustomAttributes);
        }
        foreach (var property in type.Properties)
        {
            text.Append(CultureInfo.InvariantCulture, $"property {property.FullName} {(int)property.Attributes}\n");
            Add(text, property.CustomAttributes);
        }
        foreach (var method in type.Methods)
            Add(text, method, withLines);
        foreach (var nested in type.NestedTypes)
            Add(text, nested, withLines);
    }

    private static void Add(StringBuilder text, MethodDefinition method, bool withLines)
    {
        text.Append(CultureInfo.InvariantCulture, $"method {method.FullName} {(int)method.Attributes} {(int)method.ImplAttributes}\n");
        if (method.PInvokeInfo is { } native)
            text.Append(CultureInfo.InvariantCulture, $"native {native.Module?.Name} {native.EntryPoint} {(int)native.Attributes}\n");
        Add(text, method.GenericParameters);
        Add(text, method.CustomAttributes);
        Add(text, method.MethodReturnType.CustomAttributes);
        foreach (var parameter in method.Parameters)
        {
            text.Append(CultureInfo.InvariantCulture, $"parameter {parameter.Name} {(int)parameter.Attributes} {Constant(parameter)}\n");
            Add(text, parameter.CustomAttributes);
        }
        if (!method.HasBody)
            return;
        foreach (var instruction in method.Body.Instructions)
            text.Append(CultureInfo.InvariantCulture, $"{instruction.Offset} {instruction.OpCode.Name} {Operand(instruction.Operand)}\n");
        foreach (var handler in method.Body.ExceptionHandlers)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(int)handler.HandlerType} {handler.CatchType?.FullName} {handler.TryStart.Offset} {handler.TryEnd.Offset} "
                    + $"{handler.HandlerStart.Offset} {handler.FilterStart?.Offset}\n"
            );
        if (!withLines)
            return;
        foreach (var point in method.DebugInformation.SequencePoints)
            text.Append(CultureInfo.InvariantCulture, $"{point.Offset} {Path.GetFileName(point.Document.Url)}:{point.StartLine}\n");
    }

    private static void Add(StringBuilder text, IEnumerable<GenericParameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            var constraints = string.Join(' ', parameter.Constraints.Select(c => c.ConstraintType.FullName));
            text.Append(CultureInfo.InvariantCulture, $"of {parameter.Name} {(int)parameter.Attributes} {constraints}\n");
        }
    }

    private static void Add(StringBuilder text, IEnumerable<CustomAttribute> attributes)
    {
        foreach (var attribute in attributes)
            Add(text, attribute);
    }

    private static void Add(StringBuilder text, CustomAttribute attribute) =>
        text.Append(CultureInfo.InvariantCulture, $"[{attribute.Constructor.FullName} {Convert.ToHexStringLower(attribute.GetBlob())}]\n");

    private static string Constant(IConstantProvider of) => of.HasConstant ? Operand(of.Constant) : "";

    private static string Operand(object? operand) =>
        operand switch
        {
            null => "",
            string text => "\"" + text + "\"",
            Instruction to => to.Offset.ToString(CultureInfo.InvariantCulture),
            Instruction[] to => string.Join(',', to.Select(i => i.Offset)),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => operand.ToString() ?? "",
        };
}
