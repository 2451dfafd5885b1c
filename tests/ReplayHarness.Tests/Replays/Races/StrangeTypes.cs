using System.Collections;
using System.Collections.Immutable;
using System.Collections.Specialized;
using System.Data;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace ReplayHarness.Tests.Replays;

/// <summary>Objects of types that are documented as not safe for two, each changed by all pieces.</summary>
public sealed class StrangeTypesBroken : AtOnceDriver
{
    /// <summary>What a race on each is called.</summary>
    public static readonly string[] Names =
    [
        "SymmetricAlgorithm",
        "IncrementalHash",
        "BinaryWriter",
        "Stream",
        "XContainer",
        "XmlDocument",
        "XmlWriter",
        "DataColumnCollection",
        "DataTable",
        "JsonArray",
        "NameValueCollection",
        "UriBuilder",
        "ImmutableList.Builder",
        "ImmutableDictionary.Builder",
        "JsonSerializerOptions",
        "Stack",
        "IDictionary",
    ];

    private readonly Aes _cipher = Aes.Create();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly BinaryWriter _writer = new(new MemoryStream());
    private readonly GZipStream _packed = new(new MemoryStream(), CompressionLevel.Fastest);
    private readonly XElement _tree = new("root");
    private readonly XmlDocument _document = new();
    private readonly XmlWriter _xml = XmlWriter.Create(Stream.Null, new() { ConformanceLevel = ConformanceLevel.Fragment });
    private readonly DataTable _table = new();
    private readonly JsonArray _array = [];
    private readonly NameValueCollection _values = [];
    private readonly UriBuilder _uri = new();
    private readonly ImmutableList<int>.Builder _list = ImmutableList.CreateBuilder<int>();
    private readonly ImmutableDictionary<int, int>.Builder _numbers = ImmutableDictionary.CreateBuilder<int, int>();
    private readonly JsonSerializerOptions _options = new();
    private readonly Stack _stack = new();
    private readonly IDictionary<int, int> _map = new Dictionary<int, int>();

    protected override void Piece(int number)
    {
        _cipher.GenerateKey();
        _hash.AppendData([1]);
        _writer.Write(number);
        _packed.WriteByte(1);
        _tree.Add(new XElement("leaf"));
        _document.AppendChild(_document.CreateComment("one"));
        _xml.WriteElementString("leaf", "one");
        _table.Columns.Add($"{number}");
        _ = _table.NewRow();
        _array.Add(number);
        _values.Add("one", "two");
        _uri.Path = $"{number}";
        _list.Add(number);
        _numbers[number] = number;
        _options.WriteIndented = number == 1;
        _stack.Push(number);
        _map.TryAdd(number, number);
    }
}

/// <summary>The same types, and others that are safe, of which nobody changes one.</summary>
public sealed class StrangeTypesHealthy : AtOnceDriver
{
    private readonly Aes _cipher = Aes.Create();
    private readonly XElement _tree = new("root", new XElement("leaf", "one"));
    private readonly XmlDocument _document = new();
    private readonly DataTable _table = new();
    private readonly JsonArray _array = [1, 2];
    private readonly NameValueCollection _values = new() { ["one"] = "two" };
    private readonly UriBuilder _uri = new();
    private readonly ImmutableList<int>.Builder _list = ImmutableList.CreateBuilder<int>();
    private readonly JsonSerializerOptions _options = new();
    private readonly SortedList _sorted = new() { [1] = 2 };
    private readonly Hashtable _safe = Hashtable.Synchronized([]);
    private readonly List<int> _numbers = [3, 1, 2];
    private readonly int[] _plain = [3, 1, 2];

    public StrangeTypesHealthy()
    {
        _document.LoadXml("<root/>");
        _table.Columns.Add("one");
    }

    protected override void Piece(int number)
    {
        _ = _cipher.EncryptEcb([1], PaddingMode.PKCS7);
        _ = (string?)_tree.Element("leaf") + _tree.Elements().Count() + _tree.Value;
        _ = _document.SelectSingleNode("root") ?? _document.DocumentElement;
        _ = _table.Select().Length + _table.Columns.Count;
        _ = _array.Count + _values["one"] + _uri.Uri + _list.Contains(1) + JsonSerializer.Serialize(_plain, _options);
        _ = _sorted.GetByIndex(0);
        _safe[number] = number;
        _ = string.Join(",", _numbers) + new List<int>(_numbers).Count + _numbers.Concat(_plain).Count();
        _ = Array.IndexOf(_plain, 2) + _plain.Max();
        foreach (var one in (IEnumerable<int>)_numbers)
            _ = one;
    }
}

/// <summary>A cookie jar, which the fixture may call unsafe.</summary>
public sealed class StrangeLibraryDriver : AtOnceDriver
{
    private readonly System.Net.CookieContainer _jar = new();

    protected override void Piece(int number) => _jar.Add(new Uri("http://localhost"), new System.Net.Cookie("last", $"{number}"));
}

/// <summary>A method gets a field by reference, and adds to it.</summary>
public sealed class StrangeReferenceBroken : AtOnceDriver
{
    private int _count;

    protected override void Piece(int number) => Add(ref _count);

    private static void Add(ref int count) => count++;
}

/// <summary>The same, atomically, through two methods; and a struct that does so by itself.</summary>
public sealed class StrangeReferenceHealthy : AtOnceDriver
{
    private int _count;
    private Atomic _other;

    protected override void Piece(int number)
    {
        Add(ref _count, 1);
        _other.Add();
        if (_other.Value == 0)
            throw new InvalidOperationException("nothing was added");
    }

    protected override string? Check() => Volatile.Read(ref _count) == 3 ? null : "a call was not counted";

    private static void Add(ref int count, int by) => AddAtomically(ref count, by);

    private static int AddAtomically(ref int count, int by) => Interlocked.Add(ref count, by);

    private struct Atomic
    {
        private int _value;

        public int Value => Volatile.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }
}

/// <summary>A wait that is cancelled, by a token of a linked source: who is told knows why.</summary>
public sealed class StrangeCancelHealthy : AtOnceDriver
{
    private readonly CancellationTokenSource _source = new();
    private string? _why;

    protected override void Piece(int number)
    {
        if (number == 0)
        {
            _why = "done";
            _source.Cancel();
            return;
        }
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_source.Token);
        try
        {
            Task.Delay(Timeout.Infinite, linked.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            _ = _why ?? throw new InvalidOperationException("nobody knows why");
        }
    }
}
