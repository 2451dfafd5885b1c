using System.Globalization;
using System.Reflection;

namespace ReplayHarness.Host.States;

/// <summary>What a culture says: its name, and how it writes numbers and dates, which an agent may have changed.</summary>
internal static class CultureText
{
    private static readonly PropertyInfo[] s_numbers = Texts(typeof(NumberFormatInfo));
    private static readonly PropertyInfo[] s_dates = Texts(typeof(DateTimeFormatInfo));

    public static string Of(CultureInfo culture) => $"{culture.Name}\n{Of(culture.NumberFormat)}\n{Of(culture.DateTimeFormat)}";

    public static string Of(NumberFormatInfo numbers) => Joined(s_numbers, numbers);

    public static string Of(DateTimeFormatInfo dates) => $"{dates.Calendar}\n{Joined(s_dates, dates)}";

    private static PropertyInfo[] Texts(Type type) =>
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p =>
                    p.PropertyType.IsEnum || p.PropertyType.IsArray || p.PropertyType == typeof(string) || p.PropertyType == typeof(int)
                )
                .OrderBy(p => p.Name, StringComparer.Ordinal),
        ];

    private static string Joined(PropertyInfo[] properties, object value) =>
        string.Join(
            '\n',
            properties.Select(p => p.GetValue(value) is Array several ? string.Join('\t', several.Cast<object>()) : $"{p.GetValue(value)}")
        );
}
