namespace ReplayHarness.Host.Races;

/// <content>Elements of arrays and fields of structs, enumerators, and what is handed to code that is not the team's.</content>
public static partial class RaceHooks
{
    // Of a great array, its first elements stand for it.
    private const int MostElements = 1_000;

    /// <summary>The variable of a field of a struct, which is an element of an array.</summary>
    /// <param name="index">The index.</param>
    /// <param name="part">The number of the field.</param>
    public static int Part(int index, int part) => Parts.Of(index, part);

    /// <summary>A sequence is handed to code that reads it.</summary>
    /// <param name="target">The sequence.</param>
    /// <param name="place">Where, for an object that is not safe for two.</param>
    /// <param name="ofElements">Where, for an array.</param>
    public static void LookAtAll(object? target, int place, int ofElements)
    {
        if (target is Array array)
            Elements(array, 0, array.Length, ofElements, write: false);
        else
            Look(target, place);
    }

    /// <summary>All elements of an array are about to be read or written.</summary>
    public static void AllElements(Array? array, int place, bool write) => Elements(array, 0, array?.Length ?? 0, place, write);

    /// <summary>The first elements of an array are about to be read or written.</summary>
    public static void FirstElements(Array? array, int count, int place, bool write) => Elements(array, 0, count, place, write);

    /// <summary>Bytes of an array of numbers are about to be read or written.</summary>
    public static void Bytes(Array? array, int start, int count, int place, bool write)
    {
        if (array is { Length: > 0 } && array.GetType().GetElementType()!.IsPrimitive)
        {
            var size = Buffer.ByteLength(array) / array.Length;
            Elements(array, start / size, (count + size - 1) / size, place, write);
        }
    }

    /// <summary>Elements of an array are about to be read or written.</summary>
    public static void Elements(Array? array, int start, int count, int place, bool write)
    {
        if (RaceDetector.Current is null || array is null)
            return;
        // Arguments out of range are the call's to refuse.
        var end = Math.Min((long)start + count, Math.Min(array.LongLength, (long)start + MostElements));
        for (var i = Math.Max(start, 0); i < end; i++)
            Memory(array, i, place, write);
    }

    /// <summary>The index of an element of an array of two dimensions, as if it had one.</summary>
    public static int IndexInTwo(Array? array, int row, int column) => array is null ? 0 : row * array.GetLength(1) + column;

    /// <summary>The index of an element of an array of three dimensions, as if it had one.</summary>
    public static int IndexInThree(Array? array, int plane, int row, int column) =>
        array is null ? 0 : (plane * array.GetLength(1) + row) * array.GetLength(2) + column;

    /// <summary>An enumerator goes on: each is for one at a time, whatever it goes through.</summary>
    public static void Advance(object? enumerator, int place)
    {
        if (RaceDetector.Current is not null && enumerator is not null)
            Memory(enumerator, RaceDetector.Position, place, write: true);
    }

    /// <summary>An enumerator is asked where it is.</summary>
    public static void LookAtCurrent(object? enumerator, int place)
    {
        if (RaceDetector.Current is not null && enumerator is not null)
            Memory(enumerator, RaceDetector.Position, place, write: false);
    }
}
