using System.Text;
using System.Text.Json;
using ReplayHarness.Traces;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>Reads rules: the product's own, and those of a team.</summary>
internal static class RuleFile
{
    private const long MostBytes = 1 << 20;
    private const int MostRules = 1000,
        MostWords = 300,
        MostLetters = 200;

    private static readonly string[] s_members =
    [
        "kind",
        "name",
        "prefixes",
        "lead",
        "shape",
        "labels",
        "ends",
        "not",
        "within",
        "outside",
        "value",
        "check",
        "exact",
        "source",
    ];

    /// <summary>The product's own rules.</summary>
    public static IReadOnlyList<Rule> Own()
    {
        using var stream = typeof(RuleFile).Assembly.GetManifestResourceStream("redaction-rules.json")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), "redaction-rules.json");
    }

    /// <summary>The rules of a file.</summary>
    /// <exception cref="BadInputException">The file is missing, too large, or holds what is no rule; the message says where.</exception>
    public static IReadOnlyList<Rule> Read(string file)
    {
        if (!File.Exists(file))
            throw new BadInputException($"{file}: there is no such file");
        if (new FileInfo(file).Length > MostBytes)
            throw new BadInputException($"{file}: larger than {MostBytes >> 10} KiB, the most that rules may take");
        return Parse(Encoding.UTF8.GetString(JsonBytes.Of(file)).TrimStart('\uFEFF'), file);
    }

    /// <summary>The rules of a text.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="file">What messages call it.</param>
    public static IReadOnlyList<Rule> Parse(string text, string file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{file}:{(e.LineNumber ?? 0) + 1}: is not JSON: {e.Message}");
        }
        using (document)
        {
            if (
                document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("rules", out var rules)
                || rules.ValueKind != JsonValueKind.Array
            )
                throw new BadInputException($"{file}: expected {{ \"rules\": [ … ] }}");
            if (rules.GetArrayLength() > MostRules)
                throw new BadInputException($"{file}: {rules.GetArrayLength()} rules, at most {MostRules}");
            return [.. rules.EnumerateArray().Select((rule, i) => Of(rule, $"{file}: rules[{i}]"))];
        }
    }

    private static Rule Of(JsonElement rule, string place)
    {
        if (rule.ValueKind != JsonValueKind.Object)
            throw new BadInputException($"{place}: expected an object with kind, and prefixes, labels or shape");
        if (rule.EnumerateObject().Select(p => p.Name).FirstOrDefault(n => !s_members.Contains(n)) is { } unknown)
            throw new BadInputException($"{place}.{unknown}: is not known; expected one of {string.Join(", ", s_members)}");
        var (prefixes, labels) = (Texts(rule, "prefixes", place), Texts(rule, "labels", place));
        var value = Text(rule, "value", place);
        var exact = rule.TryGetProperty("exact", out var e) && e.ValueKind == JsonValueKind.True;
        var shape = ShapeOf(rule, "shape", place, ignoreCase: !exact && prefixes.Length == 0);
        if (prefixes.Length > 0 && labels.Length > 0)
            throw new BadInputException($"{place}: has prefixes and labels; a rule has one of them");
        if (shape is null && (value is null || labels.Length == 0))
            throw new BadInputException($"{place}.shape: is missing: the form of the value, such as [A-Z0-9]{{16}}");
        if (value is not null && !LabelledValues.Names.Contains(value))
            throw new BadInputException($"{place}.value: {value}: expected one of {string.Join(", ", LabelledValues.Names)}");
        if (prefixes.Length + labels.Length == 0 && shape!.LengthAt("") >= 0)
            throw new BadInputException($"{place}.shape: may be empty, and would be found everywhere");
        return new Rule(KindOf(rule, place))
        {
            Name = Text(rule, "name", place) ?? "",
            Prefixes = prefixes,
            Lead = ShapeOf(rule, "lead", place, ignoreCase: false),
            Shape = shape,
            Labels = labels,
            Ends = Texts(rule, "ends", place),
            Not = Texts(rule, "not", place),
            Within = Texts(rule, "within", place),
            Outside = Texts(rule, "outside", place),
            Value = value,
            Check = CheckOf(rule, place),
            Source = Text(rule, "source", place) ?? "",
        };
    }

    private static string KindOf(JsonElement rule, string place) =>
        Text(rule, "kind", place) is not { Length: > 0 } kind ? throw new BadInputException($"{place}.kind: is missing")
        : kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? kind
        : throw new BadInputException($"{place}.kind: {kind}: expected small letters, digits and -");

    private static Func<string, bool>? CheckOf(JsonElement rule, string place) =>
        Text(rule, "check", place) is not { } name ? null
        : Checks.Named.TryGetValue(name, out var check) ? check
        : throw new BadInputException($"{place}.check: {name}: expected one of {string.Join(", ", Checks.Named.Keys)}");

    private static Shape? ShapeOf(JsonElement rule, string member, string place, bool ignoreCase)
    {
        if (Text(rule, member, place) is not { } pattern)
            return null;
        try
        {
            return Shape.Parse(pattern, ignoreCase);
        }
        catch (FormatException e)
        {
            throw new BadInputException($"{place}.{member}: {pattern}: {e.Message}");
        }
    }

    private static string? Text(JsonElement rule, string member, string place) =>
        !rule.TryGetProperty(member, out var value) ? null
        : value.ValueKind != JsonValueKind.String ? throw new BadInputException($"{place}.{member}: expected a text")
        : value.GetString() is { Length: <= MostLetters * 4 } text ? text
        : throw new BadInputException($"{place}.{member}: longer than {MostLetters * 4} characters");

    private static string[] Texts(JsonElement rule, string member, string place)
    {
        if (!rule.TryGetProperty(member, out var list))
            return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostWords)
            throw new BadInputException($"{place}.{member}: expected a list of at most {MostWords} texts");
        return
        [
            .. list.EnumerateArray()
                .Select(
                    (word, i) =>
                        word.ValueKind == JsonValueKind.String && word.GetString() is { Length: > 0 and <= MostLetters } text
                            ? text
                            : throw new BadInputException($"{place}.{member}[{i}]: expected a text of 1 to {MostLetters} characters")
                ),
        ];
    }
}
