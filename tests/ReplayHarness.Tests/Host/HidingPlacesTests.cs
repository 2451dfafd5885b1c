#pragma warning disable NUnit2009 // Two calls of one expression are what is compared.
using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;
using ReplayHarness.Host.States;

namespace ReplayHarness.Tests.Host
{
    /// <summary>
    /// Where an agent may keep what it remembers: each place is seen, or, where it cannot be read, a state that holds it is equal to no
    /// other.
    /// </summary>
    // How a type is walked is found out by one thread at a time.
    [NonParallelizable]
    public sealed class HidingPlacesTests
    {
        private static readonly Dictionary<string, Func<string, object>> s_seen = new(StringComparer.Ordinal)
        {
            ["argument of a generic type"] = t => new { Value = t == "one" ? typeof(List<string>) : typeof(List<int>) },
            ["array of a type"] = t => new { Value = t == "one" ? typeof(string[]) : typeof(string) },
            ["argument of a generic method"] = t => t == "one" ? (Action)Generic<string> : Generic<Uri>,
            ["status of an HTTP exception"] = t => new HttpRequestException("a", null, (HttpStatusCode)(400 + (t == "one" ? 1 : 2))),
            ["field of an own exception"] = t => new OwnException { Memory = t },
            ["data of an exception"] = t => new InvalidOperationException("a") { Data = { ["memory"] = t } },
            ["buffer that is written to"] = Written,
            ["JSON document"] = t => JsonDocument.Parse($"[\"{t}\"]"),
            ["JSON document that was disposed of"] = Disposed,
            ["weak reference"] = t => (s_alive = new OwnException { Memory = t }) is var alive ? new WeakReference(alive) : null!,
            ["typed weak reference"] = t => new WeakReference<object>(s_alive = new OwnException { Memory = t }),
            ["weak table"] = t => new ConditionalWeakTable<object, string> { { s_alive = new(), t } },
            ["tag of an activity"] = t => new Activity("a").AddTag("memory", t),
            ["baggage of an activity"] = t => new Activity("a").AddBaggage("memory", t),
            ["property of an activity"] = Property,
            ["instance in a container"] = t => new ServiceCollection().AddSingleton(new OwnException { Memory = t }).BuildServiceProvider(),
            ["keyed instance in a container"] = t =>
                new ServiceCollection().AddKeyedSingleton("k", new OwnException { Memory = t }).BuildServiceProvider(),
            ["options"] = t => Options.Create(new OwnOptions { Memory = t }),
            ["configuration"] = t =>
                new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("memory", t)]).Build(),
            ["own clock"] = t => new OwnClock { Memory = t },
            ["own scheduler"] = t => new OwnScheduler { Memory = t },
            ["own comparer"] = t => new HashSet<string>(new OwnComparer { Memory = t }) is var set ? set.Comparer : null!,
            ["own synchronisation context"] = t => new OwnContext { Memory = t },
            ["own encoding"] = t => new OwnEncoding { Memory = t },
            ["own class in a namespace of others"] = t => new Microsoft.Extensions.Logging.Own.Memory { Text = t },
            ["own logger"] = t => new OwnLogger { Memory = t },
            ["format of a culture"] = t => new System.Globalization.CultureInfo("")
            {
                NumberFormat = { CurrencySymbol = t },
                DateTimeFormat = { AMDesignator = t },
            },
            ["format of numbers"] = t => new System.Globalization.NumberFormatInfo { NegativeSign = t },
            ["slice of memory"] = t => new { Value = (ReadOnlyMemory<char>)t.AsMemory(1) },
            ["immutable list"] = t => ImmutableList.Create("a", t),
            ["queue with priorities"] = t => new PriorityQueue<string, int>([(t, 1)]),
            ["linked list"] = t => new LinkedList<string>([t]),
            ["sorted dictionary"] = t => new SortedDictionary<string, string>(StringComparer.Ordinal) { ["a"] = t },
            ["channel"] = Channelled,
            ["lock count"] = t => new SemaphoreSlim(t == "one" ? 1 : 2),
            ["handler of an event"] = t => new Source { Handler = () => t },
        };

        private static readonly Dictionary<string, Func<object>> s_unread = new(StringComparer.Ordinal)
        {
            ["event that resets itself"] = () => new AutoResetEvent(true),
            ["event"] = () => new ManualResetEvent(true),
            ["semaphore of the system"] = () => new Semaphore(1, 2),
            ["native-sized number"] = () => new { Value = (nint)5 },
            ["pointer"] = () => new Pointing(),
            ["handle"] = () => new { Value = GCHandle.Alloc("a") },
            ["own handle"] = () => new OwnHandle { Memory = "a" },
            ["file"] = () => File.OpenRead(typeof(HidingPlacesTests).Assembly.Location),
        };

        private static object? s_alive;

        private static IEnumerable<string> Seen => s_seen.Keys;

        private static IEnumerable<string> Unread => s_unread.Keys;

        [TestCaseSource(nameof(Seen))]
        public void What_is_kept_there_is_seen(string place)
        {
            var make = s_seen[place];
            var one = HashOf(make("one"));
            Assert.That(one.Refused, Is.Empty);
            Assert.That(HashOf(make("one")).Hash, Is.EqualTo(one.Hash));
            Assert.That(HashOf(make("two")).Hash, Is.Not.EqualTo(one.Hash));
        }

        [TestCaseSource(nameof(Unread))]
        public void What_cannot_be_read_is_named(string place) => Assert.That(HashOf(s_unread[place]()).Refused, Is.Not.Empty);

        [Test]
        public void A_base_class_that_is_left_out_takes_no_derived_one_with_it_but_those_that_add_nothing()
        {
            Assert.That(HashOf(new System.Text.UTF8Encoding()).Hash, Is.EqualTo(HashOf(new System.Text.UTF8Encoding(false)).Hash));
            Assert.That(TypeTable.Of(typeof(EmptyEncoding)).Share, Is.EqualTo(Share.Irrelevant));
            Assert.That(TypeTable.Of(typeof(OwnEncoding)).Share, Is.EqualTo(Share.Walked));
        }

        private static void Generic<T>() { }

        private static ArrayBufferWriter<char> Written(string text)
        {
            var writer = new ArrayBufferWriter<char>();
            writer.Write(text);
            return writer;
        }

        private static JsonDocument Disposed(string text)
        {
            var document = JsonDocument.Parse("[]");
            if (text == "one")
                document.Dispose();
            return document;
        }

        private static Activity Property(string text)
        {
            var activity = new Activity("a");
            activity.SetCustomProperty("memory", text);
            return activity;
        }

        private static Channel<string> Channelled(string text)
        {
            var channel = Channel.CreateUnbounded<string>();
            channel.Writer.TryWrite(text);
            return channel;
        }

        private static (UInt128 Hash, IReadOnlyDictionary<string, string> Refused) HashOf(object value)
        {
            var walk = new HeapWalk();
            walk.Begin();
            walk.Visit(value);
            return (walk.Finish(), walk.Unknown);
        }

        private sealed class OwnException : Exception
        {
            public required string Memory { get; set; }
        }

        private sealed class OwnOptions
        {
            public required string Memory { get; init; }
        }

        private sealed class OwnClock : TimeProvider
        {
            public required string Memory { get; init; }
        }

        private sealed class OwnScheduler : TaskScheduler
        {
            public required string Memory { get; init; }

            protected override IEnumerable<Task> GetScheduledTasks() => [];

            protected override void QueueTask(Task task) { }

            protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
        }

        private sealed class OwnComparer : IEqualityComparer<string>
        {
            public required string Memory { get; init; }

            public bool Equals(string? x, string? y) => x == y;

            public int GetHashCode(string obj) => obj.Length;
        }

        private sealed class OwnContext : SynchronizationContext
        {
            public required string Memory { get; init; }
        }

        private sealed class EmptyEncoding : System.Text.UTF8Encoding;

        private sealed class OwnEncoding : System.Text.UTF8Encoding
        {
            public required string Memory { get; init; }
        }

        private sealed class OwnLogger : ILogger
        {
            public required string Memory { get; init; }

            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => false;

            public void Log<TState>(LogLevel l, EventId id, TState state, Exception? e, Func<TState, Exception?, string> format) { }
        }

        private sealed class OwnHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: false)
        {
            public required string Memory { get; init; }

            protected override bool ReleaseHandle() => true;
        }

        private sealed unsafe class Pointing
        {
            public int* Memory = null;
        }

        private sealed class Source
        {
            public required Func<string> Handler { get; init; }
        }
    }
}

namespace Microsoft.Extensions.Logging.Own
{
    /// <summary>Named as if it were another's.</summary>
    internal sealed class Memory
    {
        public required string Text { get; init; }
    }
}
