using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ReplayHarness.Host.Statics;
using ReplayHarness.Replays;

namespace ReplayHarness.Host.Controlled;

/// <summary>Subscriptions and encodings that rewritten code leaves with the framework end with its schedule.</summary>
public static class ControlledListeners
{
    private const string Encodings = "System.Text.Encoding";

    private static readonly Lazy<bool> s_provides = new(Provide);

    /// <summary>Instead of <see cref="DiagnosticListener.AllListeners"/>.</summary>
    [Replaces(typeof(DiagnosticListener), "get_AllListeners")]
    public static IObservable<DiagnosticListener> AllListeners() => new All();

    /// <summary>Instead of <see cref="DiagnosticListener.Subscribe(IObserver{KeyValuePair{string, object}})"/>.</summary>
    [Replaces(typeof(DiagnosticListener), "Subscribe", Instance = true)]
    public static IDisposable Subscribe(DiagnosticListener listener, IObserver<KeyValuePair<string, object?>> observer)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return Kept(listener.Subscribe(observer));
    }

    /// <summary>Instead of the one with a predicate.</summary>
    [Replaces(typeof(DiagnosticListener), "Subscribe", Instance = true)]
    public static IDisposable Subscribe(
        DiagnosticListener listener,
        IObserver<KeyValuePair<string, object?>> observer,
        Predicate<string>? isEnabled
    )
    {
        ArgumentNullException.ThrowIfNull(listener);
        return Kept(listener.Subscribe(observer, isEnabled));
    }

    /// <summary>Instead of the one with a longer predicate.</summary>
    [Replaces(typeof(DiagnosticListener), "Subscribe", Instance = true)]
    public static IDisposable Subscribe(
        DiagnosticListener listener,
        IObserver<KeyValuePair<string, object?>> observer,
        Func<string, object?, object?, bool>? isEnabled
    )
    {
        ArgumentNullException.ThrowIfNull(listener);
        return Kept(listener.Subscribe(observer, isEnabled));
    }

    /// <summary>Instead of <see cref="PosixSignalRegistration.Create"/>.</summary>
    [Replaces(typeof(PosixSignalRegistration), "Create")]
    public static PosixSignalRegistration OnSignal(PosixSignal signal, Action<PosixSignalContext> handler) =>
        Kept(PosixSignalRegistration.Create(signal, handler));

    /// <summary>
    /// Instead of <see cref="Encoding.RegisterProvider"/>, which cannot be undone: one provider asks those of the schedule.
    /// </summary>
    [Replaces(typeof(Encoding), "RegisterProvider")]
    public static void Register(EncodingProvider provider)
    {
        if (Kernel.Current is null || provider is null)
            Encoding.RegisterProvider(provider!);
        else if (s_provides.Value && !LeftBehind.At<EncodingProvider>(Encodings).Contains(provider))
            LeftBehind.Add(Encodings, provider, static () => { }, isKnownToStay: true);
    }

    private static bool Provide()
    {
        Encoding.RegisterProvider(new OfSchedule());
        return true;
    }

    private static T Kept<T>(T subscription)
        where T : IDisposable
    {
        if (Kernel.Current is not null)
            LeftBehind.Add(typeof(T).FullName!, subscription, subscription.Dispose, isKnownToStay: false);
        return subscription;
    }

    private sealed class All : IObservable<DiagnosticListener>
    {
        public IDisposable Subscribe(IObserver<DiagnosticListener> observer) => Kept(DiagnosticListener.AllListeners.Subscribe(observer));
    }

    // The provider that was registered last is asked first.
    private sealed class OfSchedule : EncodingProvider
    {
        public override Encoding? GetEncoding(int codepage) =>
            Providers().Select(p => p.GetEncoding(codepage)).FirstOrDefault(e => e is not null);

        public override Encoding? GetEncoding(string name) =>
            Providers().Select(p => p.GetEncoding(name)).FirstOrDefault(e => e is not null);

        public override IEnumerable<EncodingInfo> GetEncodings() => Providers().SelectMany(p => p.GetEncodings());

        private static IEnumerable<EncodingProvider> Providers() => LeftBehind.At<EncodingProvider>(Encodings).Reverse();
    }
}
