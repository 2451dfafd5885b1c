using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text;

namespace ReplayHarness.Tests.Replays;

/// <summary>What an agent may leave with the framework, where no field of its own holds it: a number, or none.</summary>
public static class Places
{
    private const string Name = "SHELVES_FIRST";

    private static string File => Path.Combine(Path.GetTempPath(), "first");

    public static int? TemporaryFile
    {
        get => System.IO.File.Exists(File) ? Number(System.IO.File.ReadAllText(File)) : null;
        set => System.IO.File.WriteAllText(File, $"{value}");
    }

    public static int? Attribute
    {
        get =>
            !System.IO.File.Exists(File) ? null
            : System.IO.File.GetAttributes(File).HasFlag(FileAttributes.ReadOnly) ? 0
            : 1;
        set
        {
            System.IO.File.WriteAllText(File, "");
            System.IO.File.SetAttributes(File, value == 0 ? FileAttributes.ReadOnly : FileAttributes.Normal);
        }
    }

    public static int? ThreadName
    {
        get => Number(Thread.CurrentThread.Name);
        set => Thread.CurrentThread.Name = $"{value}";
    }

    public static int? Variable
    {
        get => Number(Environment.GetEnvironmentVariable(Name));
        set => Environment.SetEnvironmentVariable(Name, $"{value}");
    }

    public static int? Data
    {
        get => (int?)AppContext.GetData(Name);
        set => AppContext.SetData(Name, value);
    }

    public static int? Switch
    {
        get =>
            AppContext.TryGetSwitch(Name, out var isFirst)
                ? isFirst
                    ? 0
                    : 1
                : null;
        set => AppContext.SetSwitch(Name, value == 0);
    }

    public static int? Culture
    {
        get => Number(CultureInfo.DefaultThreadCurrentCulture?.NumberFormat.NegativeSign);
        set
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NegativeSign = $"{value}";
            CultureInfo.DefaultThreadCurrentCulture = culture;
        }
    }

    public static int? Output
    {
        get => Number(Console.Out.NewLine);
        set => Console.SetOut(new StringWriter { NewLine = $"{value}" });
    }

    public static int? Listener
    {
        get => Trace.Listeners.Cast<TraceListener>().Select(l => Number(l.Name)).FirstOrDefault(n => n is not null);
        set => Trace.Listeners.Add(new DefaultTraceListener { Name = $"{value}" });
    }

    public static int? CurrentFolder
    {
        get => Number(Path.GetFileName(Environment.CurrentDirectory));
        set => Directory.SetCurrentDirectory(Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"{value}")).FullName);
    }

    public static int? ExitCode
    {
        get => Environment.ExitCode == 0 ? null : Environment.ExitCode - 7;
        set => Environment.ExitCode = value!.Value + 7;
    }

    public static int? Handler
    {
        get
        {
            try
            {
                throw new NotSupportedException();
            }
            catch (NotSupportedException e)
            {
                return (int?)e.Data[Name];
            }
        }
        set => AppDomain.CurrentDomain.FirstChanceException += (_, e) => e.Exception.Data[Name] = value;
    }

    public static int? Observer
    {
        get
        {
            var answer = new int?[1];
            using var listener = new DiagnosticListener("shelves");
            listener.Write(Name, answer);
            return answer[0];
        }
        set => DiagnosticListener.AllListeners.Subscribe(new Observing { First = value });
    }

    public static int? Activities
    {
        get
        {
            using var source = new ActivitySource("first");
            using var activity = source.CreateActivity("ask", ActivityKind.Internal)?.Start();
            return activity?.GetTagItem(Name) as int?;
        }
        set =>
            ActivitySource.AddActivityListener(
                new ActivityListener
                {
                    ShouldListenTo = source => source.Name == "first",
                    Sample = (ref _) => ActivitySamplingResult.AllData,
                    ActivityStarted = activity => activity.SetTag(Name, value),
                }
            );
    }

    public static int? Sources
    {
        get
        {
            var told = Listening.s_told = new int?[1];
            using var source = new EventSource("shelves");
            return told[0];
        }
        set => _ = new Listening { First = value };
    }

    public static int? Encoding
    {
        get
        {
            try
            {
                return System.Text.Encoding.GetEncoding(Name) is ASCIIEncoding ? 0 : 1;
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
        set => System.Text.Encoding.RegisterProvider(new Provider { First = value });
    }

    private static int? Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed class Provider : EncodingProvider
    {
        public required int? First { get; init; }

        public override Encoding? GetEncoding(int codepage) => null;

        public override Encoding? GetEncoding(string name) =>
            name != Name ? null
            : First == 0 ? System.Text.Encoding.ASCII
            : System.Text.Encoding.Latin1;
    }

    private sealed class Listening : EventListener
    {
        internal static int?[] s_told = new int?[1];

        public required int? First { get; init; }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "shelves")
                s_told[0] = First;
        }
    }

    private sealed class Observing : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public required int? First { get; init; }

        public void OnCompleted() { }

        public void OnError(Exception error) { }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "shelves")
                value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value) => ((int?[])value.Value!)[0] = First;
    }
}

public sealed class LeavesFileBroken() : ColdStartDriver(() => Places.TemporaryFile, i => Places.TemporaryFile = i, broken: true);

public sealed class LeavesFileFixed() : ColdStartDriver(() => Places.TemporaryFile, i => Places.TemporaryFile = i, broken: false);

public sealed class LeavesVariableBroken() : ColdStartDriver(() => Places.Variable, i => Places.Variable = i, broken: true);

public sealed class LeavesVariableFixed() : ColdStartDriver(() => Places.Variable, i => Places.Variable = i, broken: false);

public sealed class LeavesDataBroken() : ColdStartDriver(() => Places.Data, i => Places.Data = i, broken: true);

public sealed class LeavesDataFixed() : ColdStartDriver(() => Places.Data, i => Places.Data = i, broken: false);

public sealed class LeavesSwitchBroken() : ColdStartDriver(() => Places.Switch, i => Places.Switch = i, broken: true);

public sealed class LeavesSwitchFixed() : ColdStartDriver(() => Places.Switch, i => Places.Switch = i, broken: false);

public sealed class LeavesCultureBroken() : ColdStartDriver(() => Places.Culture, i => Places.Culture = i, broken: true);

public sealed class LeavesCultureFixed() : ColdStartDriver(() => Places.Culture, i => Places.Culture = i, broken: false);

public sealed class LeavesOutputBroken() : ColdStartDriver(() => Places.Output, i => Places.Output = i, broken: true);

public sealed class LeavesOutputFixed() : ColdStartDriver(() => Places.Output, i => Places.Output = i, broken: false);

public sealed class LeavesListenerBroken() : ColdStartDriver(() => Places.Listener, i => Places.Listener = i, broken: true);

public sealed class LeavesListenerFixed() : ColdStartDriver(() => Places.Listener, i => Places.Listener = i, broken: false);

public sealed class LeavesCurrentFolderBroken() : ColdStartDriver(() => Places.CurrentFolder, i => Places.CurrentFolder = i, broken: true);

public sealed class LeavesCurrentFolderFixed() : ColdStartDriver(() => Places.CurrentFolder, i => Places.CurrentFolder = i, broken: false);

public sealed class LeavesExitCodeBroken() : ColdStartDriver(() => Places.ExitCode, i => Places.ExitCode = i, broken: true);

public sealed class LeavesExitCodeFixed() : ColdStartDriver(() => Places.ExitCode, i => Places.ExitCode = i, broken: false);

public sealed class LeavesHandlerBroken() : ColdStartDriver(() => Places.Handler, i => Places.Handler = i, broken: true);

public sealed class LeavesHandlerFixed() : ColdStartDriver(() => Places.Handler, i => Places.Handler = i, broken: false);

public sealed class LeavesObserverBroken() : ColdStartDriver(() => Places.Observer, i => Places.Observer = i, broken: true);

public sealed class LeavesObserverFixed() : ColdStartDriver(() => Places.Observer, i => Places.Observer = i, broken: false);

public sealed class LeavesActivitiesBroken() : ColdStartDriver(() => Places.Activities, i => Places.Activities = i, broken: true);

public sealed class LeavesActivitiesFixed() : ColdStartDriver(() => Places.Activities, i => Places.Activities = i, broken: false);

public sealed class LeavesEncodingBroken() : ColdStartDriver(() => Places.Encoding, i => Places.Encoding = i, broken: true);

public sealed class LeavesEncodingFixed() : ColdStartDriver(() => Places.Encoding, i => Places.Encoding = i, broken: false);

public sealed class LeavesAttributeBroken() : ColdStartDriver(() => Places.Attribute, i => Places.Attribute = i, broken: true);

public sealed class LeavesAttributeFixed() : ColdStartDriver(() => Places.Attribute, i => Places.Attribute = i, broken: false);

public sealed class LeavesThreadNameBroken() : ColdStartDriver(() => Places.ThreadName, i => Places.ThreadName = i, broken: true);

public sealed class LeavesSourcesBroken() : ColdStartDriver(() => Places.Sources, i => Places.Sources = i, broken: true);

public sealed class LeavesSourcesFixed() : ColdStartDriver(() => Places.Sources, i => Places.Sources = i, broken: false);
