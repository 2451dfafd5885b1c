namespace ReplayHarness.Replays;

/// <content>An answer that comes while agent code is stopped.</content>
internal sealed partial class Kernel
{
    bool IPumpListener.Answer(string label)
    {
        if (_end is not null || Unhandled is not null || _root.IsCompleted)
            return false;
        _pump.SyncTimers();
        FindEnabled();
        foreach (var (operation, _) in _enabled)
            if (operation?.Label == label)
            {
                Steps++;
                Complete(operation);
                return true;
            }
        return false;
    }
}
