using ReplayHarness.Replays;
using TeamAgents;

namespace ReplayHarness.Tests.TeamAgents;

/// <summary>Microsoft.Extensions.AI as it is made without a word about running calls at once.</summary>
public abstract class TripDriver(TripBooks books) : IReplayDriver
{
    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        new TripDesk(services.ChatClient(), new(new HttpClient(), books)).AskAsync(input.Text, cancellationToken);
}

public sealed class TripApart() : TripDriver(TripBooks.Apart);

public sealed class TripOneList() : TripDriver(TripBooks.OneList);

public sealed class TripTicket() : TripDriver(TripBooks.Ticket);

public sealed class TripTwoLines() : TripDriver(TripBooks.TwoLines);

/// <summary>A loop of the team's own.</summary>
public abstract class TripLoopDriver(TripBooks books, Func<ReplayInput, bool> atOnce) : IReplayDriver
{
    public Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken) =>
        new TripLoop(services.ChatClient(), new(new HttpClient(), books)) { AtOnce = atOnce(input) }.AskAsync(
            input.Text,
            cancellationToken
        );
}

public sealed class TripSwitched() : TripLoopDriver(TripBooks.Apart, input => input.ToolsAtOnce);

public sealed class TripSwitchedOneList() : TripLoopDriver(TripBooks.OneList, input => input.ToolsAtOnce);

public sealed class TripAlways() : TripLoopDriver(TripBooks.OneList, _ => true);

public sealed class TripSerial() : TripLoopDriver(TripBooks.Apart, _ => false);
