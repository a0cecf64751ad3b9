namespace OrleansRecorder.Media.Sound;

/// <summary>
/// Keeps sound with the picture by the sender's own clock (RTCP sender reports), where that is to be believed: near the arrival and steady, for cameras
/// send reports with no time, with another one, or with that of the sending. Says by how much sound must move from where its arrival has put it.
/// </summary>
internal sealed class SoundSync
{
    private static readonly TimeSpan Plausible = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(50);
    private Offset _picture;
    private Offset _sound;
    private bool _wasPlaced;
    private bool _isOff;

    /// <summary>What must be added to the sound's moments.</summary>
    public TimeSpan Shift { get; private set; }

    /// <summary>The times of a track are useless, and so is what reports say of them: both tracks lie where they arrive. True when <see cref="Shift"/> has changed.</summary>
    public bool TurnOff()
    {
        var hasChanged = Shift != TimeSpan.Zero;
        (_isOff, Shift) = (true, TimeSpan.Zero);
        return hasChanged;
    }

    /// <summary>A picture was captured at this time of the sender's, and lies at this moment.</summary>
    public void OnPicture(TimeSpan captured, TimeSpan moment, TimeSpan arrival) => _picture.Observe(moment - captured, arrival);

    /// <summary>Sound was captured at this time of the sender's; its own clock puts it at this moment. True when <see cref="Shift"/> has changed.</summary>
    public bool OnSound(TimeSpan captured, TimeSpan moment, TimeSpan arrival)
    {
        _sound.Observe(moment - captured, arrival);
        if (_isOff || !IsTrusted(_picture, arrival) || !IsTrusted(_sound, arrival)) return false;
        var shift = _picture.Value - _sound.Value;
        if ((moment + shift - arrival).Duration() > Plausible) return false;
        var isFirst = !_wasPlaced;
        _wasPlaced = true;
        if ((shift - Shift).Duration() <= (isFirst ? TimeSpan.Zero : Tolerance)) return false;
        Shift = shift;
        return true;
    }

    // At first nothing can be steady yet: then it is enough that nothing has contradicted it.
    private bool IsTrusted(in Offset offset, TimeSpan arrival) => offset.IsKnown && (offset.IsSteady(arrival) || (!_wasPlaced && !offset.HasMoved));

    /// <summary>What lies between the sender's clock and ours, which changes only when one of them is set or a report was wrong.</summary>
    private struct Offset
    {
        private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(40);
        private static readonly TimeSpan SteadyTime = TimeSpan.FromSeconds(1);
        private TimeSpan _since;

        private TimeSpan _reference;

        public bool IsKnown { get; private set; }

        public bool HasMoved { get; private set; }

        public TimeSpan Value { get; private set; }

        public void Observe(TimeSpan value, TimeSpan arrival)
        {
            // Against where it was when it began to be steady: a clock that stands still moves away in steps that are small.
            if (!IsKnown || (value - _reference).Duration() > Jitter)
            {
                HasMoved = IsKnown;
                (_since, _reference, IsKnown) = (arrival, value, true);
            }

            Value = value;
        }

        public readonly bool IsSteady(TimeSpan arrival) => arrival - _since >= SteadyTime;
    }
}
