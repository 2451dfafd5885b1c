#pragma warning disable SYSLIB0014 // What is obsolete can be set all the same.
using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime;
using System.Text.RegularExpressions;
using ReplayHarness.Host.States;

namespace ReplayHarness.Host.Statics;

/// <summary>
/// Settings of the process that agent code can change. Each schedule begins with those that stood before the first one, and what is changed
/// of them is part of the state.
/// </summary>
internal static class ProcessSettings
{
    private static readonly (Type Type, string Names)[] s_properties =
    [
        (typeof(CultureInfo), "DefaultThreadCurrentCulture DefaultThreadCurrentUICulture"),
        (typeof(Environment), "ExitCode"),
        (typeof(HttpClient), "DefaultProxy"),
        (typeof(Console), "BackgroundColor ForegroundColor OutputEncoding"),
        (typeof(HttpWebRequest), "DefaultCachePolicy DefaultMaximumErrorResponseLength DefaultMaximumResponseHeadersLength"),
        (typeof(WebRequest), "DefaultCachePolicy DefaultWebProxy"),
        (typeof(ServicePointManager), "CheckCertificateRevocationList DefaultConnectionLimit DnsRefreshTimeout EnableDnsRoundRobin"),
        (typeof(ServicePointManager), "Expect100Continue MaxServicePointIdleTime MaxServicePoints ReusePort SecurityProtocol"),
        (typeof(ServicePointManager), "ServerCertificateValidationCallback UseNagleAlgorithm"),
        (typeof(Activity), "DefaultIdFormat ForceDefaultIdFormat TraceIdGenerator"),
        (typeof(DistributedContextPropagator), "Current"),
        (typeof(Trace), "AutoFlush IndentLevel IndentSize UseGlobalLock"),
        (typeof(Regex), "CacheSize"),
        (typeof(GCSettings), "LargeObjectHeapCompactionMode LatencyMode"),
    ];

    private static readonly Setting[] s_settings =
    [
        .. s_properties.SelectMany(p => p.Names.Split(' ').Select(name => Of(p.Type.GetProperty(name)!))),
        new("Environment.CurrentDirectory", CurrentFolder, static value => Environment.CurrentDirectory = (string)value!),
        new("Console.Out", static () => Console.Out, static value => Console.SetOut((TextWriter)value!)),
        new("Console.Error", static () => Console.Error, static value => Console.SetError((TextWriter)value!)),
        new("Console.In", static () => Console.In, static value => Console.SetIn((TextReader)value!)),
        new("Trace.Listeners", static () => Listeners(), static value => Restore((TraceListener[])value!)),
        new("Environment", static () => Variables(), static value => Restore((string[])value!)),
    ];

    // What else changes one of these, or may.
    private static readonly string[] s_changes =
    [
        "System.Environment::SetEnvironmentVariable",
        "System.Environment::set_CurrentDirectory",
        "System.IO.Directory::SetCurrentDirectory",
        "System.Console::SetOut",
        "System.Console::SetError",
        "System.Console::SetIn",
        "System.Console::ResetColor",
        "System.Diagnostics.Trace::get_Listeners",
        "System.Reflection.PropertyInfo::SetValue",
    ];

    private static readonly HashSet<string> s_members = new(
        [.. s_changes, .. s_properties.SelectMany(p => p.Names.Split(' ').Select(name => $"{p.Type.FullName}::set_{name}"))],
        StringComparer.Ordinal
    );

    // Those that stood before the first schedule.
    private static object?[]? s_first;

    // Most agents change none, and to read them all costs more than a short schedule.
    private static bool s_isChanged;

    /// <summary>The types with members that change one.</summary>
    public static IEnumerable<string> Types => s_members.Select(m => m[..m.IndexOf(':', StringComparison.Ordinal)]).Distinct();

    /// <summary>True for a member that changes one.</summary>
    public static bool Changes(string type, string member) => s_members.Contains($"{type}::{member}");

    /// <summary>Rewritten code calls such a member.</summary>
    public static void NoteChange() => s_isChanged = true;

    /// <summary>The properties that are held, as <c>TYPE::NAME</c>.</summary>
    public static IEnumerable<string> Properties => s_properties.SelectMany(p => p.Names.Split(' ').Select(name => $"{p.Type}::{name}"));

    /// <summary>A schedule begins.</summary>
    public static void Begin()
    {
        s_first ??= [.. s_settings.Select(s => s.Read())];
        if (!s_isChanged)
            return;
        foreach (var (setting, first) in s_settings.Zip(s_first))
            if (!AreEqual(setting.Read(), first))
                setting.Write(first);
    }

    /// <summary>Adds what was changed to the hash of a state.</summary>
    public static void Visit(HeapWalk walk)
    {
        if (s_first is null || !s_isChanged)
            return;
        foreach (var (setting, first) in s_settings.Zip(s_first))
            if (setting.Read() is var now && !AreEqual(now, first))
            {
                walk.Add(setting.Name);
                walk.Visit(now);
            }
    }

    private static Setting Of(PropertyInfo property) =>
        new($"{property.DeclaringType!.Name}.{property.Name}", () => property.GetValue(null), value => property.SetValue(null, value));

    private static bool AreEqual(object? one, object? other) =>
        one is IEnumerable several and not string && other is IEnumerable others
            ? several.Cast<object>().SequenceEqual(others.Cast<object>())
            : Equals(one, other);

    // It may have been deleted.
    private static string? CurrentFolder()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static TraceListener[] Listeners() => [.. Trace.Listeners.Cast<TraceListener>()];

    private static void Restore(TraceListener[] listeners)
    {
        Trace.Listeners.Clear();
        Trace.Listeners.AddRange(listeners);
    }

    // As NAME=VALUE.
    private static string[] Variables() =>
        [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}").Order(StringComparer.Ordinal)];

    private static void Restore(string[] variables)
    {
        var before = variables.ToDictionary(NameOf, v => v[(NameOf(v).Length + 1)..], StringComparer.Ordinal);
        var now = Variables();
        string[] changed = [.. now.Except(variables).Concat(variables.Except(now)).Select(NameOf).Distinct(StringComparer.Ordinal)];
        foreach (var name in changed)
            Environment.SetEnvironmentVariable(name, before.GetValueOrDefault(name));
        // What the framework has made of them.
        if (changed.Contains("TZ", StringComparer.Ordinal))
            TimeZoneInfo.ClearCachedData();
        if (changed.Any(name => name is "LANG" || name.StartsWith("LC_", StringComparison.Ordinal)))
            CultureInfo.InvariantCulture.ClearCachedData();
    }

    // A name may begin with an equals sign on Windows.
    private static string NameOf(string variable) => variable[..variable.IndexOf('=', 1)];

    private sealed record Setting(string Name, Func<object?> Read, Action<object?> Write);
}
