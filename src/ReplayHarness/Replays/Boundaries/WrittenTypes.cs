using System.Text;
using System.Text.RegularExpressions;

namespace ReplayHarness.Replays.Boundaries;

/// <summary>Names of types as people and frameworks write them, in the form that the runtime reads.</summary>
internal static partial class WrittenTypes
{
    // More than any exception has: arguments within arguments, classes within classes.
    private const int MostDepth = 8,
        MostWithin = 3;

    private static readonly Dictionary<string, string> s_keywords = new(StringComparer.Ordinal)
    {
        ["bool"] = "System.Boolean",
        ["byte"] = "System.Byte",
        ["char"] = "System.Char",
        ["decimal"] = "System.Decimal",
        ["double"] = "System.Double",
        ["float"] = "System.Single",
        ["int"] = "System.Int32",
        ["long"] = "System.Int64",
        ["object"] = "System.Object",
        ["short"] = "System.Int16",
        ["string"] = "System.String",
        ["uint"] = "System.UInt32",
        ["ulong"] = "System.UInt64",
        ["ushort"] = "System.UInt16",
    };

    /// <summary>
    /// A name with C#'s brackets in the runtime's: <c>A&lt;int&gt;</c> is <c>A`1[System.Int32]</c>; null where it is no type.
    /// </summary>
    public static string? OfRuntime(string name) => name.Contains('<', StringComparison.Ordinal) ? OfRuntime(name.Trim(), 0) : name;

    /// <summary>A name, then those it may mean where a class within a class is written with a dot: <c>A.B</c> is <c>A+B</c>.</summary>
    public static IEnumerable<string> Nested(string name)
    {
        yield return name;
        if (!DottedPattern().IsMatch(name))
            yield break;
        var nested = name.ToCharArray();
        for (var (i, within) = (name.Length - 1, 0); i > 0 && within < MostWithin; i--)
        {
            if (nested[i] != '.')
                continue;
            (nested[i], within) = ('+', within + 1);
            yield return new string(nested);
        }
    }

    private static string? OfRuntime(string name, int depth)
    {
        var (plain, arguments, at) = (new StringBuilder(), new List<string>(), 0);
        while (at < name.Length && name[at] is not ('[' or '?'))
        {
            if (name[at] != '<')
            {
                plain.Append(arguments.Count > 0 && name[at] == '.' ? '+' : name[at]);
                at++;
                continue;
            }
            if (depth == MostDepth || EndOf(name, at) is not (> 0 and var end))
                return null;
            string?[] own = [.. Split(name[(at + 1)..end]).Select(a => OfRuntime(a, depth + 1))];
            if (own.Contains(null))
                return null;
            plain.Append('`').Append(own.Length);
            arguments.AddRange(own!);
            at = end + 1;
        }
        var simple = plain.ToString();
        var made = arguments.Count == 0 ? s_keywords.GetValueOrDefault(simple, simple) : $"{simple}[{string.Join(',', arguments)}]";
        var rest = name[at..];
        return rest.StartsWith('?') ? $"System.Nullable`1[{made}]{rest[1..]}" : made + rest;
    }

    private static IEnumerable<string> Split(string arguments)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < arguments.Length; i++)
        {
            depth += arguments[i] switch
            {
                '<' or '[' => 1,
                '>' or ']' => -1,
                _ => 0,
            };
            if (arguments[i] != ',' || depth > 0)
                continue;
            yield return arguments[start..i].Trim();
            start = i + 1;
        }
        yield return arguments[start..].Trim();
    }

    private static int EndOf(string name, int start)
    {
        var depth = 0;
        for (var i = start; i < name.Length; i++)
        {
            depth += name[i] switch
            {
                '<' => 1,
                '>' => -1,
                _ => 0,
            };
            if (depth == 0)
                return i;
        }
        return -1;
    }

    // Of .NET, whose names begin with capitals.
    [GeneratedRegex(@"^([A-Z]\w*\.)+[A-Z][\w`]*(\+[\w`]+)*$")]
    private static partial Regex DottedPattern();
}
