using System.Collections.Concurrent;

namespace ReplayHarness.Host.Races;

/// <summary>
/// Types whose documentation says that two threads may not use one object at once, where one of them changes it. Source: the sections on
/// thread safety of the API reference of .NET, Entity Framework Core and Microsoft.Data.Sqlite.
/// </summary>
internal static class UnsafeTypes
{
    // What only looks; all else changes the object.
    private static readonly string[] s_looks =
    [
        "get_",
        "Contains",
        "IndexOf",
        "LastIndexOf",
        "Find",
        "GetEnumerator",
        "ToArray",
        "Slice",
        "CopyTo",
        "TryGetValue",
        "TryPeek",
        "Peek",
        "ToString",
        "BinarySearch",
        "Exists",
        "ForEach",
        "TrueForAll",
        "ConvertAll",
        "GetRange",
        "AsReadOnly",
        "Equals",
        "GetHashCode",
        "GetType",
        "IsSubsetOf",
        "IsSupersetOf",
        "IsProperSubsetOf",
        "IsProperSupersetOf",
        "Overlaps",
        "SetEquals",
        "GetValue",
        "GetPropertyName",
        "GetValueKind",
        "DeepEquals",
        "DeepClone",
        "ToJsonString",
        "WriteTo",
        "AsArray",
        "AsObject",
        "AsValue",
    ];

    // Even a call that only looks is one call too many.
    private static readonly HashSet<string> s_exclusive = new(StringComparer.Ordinal)
    {
        "System.Random",
        "System.IO.MemoryStream",
        "System.IO.StreamReader",
        "System.IO.StringReader",
        "Microsoft.EntityFrameworkCore.DbContext",
        "System.Data.Common.DbConnection",
        "System.Data.Common.DbCommand",
        "System.Data.Common.DbDataReader",
        "System.Data.Common.DbTransaction",
    };

    private static readonly HashSet<string> s_names = new(s_exclusive, StringComparer.Ordinal)
    {
        "System.Collections.Generic.List`1",
        "System.Collections.Generic.Dictionary`2",
        "System.Collections.Generic.OrderedDictionary`2",
        "System.Collections.Generic.HashSet`1",
        "System.Collections.Generic.Queue`1",
        "System.Collections.Generic.Stack`1",
        "System.Collections.Generic.LinkedList`1",
        "System.Collections.Generic.SortedDictionary`2",
        "System.Collections.Generic.SortedList`2",
        "System.Collections.Generic.SortedSet`1",
        "System.Collections.Generic.PriorityQueue`2",
        "System.Collections.ArrayList",
        "System.Collections.Hashtable",
        "System.Collections.BitArray",
        "System.Collections.ObjectModel.Collection`1",
        "System.Buffers.ArrayBufferWriter`1",
        "System.Text.StringBuilder",
        "System.Text.Json.Utf8JsonWriter",
        "System.Text.Json.Nodes.JsonNode",
        "System.IO.StreamWriter",
        "System.IO.StringWriter",
        "System.Net.Http.HttpRequestMessage",
        "System.Net.Http.Headers.HttpHeaders",
        "Microsoft.AspNetCore.Http.HttpContext",
    };

    // By them, one of the types may be called.
    private static readonly HashSet<string> s_interfaces = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.ICollection`1",
        "System.Collections.Generic.IList`1",
        "System.Collections.Generic.ISet`1",
        "System.Collections.Generic.IDictionary`2",
        "System.Collections.Generic.IEnumerable`1",
        "System.Collections.Generic.IReadOnlyCollection`1",
        "System.Collections.Generic.IReadOnlyList`1",
        "System.Collections.Generic.IReadOnlyDictionary`2",
        "System.IO.Stream",
        "System.IO.TextReader",
        "System.IO.TextWriter",
    };

    private static readonly ConcurrentDictionary<Type, bool> s_known = new();

    /// <summary>True for a type through which calls are watched.</summary>
    /// <param name="type">Its name with namespace, of a generic type that of its definition.</param>
    public static bool MayBe(string type) => s_names.Contains(type) || s_interfaces.Contains(type);

    // What looks into a stream of memory and leaves its position.
    private static readonly HashSet<string> s_looksIntoMemory = new(StringComparer.Ordinal)
    {
        "ToArray",
        "GetBuffer",
        "TryGetBuffer",
        "get_Length",
        "get_Capacity",
    };

    /// <summary>True for a member that only looks into the object.</summary>
    public static bool OnlyLooks(string type, string member) =>
        type == "System.IO.MemoryStream"
            ? s_looksIntoMemory.Contains(member)
            : !s_exclusive.Contains(type) && Array.Exists(s_looks, l => member.StartsWith(l, StringComparison.Ordinal));

    /// <summary>True for the type of an object that is not safe for two.</summary>
    public static bool IsUnsafe(Type type) =>
        s_known.GetOrAdd(
            type,
            static type =>
            {
                // Random.Shared, which is safe for all.
                if (type.DeclaringType == typeof(Random))
                    return false;
                for (var of = type; of is not null; of = of.BaseType)
                    if (s_names.Contains((of.IsGenericType ? of.GetGenericTypeDefinition() : of).FullName ?? ""))
                        return true;
                return false;
            }
        );
}
