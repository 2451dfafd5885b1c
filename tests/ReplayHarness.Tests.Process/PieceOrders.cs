using System.Globalization;
using ReplayHarness.Host;
using ReplayHarness.Replays;
using ReplayHarness.Replays.Strategies;

namespace ReplayHarness.Tests.Process;

/// <summary>An answer in pieces, a second apart, beside an agent that pauses.</summary>
internal static class PieceOrders
{
    /// <summary>How many orders of pieces and pauses there are, and in how many schedules they come.</summary>
    /// <param name="control">The runtime.</param>
    /// <param name="pieces">How many pieces.</param>
    /// <param name="pauses">One after the other, in seconds.</param>
    public static string Count(RuntimeControl control, int pieces, double[] pauses)
    {
        var strategy = new DepthFirst();
        var (schedules, more) = (0, true);
        for (; more; schedules++)
        {
            var order = "";
            var kernel = new Kernel(strategy, DateTimeOffset.UnixEpoch, control);
            kernel.Run(() => Task.WhenAll(ReadAsync(), PauseAsync()));
            more = strategy.Next(order);

            async Task ReadAsync()
            {
                var answer = new AnswerInPieces(kernel.Time, "stream", beginsTicks: 0);
                for (var piece = 0; piece < pieces; piece++)
                {
                    await answer.NextAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
                    order += "p";
                }
            }

            async Task PauseAsync()
            {
                foreach (var pause in pauses)
                {
                    await Task.Delay(TimeSpan.FromSeconds(pause));
                    order += "d";
                }
            }
        }
        return string.Create(CultureInfo.InvariantCulture, $"{strategy.Total.Count} orders in {schedules} schedules");
    }
}
