using ReplayHarness.Host.Rewriting;
using ReplayHarness.Host.Statics;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary><see cref="AppContext"/> as rewritten code sees it: what it sets ends with its schedule.</summary>
public static class ControlledSwitches
{
    /// <summary>Instead of <see cref="AppContext.SetSwitch"/>.</summary>
    [Replaces(typeof(AppContext), "SetSwitch")]
    public static void Set(string switchName, bool isEnabled)
    {
        if (Kernel.Current is null || string.IsNullOrEmpty(switchName))
            AppContext.SetSwitch(switchName, isEnabled);
        else
            ScheduleSwitches.Set(switchName, isEnabled);
    }

    /// <summary>Instead of <see cref="AppContext.TryGetSwitch"/>, which nearly every package asks.</summary>
    [Replaces(typeof(AppContext), "TryGetSwitch", From = Caller.Agent)]
    public static bool TryGet(string switchName, out bool isEnabled)
    {
        if (string.IsNullOrEmpty(switchName))
            return AppContext.TryGetSwitch(switchName, out isEnabled);
        var value = ScheduleSwitches.Get(switchName);
        isEnabled = value ?? false;
        return value is not null;
    }

    /// <summary>Instead of <see cref="AppContext.SetData"/>.</summary>
    [Replaces(typeof(AppContext), "SetData")]
    public static void SetData(string name, object? data)
    {
        if (Kernel.Current is null || name is null)
            AppContext.SetData(name!, data);
        else
            ScheduleSwitches.SetData(name, data);
    }

    /// <summary>Instead of <see cref="AppDomain.SetData"/>, which keeps its values in the same place.</summary>
    [Replaces(typeof(AppDomain), "SetData", Instance = true)]
    public static void SetData(AppDomain domain, string name, object? data)
    {
        ArgumentNullException.ThrowIfNull(domain);
        SetData(name, data);
    }
}
