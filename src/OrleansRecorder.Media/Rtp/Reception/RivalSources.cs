namespace OrleansRecorder.Media.Rtp.Reception;

/// <summary>
/// Whether two sources (SSRC) take turns on one track. A sender that begins anew with another one stops with the one before; where both go on, each with its own
/// sequence numbers, two streams are mixed, and a recording can hold only one: the one that was announced, else the one that was there first, for as long as it
/// goes on.
/// </summary>
/// <param name="announced">From the answer to SETUP; many cameras name one that never comes.</param>
internal sealed class RivalSources(uint? announced)
{
    // Packets of a source that has stopped may come late once, behind those of its successor, and perhaps twice.
    private const int ReturnsUntilSure = 3;

    // Pictures of mixed streams lie closer together. A camera that has two sources by turns, each for a group of pictures, is not to lose half of them.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    private (uint Source, ushort Next)? _former;
    private uint _first;
    private TimeSpan _lastTurn;
    private int _returns;

    /// <summary>The one of the two that is not recorded while the other goes on; null when there are none.</summary>
    public uint? Refused { get; private set; }

    /// <summary>Whether a source is not to be listened to now.</summary>
    /// <param name="source">Another one than the one in force.</param>
    /// <param name="silence">For how long nothing has come of the one in force.</param>
    public bool Refuses(uint source, TimeSpan silence) => source == Refused && silence < Silence;

    /// <summary>A source has sent two packets since the last one of the source in force: whether it takes over. If not, it is refused from now on.</summary>
    /// <param name="current">The one in force.</param>
    /// <param name="currentNext">The sequence number that it would go on with.</param>
    /// <param name="newcomer">The other one.</param>
    /// <param name="first">The sequence number of its first packet.</param>
    /// <param name="ahead">How far that is ahead of the numbers in force, if it goes on with them.</param>
    /// <param name="now">The time.</param>
    public bool MayTakeOver(uint current, ushort currentNext, uint newcomer, ushort first, int? ahead, TimeSpan now)
    {
        if (!GoesOn(newcomer, first, now, out var own)) (_first, _returns) = (current, 0);
        // Numbers that go on where those in force are may be of one stream, whose sender has two names.
        else if (!(ahead <= own)) _returns++;
        if (newcomer == Refused) Refused = null;
        if (_returns >= ReturnsUntilSure)
        {
            var favourite = announced == current || announced == newcomer ? announced : _first;
            Refused = newcomer == favourite ? current : newcomer;
        }

        if (Refused == newcomer) return false;
        _former = (current, currentNext);
        _lastTurn = now;
        return true;
    }

    // Whether it had to make room just now, and goes on where it was.
    private bool GoesOn(uint newcomer, ushort first, TimeSpan now, out int own)
    {
        own = (ushort)(first - (_former?.Next ?? 0));
        return _former?.Source == newcomer && now - _lastTurn < LongestTurn && own < HeldPackets.Window;
    }
}
