using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using System.Text.Json;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;
using ReplayHarness.Running;
using ReplayHarness.Traces;

namespace ReplayHarness.Host;

/// <summary>Finds the driver in an agent's assembly.</summary>
internal static class DriverType
{
    /// <summary>The driver that a job names.</summary>
    /// <exception cref="BadInputException">There is no such assembly or driver.</exception>
    public static Type Find(AssemblyLoadContext context, ReplayJob job)
    {
        var drivers = Drivers(context, job.Assembly!);
        if (drivers.Length == 0)
            throw new BadInputException(
                $"{job.Assembly}: holds no driver; expected a public class that implements {nameof(IReplayDriver)}"
            );
        var named = job.Driver is null ? drivers : [.. drivers.Where(d => Names(d).Contains(job.Driver, StringComparer.Ordinal))];
        var known = NearNames.Of([.. drivers.Select(d => d.FullName!)], job.Driver);
        return named.Length switch
        {
            1 => named[0],
            0 => throw new BadInputException($"{job.Assembly}: holds no driver {job.Driver}; it holds {known}"),
            _ => throw new BadInputException($"{job.Assembly}: holds several drivers; name one after a colon (DLL:TYPE): {known}"),
        };
    }

    /// <summary>Tries once what every schedule does, so that a mistake in the driver is one clear error.</summary>
    public static void Check(Type driver, IRuntimeControl control)
    {
        Exception? error = null;
        // It is the agent's code: what it does has to end with a schedule.
        new Kernel(new CapturedOrder(), DateTimeOffset.UnixEpoch, control).Run(() =>
        {
            error = Try(driver);
            return Task.CompletedTask;
        });
        if (error is BadInputException)
            ExceptionDispatchInfo.Throw(error);
        if (error is not null)
            throw new BadInputException(
                $"{driver.FullName}.{nameof(IReplayDriver.ConfigureServices)} threw {error.GetType().Name}: {error.Message}",
                error
            );
    }

    private static Exception? Try(Type driver)
    {
        try
        {
            Create(driver).ConfigureServices(new Microsoft.Extensions.DependencyInjection.ServiceCollection());
            return null;
        }
        catch (Exception e)
        {
            return e;
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
            throw new BadInputException(
                $"{driver.FullName} cannot be created: {(e.InnerException ?? e).Message}; a driver needs a public constructor "
                    + $"without parameters",
                e
            );
        }
    }

    private static Type[] Drivers(AssemblyLoadContext context, string path)
    {
        try
        {
            return
            [
                .. context
                    .LoadFromAssemblyPath(Controlled(path))
                    .GetExportedTypes()
                    .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IReplayDriver))),
            ];
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            throw new BadInputException($"{path}: cannot be loaded as a .NET assembly: {e.Message}", e);
        }
    }

    // The copy that is replayed lies beside the host.
    private static string Controlled(string path)
    {
        var copy = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(path));
        return File.Exists(copy) ? copy : Path.GetFullPath(path);
    }

    // Full name, simple name, or simple name in kebab-case.
    private static string[] Names(Type type) => [type.FullName!, type.Name, JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name)];
}
