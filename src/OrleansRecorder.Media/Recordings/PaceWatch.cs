namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Notices times that run at the wrong speed. A network or a gateway delays and then catches up, which looks the same for a while:
/// silences do not count, and neither does what only makes good a delay.
/// </summary>
internal sealed class PaceWatch
{
    private const int FewPackets = 6;

    private static readonly TimeSpan FirstWindow = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan LongestFirstGap = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StuckWindow = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private TimeSpan? _lastArrival;
    private TimeSpan _arrived;
    private TimeSpan _claimed;
    private int _packets;
    private TimeSpan _lead;
    private TimeSpan _mostLead;
    private TimeSpan _mostLeadBefore;
    private bool _isFirstOver;
    private TimeSpan _firstArrived;
    private TimeSpan _firstClaimed;
    private int _fastWindows;
    private int _slowWindows;
    private bool _isBurstOver;
    private TimeSpan _windowArrived;
    private TimeSpan _windowClaimed;

    /// <summary>The first packet came.</summary>
    public void Begin(TimeSpan arrival) => _lastArrival = arrival;

    /// <summary>Takes the step of a track's time since the packet before, and whether that makes its clock useless.</summary>
    public bool IsWrong(TimeSpan step, TimeSpan arrival)
    {
        var passed = arrival - (_lastArrival ?? arrival);
        _lastArrival = arrival;
        if (IsStuckFromTheFirst(step, passed)) return true;
        var counted = passed < LongestGap ? passed : LongestGap;
        _arrived += counted;
        _claimed += step;
        _packets++;
        _lead += step - passed;
        if (_lead > _mostLead) _mostLead = _lead;
        if (_packets >= FewPackets && _arrived >= StuckWindow && IsStuck()) return true;

        _windowArrived += counted;
        _windowClaimed += step;
        return _windowArrived >= Window && EndWindow();
    }

    // What is squeezed into a moment until it is noticed leaves a hole behind: a clock that does not move from the first is noticed soon.
    private bool IsStuckFromTheFirst(TimeSpan step, TimeSpan passed)
    {
        if (_isFirstOver) return false;
        _firstArrived += passed < LongestFirstGap ? passed : LongestFirstGap;
        _firstClaimed += step;
        _isFirstOver = _firstArrived >= FirstWindow;
        return _isFirstOver && _firstClaimed.Duration() < _firstArrived / 5;
    }

    private bool IsStuck()
    {
        var isStuck = _claimed.Duration() < _arrived / 5;
        (_arrived, _claimed, _packets) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        return isStuck;
    }

    private bool EndWindow()
    {
        // A gateway begins with a burst of what it had kept.
        var gained = _isBurstOver ? _mostLead - _mostLeadBefore : TimeSpan.Zero;
        _fastWindows = gained > Window / 5 ? _fastWindows + 1 : 0;
        _slowWindows = _windowClaimed < _windowArrived * 0.8 ? _slowWindows + 1 : 0;
        _isBurstOver = true;
        _mostLeadBefore = _mostLead;
        (_windowArrived, _windowClaimed) = (TimeSpan.Zero, TimeSpan.Zero);
        return _fastWindows >= 2 || _slowWindows >= 10;
    }
}
