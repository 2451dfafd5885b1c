using System.Reflection;
using System.Text;

namespace ReplayHarness.Tests.Repository;

/// <summary>The public surface is small, and changes only on purpose: accept a change by copying the received file over the approved one.</summary>
public sealed class PublicApiTests
{
    [Test]
    public void The_public_surface_is_the_approved_one()
    {
        var text = new StringBuilder();
        foreach (
            var assembly in (Assembly[])
                [
                    typeof(ReplayHarness.Traces.Trace).Assembly,
                    typeof(ReplayHarness.Fixtures.Fixture).Assembly,
                    typeof(ReplayHarness.NUnit.Shows).Assembly,
                    typeof(ReplayHarness.Server.OtlpReceiver).Assembly,
                ]
        )
            Append(text, assembly);
        var approved = Path.Combine(Repo.Root, "tests", "ReplayHarness.Tests", "Repository", "PublicApi.approved.txt");
        var received = text.ToString();
        if (File.Exists(approved) && File.ReadAllText(approved) == received)
            return;
        var file = approved.Replace(".approved.", ".received.", StringComparison.Ordinal);
        File.WriteAllText(file, received);
        Assert.That(
            received,
            Is.EqualTo(File.Exists(approved) ? File.ReadAllText(approved) : ""),
            $"if the change is meant: cp {file} {approved}"
        );
    }

    private static void Append(StringBuilder text, Assembly assembly)
    {
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type)).Append('\n');
            foreach (var member in Members(type).Distinct().Order(StringComparer.Ordinal))
                text.Append("  ").Append(member).Append('\n');
        }
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "class"
        : "open class";

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type);
        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetMembers(Declared).Select(Describe).OfType<string>();
    }

    // What the compiler writes for every record says nothing.
    private static string? Describe(MemberInfo member) =>
        member switch
        {
            ConstructorInfo c when Visible(c) => $"new({Parameters(c)})",
            PropertyInfo p when p.GetMethod is { } get && Visible(get) && p.Name != "EqualityContract" =>
                $"{Name(p.PropertyType)} {p.Name}{(p.SetMethod is null ? "" : " { init; }")}",
            FieldInfo { IsPublic: true } f => $"const {Name(f.FieldType)} {f.Name}",
            MethodInfo { IsSpecialName: false } m
                when Visible(m)
                    && m.Name is not ("Equals" or "GetHashCode" or "PrintMembers" or "Deconstruct" or "ToString" or "<Clone>$") =>
                $"{Name(m.ReturnType)} {m.Name}({Parameters(m)})",
            _ => null,
        };

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}"));

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return $"ref {Name(type.GetElementType()!)}";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[]";
        if (!type.IsGenericType)
            return type.DeclaringType is null || type.IsGenericParameter ? type.Name : $"{Name(type.DeclaringType)}.{type.Name}";
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
