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

    // What else only looks, by the start of the type's name.
    private static readonly (string Of, string[] Looks)[] s_looksOf =
    [
        ("System.Xml.Linq.", ["Element", "Attribute", "Descendant", "Ancestors", "Nodes", "Annotation", "Is", "Save", "CreateReader"]),
        ("System.Xml.Xml", ["Select", "Get", "Clone", "Has", "Is", "Supports", "Save", "WriteContentTo", "CreateNavigator"]),
        ("System.Data.", ["Select", "Compute", "Copy", "Clone", "Get", "Has", "Is", "Write", "CreateDataReader"]),
        ("System.Collections.Specialized.", ["Get", "Has"]),
        ("System.Collections.Immutable.", ["GetValueOrDefault", "ToImmutable", "ItemRef", "TryGetKey"]),
        ("System.Collections.", ["Clone"]),
        ("System.Collections.SortedList", ["Get"]),
        ("System.Collections.Generic.", ["GetKeyAtIndex", "TryGetAlternateLookup"]),
        ("System.Collections.Generic.SortedSet", ["Reverse", "GetViewBetween"]),
        ("System.Collections.Generic.OrderedDictionary", ["GetAt"]),
        ("System.Security.Cryptography.", ["Create", "Encrypt", "Decrypt", "TryEncrypt", "TryDecrypt", "ValidKeySize", "GetCiphertext"]),
        ("System.Text.Json.Nodes.", ["TryGetPropertyValue", "GetAt"]),
        ("System.Text.Json.JsonSerializerOptions", ["Get", "TryGet", "MakeReadOnly"]),
    ];

    // Even a call that only looks is one call too many.
    private static readonly HashSet<string> s_exclusive = new(StringComparer.Ordinal)
    {
        "System.Random",
        "System.IO.MemoryStream",
        "System.IO.StreamReader",
        "System.IO.StringReader",
        "System.IO.BinaryReader",
        "System.IO.BinaryWriter",
        "System.IO.Compression.ZipArchive",
        "System.Net.Mail.SmtpClient",
        "System.Security.Cryptography.IncrementalHash",
        "System.Text.Decoder",
        "System.Text.Encoder",
        "System.Xml.XmlReader",
        "System.Xml.XmlWriter",
        "Microsoft.EntityFrameworkCore.DbContext",
        "System.Data.Common.DbConnection",
        "System.Data.Common.DbCommand",
        "System.Data.Common.DbDataReader",
        "System.Data.Common.DbTransaction",
        "System.Data.Common.DataAdapter",
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
        "System.Collections.Queue",
        "System.Collections.SortedList",
        "System.Collections.Stack",
        "System.Collections.CollectionBase",
        "System.Collections.DictionaryBase",
        "System.Collections.Immutable.ImmutableArray`1+Builder",
        "System.Collections.Immutable.ImmutableDictionary`2+Builder",
        "System.Collections.Immutable.ImmutableHashSet`1+Builder",
        "System.Collections.Immutable.ImmutableList`1+Builder",
        "System.Collections.Immutable.ImmutableSortedDictionary`2+Builder",
        "System.Collections.Immutable.ImmutableSortedSet`1+Builder",
        "System.Collections.Specialized.HybridDictionary",
        "System.Collections.Specialized.ListDictionary",
        "System.Collections.Specialized.NameObjectCollectionBase",
        "System.Collections.Specialized.NameValueCollection",
        "System.Collections.Specialized.OrderedDictionary",
        "System.Collections.Specialized.StringCollection",
        "System.Collections.Specialized.StringDictionary",
        "System.Collections.ObjectModel.Collection`1",
        "System.Buffers.ArrayBufferWriter`1",
        "System.Text.StringBuilder",
        "System.Text.Json.Utf8JsonWriter",
        "System.Text.Json.Nodes.JsonArray",
        "System.Text.Json.Nodes.JsonNode",
        "System.Text.Json.Nodes.JsonObject",
        "System.Text.Json.JsonSerializerOptions",
        "System.Text.Json.Serialization.ConfigurationList`1",
        "System.Data.DataColumn",
        "System.Data.DataColumnCollection",
        "System.Data.DataRow",
        "System.Data.DataRowCollection",
        "System.Data.DataSet",
        "System.Data.DataTable",
        "System.Data.DataTableCollection",
        "System.Data.DataView",
        "System.Data.InternalDataCollectionBase",
        "System.IO.BufferedStream",
        "System.IO.Compression.BrotliStream",
        "System.IO.Compression.DeflateStream",
        "System.IO.Compression.GZipStream",
        "System.IO.Compression.ZLibStream",
        "System.IO.FileStream",
        "System.IO.StreamWriter",
        "System.IO.StringWriter",
        "System.Security.Cryptography.Aes",
        "System.Security.Cryptography.CryptoStream",
        "System.Security.Cryptography.HashAlgorithm",
        "System.Security.Cryptography.HMAC",
        "System.Security.Cryptography.SymmetricAlgorithm",
        "System.UriBuilder",
        "System.Xml.Linq.XAttribute",
        "System.Xml.Linq.XContainer",
        "System.Xml.Linq.XDocument",
        "System.Xml.Linq.XElement",
        "System.Xml.Linq.XNode",
        "System.Xml.Linq.XObject",
        "System.Xml.XmlAttribute",
        "System.Xml.XmlAttributeCollection",
        "System.Xml.XmlDocument",
        "System.Xml.XmlElement",
        "System.Xml.XmlNamedNodeMap",
        "System.Xml.XmlNode",
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
        "System.Collections.ICollection",
        "System.Collections.IDictionary",
        "System.Collections.IEnumerable",
        "System.Collections.IList",
        "System.IO.Stream",
        "System.IO.TextReader",
        "System.IO.TextWriter",
    };

    private static readonly ConcurrentDictionary<Type, bool> s_known = new();

    /// <summary>True for a type through which calls are watched.</summary>
    /// <param name="type">Its name with namespace, of a generic type that of its definition.</param>
    public static bool MayBe(string type) => Is(type) || s_interfaces.Contains(type);

    /// <summary>True for a class that is not safe for two.</summary>
    /// <param name="type">Its name with namespace, as code or as the runtime writes it.</param>
    public static bool Is(string type) => s_names.Contains(type.Replace('/', '+'));

    /// <summary>True for an interface of a sequence of values.</summary>
    public static bool IsSequence(string type) =>
        type.StartsWith("System.Collections.", StringComparison.Ordinal) && s_interfaces.Contains(type);

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
            : !s_exclusive.Contains(type)
                // A stream is read where it is copied.
                && !(type.StartsWith("System.IO.", StringComparison.Ordinal) && member.StartsWith("CopyTo", StringComparison.Ordinal))
                && (
                    Starts(s_looks, member)
                    || Array.Exists(s_looksOf, of => type.StartsWith(of.Of, StringComparison.Ordinal) && Starts(of.Looks, member))
                );

    private static bool Starts(string[] looks, string member) => Array.Exists(looks, l => member.StartsWith(l, StringComparison.Ordinal));

    /// <summary>True for the type of an object that is not safe for two.</summary>
    public static bool IsUnsafe(Type type) => s_known.GetOrAdd(type, static type => !IsSafe(type) && HasUnsafeBase(type));

    // Random.Shared, and what Hashtable.Synchronized and its like give, are safe for all.
    private static bool IsSafe(Type type) =>
        type.DeclaringType is { } outer
        && (outer == typeof(Random) || type.Name.StartsWith("Sync", StringComparison.Ordinal))
        && type.Assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal);

    private static bool HasUnsafeBase(Type type)
    {
        for (var of = type; of is not null; of = of.BaseType)
            if (s_names.Contains((of.IsGenericType ? of.GetGenericTypeDefinition() : of).FullName ?? ""))
                return true;
        return false;
    }
}
