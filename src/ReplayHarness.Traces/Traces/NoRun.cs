using System.Globalization;
using ReplayHarness.Traces.Dialects;

namespace ReplayHarness.Traces;

/// <summary>Why traces hold no run: who wrote their spans, which dialect they are nearest to, and what of it is missing.</summary>
internal sealed class NoRun
{
    private const int MostScopes = 5;

    // The conventions are everybody's, and so no dialect's own.
    private const string Conventions = "gen_ai.";

    private readonly Dictionary<string, int> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<Dialect, (int Spans, string Name)> _near = [];
    private int _spans;

    /// <summary>How many traces there are without a run.</summary>
    public int Traces { get; private set; }

    /// <summary>Why none of these traces holds a run.</summary>
    public static string Of(IEnumerable<Trace> traces)
    {
        var none = new NoRun();
        foreach (var trace in traces)
            none.Add(trace);
        return none.Why;
    }

    /// <summary>Adds a trace without a run.</summary>
    public void Add(Trace trace)
    {
        Traces++;
        _spans += trace.Spans.Count;
        foreach (var span in trace.Spans)
        {
            _scopes[span.Scope] = _scopes.GetValueOrDefault(span.Scope) + 1;
            foreach (var dialect in DialectTable.All)
                if (Met(dialect, span) is { } name)
                    _near[dialect] = _near.TryGetValue(dialect, out var near) ? near with { Spans = near.Spans + 1 } : (1, name);
        }
    }

    /// <summary>One sentence for all traces.</summary>
    public string Why => _spans == 0 ? "they hold no span" : $"{Writers()}; {Nearest()}";

    private string Writers()
    {
        if (_scopes.Count == 1)
            return $"{Spans(_spans)} of {Named(_scopes.Keys.Single())}";
        var scopes = _scopes.OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).ToArray();
        var named = scopes.Take(MostScopes).Select(s => $"{Named(s.Key)} ({Spans(s.Value)})");
        var more = scopes.Length > MostScopes ? string.Create(CultureInfo.InvariantCulture, $" and {scopes.Length - MostScopes} more") : "";
        return $"{Spans(_spans)} of {string.Join(", ", named)}{more}";
    }

    private static string Named(string scope) => scope.Length == 0 ? "no named scope" : scope;

    // Of several as near as each other the first of the table: it is the most specific.
    private string Nearest()
    {
        if (_near.Count == 0)
            return "none has an attribute of a known dialect: calls of models and tools have to be recorded by an instrumentation of one";
        var (dialect, (count, name)) = _near
            .OrderByDescending(n => n.Value.Spans)
            .ThenBy(n => DialectTable.All.TakeWhile(d => d != n.Key).Count())
            .First();
        var marks = dialect.Marks is { } m ? $"; its calls are told by {m}, which none of them has" : "";
        return $"the nearest dialect is {dialect.Name} ({name} on {Spans(count)}){marks}";
    }

    private static string? Met(Dialect dialect, Span span)
    {
        var prefixes = dialect.GetType() == typeof(GenAi) ? [Conventions] : dialect.Prefixes;
        foreach (var prefix in prefixes)
        {
            if (span.Name.StartsWith(prefix, StringComparison.Ordinal))
                return span.Name;
            foreach (var (name, _) in span.Attributes)
                if (name.StartsWith(prefix, StringComparison.Ordinal))
                    return name;
        }
        return null;
    }

    private static string Spans(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "span" : "spans")}");
}
