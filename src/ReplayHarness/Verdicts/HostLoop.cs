using System.Runtime.Loader;
using System.Text.Json;
using ReplayHarness.Fixtures;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Pump;
using ReplayHarness.Traces;

namespace ReplayHarness.Verdicts;

/// <summary>The host process: one job a line on standard input, one reply a line on standard output; what the agent prints goes to standard error.</summary>
internal static class HostLoop
{
    /// <summary>Serves jobs until the input ends.</summary>
    public static void Serve(TextReader input, Stream output)
    {
        using var replies = new StreamWriter(output) { NewLine = "\n" };
        string? refusal = Prepare();
        while (input.ReadLine() is { } line)
        {
            var reply = refusal is null ? Answer(line) : new HostReply(null, refusal);
            replies.WriteLine(JsonSerializer.Serialize(reply, ReportJson.Relaxed.HostReply));
            replies.Flush();
        }
    }

    // Nothing ever reaches a live system: a request that passes the boundary finds no way out.
    private static string? Prepare()
    {
        HttpClient.DefaultProxy = new NoWayOut();
        try
        {
            ThreadPoolOwner.TakeOver();
            return null;
        }
        catch (NotSupportedException e)
        {
            return $"this .NET runtime cannot be controlled ({e.Message}); use the runtime version that README names";
        }
    }

    private static HostReply Answer(string line)
    {
        try
        {
            var job = JsonSerializer.Deserialize(line, ReportJson.Relaxed.ReplayJob)!;
            var folder = FixtureFolder.Load(job.Fixture);
            var driver = DriverType.Find(AssemblyLoadContext.Default, job);
            DriverType.Check(driver);
            return new(new JobRunner(folder, job, driver, () => DriverType.Create(driver)).Run(), null);
        }
        catch (BadInputException e)
        {
            return new(null, e.Message);
        }
    }

    private sealed class NoWayOut : System.Net.IWebProxy
    {
        public System.Net.ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) =>
            throw new HttpRequestException($"a replay reaches no live system: {destination} was called past the http boundary; create clients with IHttpClientFactory");

        public bool IsBypassed(Uri host) => false;
    }
}

/// <summary>Finds the driver in an agent's assembly.</summary>
internal static class DriverType
{
    /// <summary>The driver that a job names.</summary>
    /// <exception cref="BadInputException">There is no such assembly or driver.</exception>
    public static Type Find(AssemblyLoadContext context, ReplayJob job)
    {
        var drivers = Drivers(context, job.Assembly);
        if (drivers.Length == 0) throw new BadInputException($"{job.Assembly}: holds no driver; expected a public class that implements {nameof(IReplayDriver)}");
        var named = job.Driver is null ? drivers : [.. drivers.Where(d => Names(d).Contains(job.Driver, StringComparer.Ordinal))];
        var known = string.Join(", ", drivers.Select(d => d.FullName));
        return named.Length switch
        {
            1 => named[0],
            0 => throw new BadInputException($"{job.Assembly}: holds no driver {job.Driver}; it holds {known}"),
            _ => throw new BadInputException($"{job.Assembly}: holds several drivers; name one after a colon (DLL:TYPE): {known}"),
        };
    }

    /// <summary>Tries once what every schedule does, so that a mistake in the driver is one clear error.</summary>
    public static void Check(Type driver)
    {
        try
        {
            Create(driver).ConfigureServices(new Microsoft.Extensions.DependencyInjection.ServiceCollection());
        }
        catch (Exception e) when (e is not BadInputException)
        {
            throw new BadInputException($"{driver.FullName}.{nameof(IReplayDriver.ConfigureServices)} threw {e.GetType().Name}: {e.Message}", e);
        }
    }

    public static IReplayDriver Create(Type driver)
    {
        try
        {
            return (IReplayDriver)Activator.CreateInstance(driver)!;
        }
        catch (Exception e) when (e is System.Reflection.TargetInvocationException or MissingMethodException)
        {
            throw new BadInputException($"{driver.FullName} cannot be created: {(e.InnerException ?? e).Message}; a driver needs a public constructor without parameters", e);
        }
    }

    private static Type[] Drivers(AssemblyLoadContext context, string path)
    {
        try
        {
            return [.. context.LoadFromAssemblyPath(Path.GetFullPath(path)).GetExportedTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IReplayDriver)))];
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            throw new BadInputException($"{path}: cannot be loaded as a .NET assembly: {e.Message}", e);
        }
    }

    // Full name, simple name, or simple name in kebab-case.
    private static string[] Names(Type type) => [type.FullName!, type.Name, JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name)];
}
