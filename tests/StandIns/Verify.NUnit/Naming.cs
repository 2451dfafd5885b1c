using System.Globalization;
using System.Reflection;
using NUnit.Framework;
using VerifyTests;

namespace VerifyNUnit;

/// <summary>Where the files of a verification lie: <c>{Type}.{Method}[_{name}={value}…]</c> beside the test's source.</summary>
internal static class Naming
{
    private static readonly char[] s_illegal = ['"', '\\', '<', '>', '|', ':', '*', '?', '/', '#'];

    public static string Prefix(VerifySettings settings, string sourceFile)
    {
        var folder = Path.GetDirectoryName(sourceFile)!;
        if (settings.Directory is { } directory)
            folder = Path.GetFullPath(Path.Combine(folder, directory));
        if (settings.FileName is { } fileName)
            return Path.Combine(folder, fileName);
        var test = TestContext.CurrentContext.Test;
        var type = test.Type ?? throw new InvalidOperationException("Verify must be called from a test");
        var method = settings.MethodName ?? test.MethodName ?? "";
        return Path.Combine(folder, Clean($"{settings.TypeName ?? TypeName(type)}.{method}{Parameters(settings, test, type)}"));
    }

    private static string TypeName(Type type) => type.DeclaringType is { } outer ? $"{TypeName(outer)}.{type.Name}" : type.Name;

    private static string Parameters(VerifySettings settings, TestContext.TestAdapter test, Type type)
    {
        if (settings.ParametersText is { } text)
            return $"_{text}";
        var names = test.MethodInfo?.GetParameters().Select(p => p.Name!).ToArray() ?? [];
        var values = settings.Parameters ?? test.Arguments;
        var fixture = TestContext.CurrentContext.Test.Parent?.Arguments ?? [];
        var fixtureNames = ConstructorNames(type, fixture.Length);
        return string.Concat(fixtureNames.Zip(fixture).Concat(names.Zip(values)).Select(p => $"_{p.First}={Value(p.Second)}"));
    }

    private static string[] ConstructorNames(Type type, int count) =>
        type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(c => c.GetParameters().Length == count)
            ?.GetParameters()
            .Select(p => p.Name!)
            .ToArray()
        ?? [];

    private static string Value(object? value) =>
        value switch
        {
            null => "null",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "null",
        };

    private static string Clean(string name) => string.Concat(name.Select(c => s_illegal.Contains(c) ? '-' : c));
}
