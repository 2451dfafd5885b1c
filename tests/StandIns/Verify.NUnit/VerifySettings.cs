using System.Text;

namespace VerifyTests;

/// <summary>Settings of one verification.</summary>
public class VerifySettings
{
    internal string? Directory { get; private set; }

    internal string? FileName { get; private set; }

    internal string? TypeName { get; private set; }

    internal string? MethodName { get; private set; }

    internal string? ParametersText { get; private set; }

    internal object?[]? Parameters { get; private set; }

    internal bool Auto { get; private set; }

    internal List<Action<StringBuilder>> Scrubbers { get; } = [];

    public void UseDirectory(string directory) => Directory = directory;

    public void UseFileName(string fileName) => FileName = fileName;

    public void UseTypeName(string name) => TypeName = name;

    public void UseMethodName(string name) => MethodName = name;

    public void UseParameters(params object?[] parameters) => Parameters = parameters;

    public void UseTextForParameters(string parametersText) => ParametersText = parametersText;

    public void AutoVerify() => Auto = true;

    public void AddScrubber(Action<StringBuilder> scrubber) => Scrubbers.Add(scrubber);

    public void ScrubLinesContaining(params string[] stringToMatch) =>
        AddScrubber(text =>
        {
            var kept = text.ToString()
                .Split('\n')
                .Where(line => !stringToMatch.Any(s => line.Contains(s, StringComparison.OrdinalIgnoreCase)));
            var scrubbed = string.Join('\n', kept);
            text.Clear().Append(scrubbed);
        });
}
