using System.Collections.Concurrent;

namespace ReplayHarness.Host.Races;

/// <summary>Factories that a dictionary calls where it has no value: two who ask at once may both run one.</summary>
public static class RaceFactories
{
    /// <summary>Instead of <see cref="ConcurrentDictionary{TKey, TValue}.GetOrAdd(TKey, Func{TKey, TValue})"/>.</summary>
    public static TValue GetOrAdd<TKey, TValue>(
        ConcurrentDictionary<TKey, TValue> dictionary,
        TKey key,
        Func<TKey, TValue> valueFactory,
        int place
    )
        where TKey : notnull
    {
        if (RaceDetector.Here is not { } here)
            return dictionary.GetOrAdd(key, valueFactory);
        here.At(place);
        here.Factory(dictionary, key, place, hadEffects: false);
        here.Acquire(dictionary, always: false);
        var hadEffects = false;
        var value = dictionary.GetOrAdd(
            key,
            asked =>
            {
                here.At(place);
                var before = here.Effects;
                var made = valueFactory(asked);
                hadEffects = here.Effects > before;
                return made;
            }
        );
        if (hadEffects)
            here.Factory(dictionary, key, place, hadEffects: true);
        here.Release(dictionary);
        return value;
    }
}
