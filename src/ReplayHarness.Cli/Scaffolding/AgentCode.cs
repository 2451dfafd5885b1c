using System.Text.RegularExpressions;

namespace ReplayHarness.Cli.Scaffolding;

/// <summary>The public types of projects, read from their sources; nothing is compiled. What cannot be read is left out.</summary>
internal sealed partial class AgentCode
{
    // A project is read to find the agent, and not to index a repository.
    private const int MostFiles = 2_000;
    private static readonly string[] s_built = ["bin", "obj", "node_modules"];
    private readonly List<CodeType> _types = [];
    private readonly List<string> _texts = [];

    /// <summary>The types, by file and place.</summary>
    public IReadOnlyList<CodeType> Types => _types;

    /// <summary>All code.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The code of projects.</summary>
    public static AgentCode Of(IEnumerable<string> projects)
    {
        var read = new AgentCode();
        foreach (var file in projects.SelectMany(p => Sources(Path.GetDirectoryName(p)!)).Distinct(StringComparer.Ordinal).Take(MostFiles))
            read.Add(CSharpCode.Bare(File.ReadAllText(file)));
        read.Text = string.Join('\n', read._texts);
        return read;
    }

    private AgentCode() { }

    private static IEnumerable<string> Sources(string folder) =>
        Directory
            .GetFiles(folder, "*.cs")
            .Order(StringComparer.Ordinal)
            .Concat(
                Directory
                    .GetDirectories(folder)
                    .Where(d =>
                        Path.GetFileName(d) is var name && name[0] is not '.' && !s_built.Contains(name, StringComparer.OrdinalIgnoreCase)
                    )
                    .Order(StringComparer.Ordinal)
                    .SelectMany(Sources)
            );

    private void Add(string code)
    {
        _texts.Add(code);
        var whole = FileNamespace().Match(code) is { Success: true } m ? m.Groups["name"].Value : "";
        (int Start, int End, string Name)[] blocks =
        [
            .. BlockNamespace()
                .Matches(code)
                .Select(b => (b.Index + b.Length - 1, CSharpCode.Close(code, b.Index + b.Length - 1), b.Groups["name"].Value)),
        ];
        foreach (Match type in TypeHead().Matches(code))
        {
            var around = blocks.Where(b => b.Start < type.Index && type.Index < b.End).ToArray();
            if (Depth(code, type.Index) == around.Length)
                _types.Add(Read(code, type, around is [var (_, _, name), ..] ? string.Join('.', around.Select(b => b.Name)) : whole));
        }
    }

    private static int Depth(string code, int at) => code.AsSpan(0, at).Count('{') - code.AsSpan(0, at).Count('}');

    private static CodeType Read(string code, Match head, string space)
    {
        var name = head.Groups["name"].Value;
        var after = head.Index + head.Length;
        IReadOnlyList<CodeParameter>? takes = [];
        if (after < code.Length && code[after] is '(')
        {
            var close = CSharpCode.Close(code, after);
            takes = Parameters(code[(after + 1)..close]);
            after = close;
        }
        var open = code.IndexOfAny(['{', ';'], Math.Min(after, code.Length));
        var body = open >= 0 && code[open] is '{' ? code[(open + 1)..CSharpCode.Close(code, open)] : "";
        var members = CSharpCode.Outer(body);
        var made = Regex.Matches(members, $@"\bpublic\s+{Regex.Escape(name)}\s*\(");
        if (made.Count > 0)
            takes = made.Count == 1 ? Parameters(Bracket(members, made[0])) : null;
        var modifiers = head.Groups["modifiers"].Value;
        return new(
            space,
            name,
            head.Groups["kind"].Value is not "interface"
                && !modifiers.Contains("static", StringComparison.Ordinal)
                && !modifiers.Contains("abstract", StringComparison.Ordinal)
                && !head.Groups["generic"].Success,
            takes,
            [.. Method().Matches(members).Select(m => MethodOf(members, m))],
            code[head.Index..(after < code.Length ? Math.Max(after, open + body.Length + 1) : code.Length)]
        );
    }

    private static CodeMethod MethodOf(string members, Match head) =>
        new(
            head.Groups["returns"].Value.Trim(),
            head.Groups["name"].Value,
            head.Groups["modifiers"].Value.Contains("static", StringComparison.Ordinal),
            Parameters(Bracket(members, head))
        );

    // The list in the bracket that a match ends with.
    private static string Bracket(string code, Match head)
    {
        var open = head.Index + head.Length - 1;
        return code[(open + 1)..CSharpCode.Close(code, open)];
    }

    private static CodeParameter[] Parameters(string list) =>
        [
            .. from part in CSharpCode.Parts(list)
            let match = Parameter().Match(part)
            where match.Success
            select new CodeParameter(
                match.Groups["type"].Value.Trim(),
                match.Groups["name"].Value,
                match.Groups["default"].Success || match.Groups["modifiers"].Value.Contains("params", StringComparison.Ordinal),
                match.Groups["modifiers"].Value.Contains("this", StringComparison.Ordinal)
            ),
        ];

    [GeneratedRegex(@"(?m)^\s*namespace\s+(?<name>[\w.]+)\s*;")]
    private static partial Regex FileNamespace();

    [GeneratedRegex(@"\bnamespace\s+(?<name>[\w.]+)\s*\{")]
    private static partial Regex BlockNamespace();

    [GeneratedRegex(
        @"\bpublic\s+(?<modifiers>(?:(?:sealed|static|abstract|partial|unsafe)\s+)*)(?<kind>class|interface|record(?:\s+class)?)"
            + @"\s+(?<name>[A-Za-z_]\w*)\s*(?<generic><[^>]*>)?\s*"
    )]
    private static partial Regex TypeHead();

    [GeneratedRegex(
        @"\bpublic\s+(?<modifiers>(?:(?:static|async|virtual|override|sealed|new|extern)\s+)*)"
            + @"(?<returns>[A-Za-z_][\w.]*(?:<[\w.<>\[\],?\s]*>)?(?:\[\])?\??)\s+(?<name>[A-Za-z_]\w*)\s*\("
    )]
    private static partial Regex Method();

    [GeneratedRegex(
        @"^(?:\[[^\]]*\]\s*)*(?<modifiers>(?:(?:this|params|scoped|in|ref|out)\s+)*)(?<type>[A-Za-z_].*?)\s+"
            + @"(?<name>@?[A-Za-z_]\w*)\s*(?<default>=.*)?$",
        RegexOptions.Singleline
    )]
    private static partial Regex Parameter();
}
