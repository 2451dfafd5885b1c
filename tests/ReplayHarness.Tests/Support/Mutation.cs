namespace ReplayHarness.Tests.Support;

/// <summary>What happens to files.</summary>
internal static class Mutation
{
    /// <summary>Bits flip, pieces are lost, doubled, moved or filled, ends are cut, numbers and nesting go wild.</summary>
    public static byte[] Of(byte[] sample, Random random)
    {
        var bytes = sample.ToList();
        for (var n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 200), bytes.Count - at);
            switch (random.Next(9))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)"[{\"\\0"[random.Next(5)], random.Next(1, 300)));
                    break;
                case 5:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 6:
                    bytes.InsertRange(at, "99999999999999999999"u8.ToArray());
                    break;
                case 7:
                    bytes.InsertRange(at, "\\ud800"u8.ToArray());
                    break;
                case 8:
                    bytes.Reverse(at, length);
                    break;
            }
        }
        return [.. bytes];
    }
}
