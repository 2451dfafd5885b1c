#pragma warning disable NUnit2009 // Two calls of one expression are what is compared.
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ReplayHarness.Host.States;
using ReplayHarness.Replays;
using ReplayHarness.Replays.States;

namespace ReplayHarness.Tests.Host;

/// <summary>Equal graphs have equal hashes wherever they lie in memory; what the agent could tell apart has others.</summary>
// How a type is walked is found out by one thread at a time.
[NonParallelizable]
public sealed class HeapWalkTests
{
    private static readonly AsyncLocal<string> s_flowing = new();

    private sealed class Node(string name, Node? next = null)
    {
        public string Name => name;
        public Node? Next { get; set; } = next;
        public object? Other { get; set; }
    }

    private struct Pair(int left, string right)
    {
        public int Left = left;
        public string Right = right;
    }

    // Each makes a graph from a text: equal texts equal graphs, other texts others.
    private static readonly Dictionary<string, Func<string, object>> s_kinds = new(StringComparer.Ordinal)
    {
        ["text in a field"] = t => new Node(t),
        ["text further down"] = t => new Node("a", new Node("b", new Node(t))),
        ["number"] = t => new { Value = t.Length, Text = t },
        ["double"] = t => new { Value = 0.5 + t[0] },
        ["float"] = t => new { Value = 0.5f + t[0] },
        ["bool"] = t => new { Value = t == "one" },
        ["enum"] = t => new { Value = t == "one" ? DayOfWeek.Friday : DayOfWeek.Monday },
        ["decimal"] = t => new { Value = 0.1m * t[0] },
        ["struct"] = t => new { Value = new Pair(1, t) },
        ["nullable"] = t => new { Value = t == "one" ? (int?)1 : null },
        ["array of references"] = t => new object?[] { "a", null, t },
        ["array of numbers"] = t => new[] { 1, 2, t[0] },
        ["list"] = t => new List<string> { "a", t },
        ["list of structs"] = t => new List<Pair> { new(1, t) },
        ["dictionary value"] = t => new Dictionary<string, string> { ["key"] = t },
        ["dictionary key"] = t => new Dictionary<string, string> { [t] = "value" },
        ["set"] = t => new HashSet<string> { t },
        ["queue"] = t => new Queue<string>([t]),
        ["stack"] = t => new Stack<string>([t]),
        ["concurrent dictionary"] = t => new ConcurrentDictionary<string, string> { ["key"] = t },
        ["concurrent queue"] = t => new ConcurrentQueue<string>([t]),
        ["concurrent stack"] = t => new ConcurrentStack<string>([t]),
        ["concurrent bag"] = t => new ConcurrentBag<string>([t]),
        ["string builder"] = t => new StringBuilder(t),
        ["uri"] = t => new Uri($"http://localhost/{t}"),
        ["JSON element"] = t => new { Value = JsonSerializer.SerializeToElement(t) },
        ["JSON node"] = t => JsonNode.Parse($"[\"{t}\"]")!,
        ["exception"] = t => new TimeoutException(t),
        ["inner exception"] = t => new InvalidOperationException("outer", new TimeoutException(t)),
        ["closure"] = t => (Func<string>)(() => t),
        ["delegates"] = t => t == "one" ? (Action)One : Two,
        ["lazy"] = t => new Lazy<string>(t),
        ["task"] = t => Task.FromResult(t),
        ["faulted task"] = t => Task.FromException(new TimeoutException(t)),
        ["status of a task"] = t => t == "one" ? Task.CompletedTask : Task.FromCanceled(new CancellationToken(canceled: true)),
        ["locals of an async method"] = t => Waiting(t, ""),
        ["AsyncLocal of an async method"] = t => Waiting("", t),
        ["type"] = t => new { Value = t == "one" ? typeof(string) : typeof(int) },
        ["singleton of a container"] = t => Container(t),
    };

    private static IEnumerable<string> Kinds => s_kinds.Keys;

    [TestCaseSource(nameof(Kinds))]
    public void Equal_graphs_are_equal_and_others_are_not(string kind)
    {
        var make = s_kinds[kind];
        var hash = HashOf(() => make("one"));
        Assert.That(HashOf(() => make("one")), Is.EqualTo(hash));
        Assert.That(HashOf(() => make("two")), Is.Not.EqualTo(hash));
    }

    [Test]
    public void The_order_of_a_list_counts() =>
        Assert.That(Hash(new List<string> { "a", "b" }), Is.Not.EqualTo(Hash(new List<string> { "b", "a" })));

    [Test]
    public void Spare_room_and_versions_of_a_collection_do_not_count()
    {
        var list = new List<string>(100) { "a", "x" };
        list.Remove("x");
        Assert.That(Hash(list), Is.EqualTo(Hash(new List<string> { "a" })));
    }

    [Test]
    public void One_object_in_two_places_is_not_two_equal_ones()
    {
        var shared = new Node("same");
        Assert.That(Hash(new[] { shared, shared }), Is.Not.EqualTo(Hash(new[] { new Node("same"), new Node("same") })));
    }

    [Test]
    public void Cycles_end_and_where_they_lead_counts()
    {
        Assert.That(Hash(Cycle(back: 0)), Is.EqualTo(Hash(Cycle(back: 0))));
        Assert.That(Hash(Cycle(back: 0)), Is.Not.EqualTo(Hash(Cycle(back: 1))));
    }

    [Test]
    public void Types_with_equal_fields_are_told_apart() =>
        Assert.That(Hash(new InvalidOperationException("a")), Is.Not.EqualTo(Hash(new TimeoutException("a"))));

    [Test]
    public void Where_an_exception_was_thrown_does_not_count()
    {
        var thrown = new TimeoutException("a");
        Assert.That(() => throw thrown, Throws.Exception);
        Assert.That(Hash(thrown), Is.EqualTo(Hash(new TimeoutException("a"))));
    }

    [Test]
    public void Registrations_that_are_gone_do_not_count() =>
        Assert.That(HashOf(() => Registered(3)), Is.EqualTo(HashOf(() => Registered(2))));

    private static CancellationTokenSource Registered(int before)
    {
        var source = new CancellationTokenSource();
        for (var i = 0; i < before; i++)
            source.Token.Register(static () => { }).Dispose();
        source.Token.Register(One);
        return source;
    }

    [Test]
    public void A_virtual_timer_counts_with_its_callback_and_due_time()
    {
        Assert.That(Timer(One, 1), Is.EqualTo(Timer(One, 1)));
        Assert.That(Timer(One, 1), Is.Not.EqualTo(Timer(Two, 1)));
        Assert.That(Timer(One, 1), Is.Not.EqualTo(Timer(One, 2)));
    }

    [Test]
    public void A_walk_starts_anew()
    {
        var walk = new HeapWalk();
        UInt128 Once()
        {
            walk.Begin();
            walk.Add("words");
            walk.Visit(new Node("a", new Node("b")));
            return walk.Finish();
        }
        Assert.That(Once(), Is.EqualTo(Once()));
    }

    private static UInt128 Timer(Action callback, double seconds)
    {
        var time = new VirtualTime(DateTimeOffset.UnixEpoch);
        time.Create(static state => ((Action)state!)(), callback, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan, null, "timer");
        return Hash(time.Timers[0]);
    }

    private static Node Cycle(int back)
    {
        Node[] nodes = [new("a"), new("a"), new("a")];
        nodes[0].Next = nodes[1];
        nodes[1].Next = nodes[2];
        nodes[2].Next = nodes[back];
        return nodes[0];
    }

    private static Task Waiting(string local, string flowing)
    {
        var awaited = new TaskCompletionSource();
        s_flowing.Value = flowing;
        _ = KeepAsync(awaited.Task, new StringBuilder(local));
        s_flowing.Value = null!;
        return awaited.Task;
    }

    private static async Task<string> KeepAsync(Task awaited, StringBuilder local)
    {
        await awaited;
        return local.ToString();
    }

    private static ServiceProvider Container(string text)
    {
        var provider = new ServiceCollection()
            .AddSingleton(_ => new Node(text))
            .AddSingleton(_ => new StringBuilder())
            .BuildServiceProvider();
        provider.GetRequiredService<Node>();
        return provider;
    }

    private static void One() { }

    private static void Two() { }

    // On a thread that has no context of a test.
    private static UInt128 HashOf(Func<object> make)
    {
        UInt128 hash = default;
        var thread = new Thread(() => hash = Hash(make()));
        thread.UnsafeStart();
        thread.Join();
        return hash;
    }

    private static UInt128 Hash(object value)
    {
        var walk = new HeapWalk();
        walk.Begin();
        walk.Visit(value);
        return walk.Finish();
    }
}

/// <summary>The 128-bit hash of a sequence of words.</summary>
public sealed class StateHashTests
{
    [Test]
    public void Order_length_and_absence_count()
    {
        Assert.That(Of("a", "b"), Is.Not.EqualTo(Of("b", "a")));
        Assert.That(Of("ab", ""), Is.Not.EqualTo(Of("a", "b")));
        Assert.That(Of((string?)null), Is.Not.EqualTo(Of("")));
        Assert.That(Of(), Is.Not.EqualTo(Of("")));
        Assert.That(Of("a", "b"), Is.EqualTo(Of("a", "b")));
    }

    [Test]
    public void Words_do_not_collide()
    {
        var words = Enumerable.Range(0, 200_000).Select(i => StateHash.WordOf($"call#{i}"));
        Assert.That(words.Distinct().Count(), Is.EqualTo(200_000));
        var values = Enumerable
            .Range(0, 200_000)
            .Select(i =>
            {
                var hash = StateHash.Start();
                hash.Add((ulong)i);
                return hash.Value;
            });
        Assert.That(values.Distinct().Count(), Is.EqualTo(200_000));
    }

    private static UInt128 Of(params string?[] texts)
    {
        var hash = StateHash.Start();
        foreach (var text in texts)
            hash.Add(text);
        return hash.Value;
    }
}
