#pragma warning disable RS0030 // The one place that sets a culture.
using System.Globalization;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Statics;

/// <summary>A culture that writes numbers and dates in another way than this process does: the agent's machine may have one.</summary>
internal static class OtherCulture
{
    private static readonly CultureInfo s_culture = Make();

    /// <summary>A schedule begins: what it starts has this culture where the schedule's machine has.</summary>
    public static void Begin()
    {
        if (Kernel.Current?.Machine.HasOtherCulture == true)
            CultureInfo.CurrentCulture = s_culture;
    }

    // Made by hand: which cultures a machine knows differs.
    private static CultureInfo Make()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
        (culture.NumberFormat.CurrencyDecimalSeparator, culture.NumberFormat.CurrencyGroupSeparator) = (",", ".");
        (culture.NumberFormat.PercentDecimalSeparator, culture.NumberFormat.PercentGroupSeparator) = (",", ".");
        culture.DateTimeFormat.DateSeparator = ".";
        culture.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
        culture.DateTimeFormat.FirstDayOfWeek = DayOfWeek.Monday;
        return culture;
    }
}
