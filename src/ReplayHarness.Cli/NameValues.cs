using System.CommandLine;
using System.CommandLine.Parsing;

namespace ReplayHarness.Cli;

/// <summary>An option of pairs that may be repeated: <c>--env NAME=VALUE</c>. Of a name that is given twice the last counts.</summary>
/// <param name="name">The option.</param>
/// <param name="form">What a pair looks like, for messages.</param>
/// <param name="description">What it is for.</param>
/// <param name="isValue">Whether a value is one; null for any.</param>
internal sealed class NameValues(string name, string form, string description, Func<string, bool>? isValue = null)
{
    private readonly Option<string[]> _option = new(name) { Description = $"{form}{description} May be repeated." };

    public void AddTo(Command command)
    {
        command.Options.Add(_option);
        command.Validators.Add(Validate);
    }

    public Dictionary<string, string> Of(ParseResult parsed)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (parsed.GetValue(_option) ?? []).Select(p => p.Split('=', 2)))
            pairs[pair[0]] = pair[1];
        return pairs;
    }

    private void Validate(CommandResult result)
    {
        foreach (
            var wrong in (result.GetValue(_option) ?? []).Where(p =>
                p.IndexOf('=', StringComparison.Ordinal) < 1 || isValue?.Invoke(p.Split('=', 2)[1]) == false
            )
        )
            result.AddError($"{name} {wrong}: expected {form}");
    }
}
