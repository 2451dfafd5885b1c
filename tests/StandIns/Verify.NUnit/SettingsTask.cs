using System.Runtime.CompilerServices;
using System.Text;

namespace VerifyTests;

/// <summary>A verification that starts when it is awaited, and can be configured until then.</summary>
public class SettingsTask(VerifySettings? settings, Func<VerifySettings, Task> verify)
{
    private Task? _task;

    public VerifySettings CurrentSettings { get; } = settings ?? new VerifySettings();

    public SettingsTask UseDirectory(string directory) => With(s => s.UseDirectory(directory));

    public SettingsTask UseFileName(string fileName) => With(s => s.UseFileName(fileName));

    public SettingsTask UseTypeName(string name) => With(s => s.UseTypeName(name));

    public SettingsTask UseMethodName(string name) => With(s => s.UseMethodName(name));

    public SettingsTask UseParameters(params object?[] parameters) => With(s => s.UseParameters(parameters));

    public SettingsTask UseTextForParameters(string parametersText) => With(s => s.UseTextForParameters(parametersText));

    public SettingsTask AutoVerify() => With(s => s.AutoVerify());

    public SettingsTask AddScrubber(Action<StringBuilder> scrubber) => With(s => s.AddScrubber(scrubber));

    public SettingsTask ScrubLinesContaining(params string[] stringToMatch) => With(s => s.ScrubLinesContaining(stringToMatch));

    public Task ToTask() => _task ??= verify(CurrentSettings);

    public TaskAwaiter GetAwaiter() => ToTask().GetAwaiter();

    private SettingsTask With(Action<VerifySettings> change)
    {
        change(CurrentSettings);
        return this;
    }
}
