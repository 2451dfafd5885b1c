using System.Globalization;

namespace ReplayHarness.Fixtures.Redacting;

/// <summary>
/// The form of a value, in a small part of what regular expressions are written in: characters, <c>[A-Za-z0-9_-]</c>, <c>(a|b)</c>,
/// each with <c>?</c>, <c>*</c>, <c>+</c>, <c>{3}</c>, <c>{3,}</c> or <c>{3,9}</c>, and <c>|</c> between whole forms. Each part takes
/// as much as it can and gives nothing back, so that a match costs what its length costs.
/// </summary>
internal sealed class Shape
{
    private const int MostDeep = 3,
        Endless = 1 << 16;

    private readonly Part[][] _alternatives;

    private Shape(Part[][] alternatives) => _alternatives = alternatives;

    /// <summary>Reads a form.</summary>
    /// <param name="pattern">How it is written.</param>
    /// <param name="ignoreCase">Whether letters stand for both cases.</param>
    /// <exception cref="FormatException">It is no form; the message says why.</exception>
    public static Shape Parse(string pattern, bool ignoreCase = false)
    {
        var reader = new Reader(pattern, ignoreCase);
        var shape = reader.Alternatives(0);
        return reader.AtEnd ? shape : throw new FormatException($"a ) without its ( at character {reader.At + 1}");
    }

    /// <summary>The length of the longest alternative that stands at the beginning of a text and after which no word goes on; -1.</summary>
    public int LengthAt(ReadOnlySpan<char> text)
    {
        var most = -1;
        foreach (var parts in _alternatives)
            if (Forward(parts, text) is var length && length > most && Glyphs.Ends(text, length))
                most = length;
        return most;
    }

    /// <summary>How far from the end of a text its form reaches back; -1 where it does not stand there.</summary>
    public int LengthBefore(ReadOnlySpan<char> text)
    {
        var at = text.Length;
        foreach (var part in _alternatives[0].Reverse())
        {
            var count = 0;
            for (; count < part.Most && at > 0 && part.Has(text[at - 1]); count++)
                at--;
            if (count < part.Least)
                return -1;
        }
        return text.Length - at;
    }

    /// <summary>Whether a value of the form may begin with a character.</summary>
    public bool MayBegin(char c)
    {
        foreach (var parts in _alternatives)
        foreach (var part in parts)
        {
            if (part.Inner?.MayBegin(c) ?? part.Has(c))
                return true;
            if (part.Least > 0)
                break;
        }
        return false;
    }

    private static int Forward(Part[] parts, ReadOnlySpan<char> text)
    {
        var at = 0;
        foreach (var part in parts)
        {
            var count = 0;
            for (; count < part.Most; count++)
            {
                var length = part.Length(text[at..]);
                if (length <= 0)
                {
                    // What may be empty stands there as often as it should.
                    count = length == 0 ? Math.Max(count, part.Least) : count;
                    break;
                }
                at += length;
            }
            if (count < part.Least)
                return -1;
        }
        return at;
    }

    private int Inside(ReadOnlySpan<char> text)
    {
        foreach (var parts in _alternatives)
            if (Forward(parts, text) is >= 0 and var length)
                return length;
        return -1;
    }

    private sealed record Part(UInt128 Ascii, string Others, Shape? Inner, int Least, int Most)
    {
        public bool Has(char c) => c < 128 ? ((Ascii >> c) & 1) == 1 : Others.Contains(c, StringComparison.Ordinal);

        public int Length(ReadOnlySpan<char> text) =>
            Inner is not null ? Inner.Inside(text)
            : text.Length > 0 && Has(text[0]) ? 1
            : -1;
    }

    private sealed class Reader(string pattern, bool ignoreCase)
    {
        public int At { get; private set; }

        public bool AtEnd => At == pattern.Length;

        public Shape Alternatives(int depth)
        {
            if (depth > MostDeep)
                throw new FormatException($"groups within groups, more than {MostDeep} deep");
            List<Part[]> all = [];
            do all.Add(Sequence(depth));
            while (Took('|'));
            return new([.. all]);
        }

        private Part[] Sequence(int depth)
        {
            List<Part> parts = [];
            while (!AtEnd && pattern[At] is not ('|' or ')'))
                parts.Add(Counted(One(depth)));
            return [.. parts];
        }

        private Part One(int depth)
        {
            if (Took('('))
            {
                var inner = Alternatives(depth + 1);
                return Took(')') ? new(0, "", inner, 1, 1) : throw new FormatException("a ( without its )");
            }
            var (ascii, others) = ((UInt128)0, "");
            if (!Took('['))
                Add(ref ascii, ref others, Character(), null);
            else
                while (!Took(']'))
                {
                    var from = Character();
                    Add(ref ascii, ref others, from, At + 1 < pattern.Length && pattern[At + 1] != ']' && Took('-') ? Character() : null);
                }
            return new(ascii, others, null, 1, 1);
        }

        private char Character()
        {
            if (AtEnd)
                throw new FormatException("it ends within [ ]");
            Took('\\');
            return AtEnd ? throw new FormatException("it ends with \\") : pattern[At++];
        }

        private void Add(ref UInt128 ascii, ref string others, char from, char? to)
        {
            if (to < from)
                throw new FormatException($"{from}-{to} has no characters");
            for (int c = from; c <= (to ?? from); c++)
                foreach (var one in ignoreCase ? [char.ToLowerInvariant((char)c), char.ToUpperInvariant((char)c)] : (char[])[(char)c])
                    if (one < 128)
                        ascii |= (UInt128)1 << one;
                    else
                        others += one;
        }

        private Part Counted(Part part)
        {
            if (Took('?'))
                return part with { Least = 0 };
            if (Took('*'))
                return part with { Least = 0, Most = Endless };
            if (Took('+'))
                return part with { Most = Endless };
            if (!Took('{'))
                return part;
            var least = Number() ?? throw new FormatException("a { without a number");
            var most = Took(',') ? Number() ?? Endless : least;
            return !Took('}') ? throw new FormatException("a { without its }")
                : most < least ? throw new FormatException($"{{{least},{most}}} is never true")
                : part with { Least = least, Most = most };
        }

        private int? Number()
        {
            var from = At;
            while (!AtEnd && char.IsAsciiDigit(pattern[At]))
                At++;
            return At == from ? null
                : int.TryParse(pattern.AsSpan(from, At - from), CultureInfo.InvariantCulture, out var n) && n <= Endless ? n
                : throw new FormatException($"{pattern[from..At]} is more than {Endless}");
        }

        private bool Took(char c)
        {
            if (AtEnd || pattern[At] != c)
                return false;
            At++;
            return true;
        }
    }
}
