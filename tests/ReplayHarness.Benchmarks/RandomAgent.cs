using ReplayHarness.Host.Statics;
using ReplayHarness.Replays;

namespace ReplayHarness.Benchmarks;

/// <summary>A small concurrent program drawn from a seed: turns of parallel branches that share state in every way there is.</summary>
internal sealed class RandomAgent(int seed)
{
    // As a static field of rewritten code is held.
    private sealed class Statics
    {
        public int Value;
    }

    private readonly Statics _static = new();
    private readonly AsyncLocal<int> _flowing = new();
    private readonly List<int> _order = [];
    private readonly Dictionary<int, int> _seen = [];
    private readonly SemaphoreSlim _gate = new(1);
    private int _sum = 1,
        _first = -1,
        _count;

    private readonly record struct Branch(int Act, int Operations, bool Delays, int Hop);

    public async Task<string> RunAsync(Kernel kernel)
    {
        ScheduleStatics.Add(_static);
        var random = new Random(seed);
        var turns = random.Next(1, 3);
        var width = random.Next(2, 4);
        Branch[][] plan =
        [
            .. Enumerable
                .Range(0, turns)
                .Select(_ =>
                    Enumerable
                        .Range(0, width)
                        .Select(_ => new Branch(random.Next(13), random.Next(1, 3), random.Next(4) == 0, random.Next(4)))
                        .ToArray()
                ),
        ];
        var (end, races) = (random.Next(5), random.Next(4) == 0);
        var winner = "";
        for (var turn = 0; turn < turns; turn++)
        {
            await CallAsync(kernel, $"model{turn}", 1);
            var number = turn;
            Task[] branches = [.. Enumerable.Range(0, width).Select(i => BranchAsync(kernel, number, i, plan[number][i]))];
            if (races)
                winner += $"w{Array.IndexOf(branches, await Task.WhenAny(branches))}";
            await Task.WhenAll(branches);
            if (turn == 0 && end == 1)
                _order.Sort();
            if (end == 2)
                _order.Clear();
        }
        return winner + Result(end);
    }

    private string Result(int end) =>
        end switch
        {
            0 => $"{string.Join(",", _order)} {_sum} {_first} {_count}",
            1 => $"{string.Join(",", _order)} {_first}",
            2 => $"{_count} {string.Join(",", _seen.OrderBy(x => x.Key))} {_static.Value}",
            3 => _first == 1 && _sum % 2 == 0 ? "bug" : "ok",
            _ => $"{_sum % 5} {_static.Value % 3}",
        };

    private async Task BranchAsync(Kernel kernel, int turn, int i, Branch branch)
    {
        for (var o = 0; o < branch.Operations; o++)
        {
            if (branch.Hop == 1)
                await Task.Yield();
            await CallAsync(kernel, $"tool{turn}.{i}.{o}", 1 + i).ConfigureAwait(branch.Hop == 2);
        }
        if (branch.Delays)
            await Task.Delay(TimeSpan.FromSeconds(2 + i));
        await ActAsync(kernel, turn, i, branch.Act);
    }

    private async Task ActAsync(Kernel kernel, int turn, int i, int act)
    {
        switch (act)
        {
            case 0:
                _order.Add(i);
                break;
            case 1:
                _count++;
                break;
            case 2:
                if (_first < 0)
                    _first = i;
                break;
            case 3:
                _sum = (_sum * 3) + i;
                break;
            case 4:
                _seen[i] = _count;
                break;
            case 5:
                _sum += i;
                break;
            case 6:
                if (_count > 1)
                    await CallAsync(kernel, $"extra{turn}.{i}", 1);
                break;
            case 7:
                await Task.Run(() => _count += 2);
                break;
            case 8:
                _static.Value = (_static.Value * 2) + i;
                break;
            case 9:
                await RememberAsync(kernel, turn, i);
                break;
            case 10:
                await GuardedAsync(kernel, turn, i);
                break;
            case 11:
                await Task.Run(() => Block(kernel, turn, i));
                break;
            default:
                break;
        }
    }

    // State that only the stack of a blocked thread holds.
    private void Block(Kernel kernel, int turn, int i)
    {
        var before = _sum;
        CallAsync(kernel, $"blocked{turn}.{i}", 1).Wait();
        _sum = before + i + 1;
    }

    // State that only the execution context holds while the operation is in flight.
    private async Task RememberAsync(Kernel kernel, int turn, int i)
    {
        _flowing.Value = (_count * 10) + _sum;
        await CallAsync(kernel, $"remember{turn}.{i}", 1);
        _sum += _flowing.Value;
    }

    private async Task GuardedAsync(Kernel kernel, int turn, int i)
    {
        await _gate.WaitAsync();
        await CallAsync(kernel, $"guarded{turn}.{i}", 1);
        _order.Add(i + 10);
        _gate.Release();
    }

    private static Task<int> CallAsync(Kernel kernel, string name, double seconds) =>
        kernel.Issue(name, TimeSpan.FromSeconds(seconds), () => 0).Task;
}
