using ReplayHarness.Host.Pumping;

namespace ReplayHarness.Tests.Host;

/// <summary>The pump asks more than once whether a blocking wait is over.</summary>
public sealed class BlockedWaitTests
{
    [Test]
    public void What_resets_itself_is_over_however_often_it_is_asked()
    {
        using var set = new AutoResetEvent(false);
        var wait = new BlockedWait(carrier: null!, [set.SafeWaitHandle.DangerousGetHandle()], waitAll: false);
        Assert.That(wait.IsSignalled(), Is.False);
        set.Set();
        Assert.That((wait.IsSignalled(), wait.IsSignalled(), wait.Result), Is.EqualTo((true, true, 0)));
    }
}
