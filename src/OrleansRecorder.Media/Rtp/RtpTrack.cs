using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtp.Reception;
using OrleansRecorder.Media.Rtp.Reports;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtp;

/// <summary>
/// Puts a track's packets in order and hands them to its depacketizer: those that come in their order at once and uncopied, others when what they follow has
/// come or is given up. A sender that begins anew, with another SSRC or other sequence numbers, is believed when two packets with successive numbers have come,
/// unless it is one of two that take turns (<see cref="RivalSources"/>).
/// </summary>
/// <param name="payloadType">As described; another one is taken for it while this one has never come.</param>
/// <param name="clockRate">Units a second of the timestamps.</param>
/// <param name="receiver">Our SSRC.</param>
/// <param name="pool">Memory for packets that wait.</param>
/// <param name="output">The track's way to the sink.</param>
/// <param name="clock">Learns from sender reports.</param>
/// <param name="depacketizer">Owned.</param>
/// <param name="announced">The SSRC that the sender named beforehand.</param>
internal sealed class RtpTrack(
    int payloadType, int clockRate, uint receiver, ChunkPool pool, TrackOutput output, SenderClock clock, IDepacketizer depacketizer, uint? announced) : IRtpTrack
{
    // The first packets may be parameter sets with a timestamp of nothing.
    private const int PacketsUntilReportFits = 16;
    private const int LongestJump = 3000;
    private const int StrangePacketsUntilOtherFormat = 200;
    // Sequence numbers that a newcomer's packets may be apart from its first to come.
    private const int NewcomerReach = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private readonly HeldPackets _held = new(pool);
    private readonly HeldPackets _newcomer = new(pool);
    private readonly Timeline _timeline = new(clockRate);
    private readonly ReceptionStatistics _statistics = new(clockRate);
    private readonly RivalSources _rivals = new(announced);
    private ushort _newcomerSequence;
    private uint _newcomerSource;
    private bool _hasBegun;
    private uint _source;
    private TimeSpan _lastOfSource;
    private ushort _next;
    private uint _deliveredSource;
    // The source before this one, if this one counts on from it, and where that was: some of its packets may still be on their way.
    private uint? _formerSource;
    private ushort _formerEnd;
    private int? _payloadType;
    private int _strangePackets;
    private int _timelineGeneration;
    private uint? _lastDelivered;
    private ulong _lastReport;
    private uint _lastReportTimestamp;
    private TimeSpan _lastReportArrival;
    // Whose packets came when it did: the report itself may name anybody.
    private uint _lastReportFor;
    private uint? _reportSource;
    private bool _reportFits;

    /// <inheritdoc/>
    public MediaTrack Description => depacketizer.Track;

    /// <inheritdoc/>
    public long Packets { get; private set; }

    /// <inheritdoc/>
    public TimeSpan LastPacket { get; private set; }

    /// <inheritdoc/>
    public bool HasKeyFrame => Description.Kind == MediaKind.Audio || depacketizer.HasKeyFrame;

    /// <inheritdoc/>
    public TimeSpan? LastPicture => output.LastPicture;

    /// <inheritdoc/>
    public bool HasOtherFormat => depacketizer.HasOtherFormat || _strangePackets >= StrangePacketsUntilOtherFormat;

    /// <summary>Packets missing for good.</summary>
    public long Lost { get; private set; }

    /// <summary>Packets that were no RTP, of another payload type, twice or too late.</summary>
    public long Dropped { get; private set; }

    /// <inheritdoc/>
    public bool OnRtp(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (!RtpPacket.TryRead(packet, out var rtp) || !IsOurs(rtp.PayloadType))
        {
            Dropped++;
            return output.IsWanted;
        }

        Packets++;
        LastPacket = now;
        if (!_hasBegun) Begin(rtp);
        var ahead = (short)(rtp.Sequence - _next);
        var isFormer = rtp.Source == _formerSource && (short)(rtp.Sequence - _formerEnd) < 0;
        if ((rtp.Source != _source && !isFormer) || ahead is < -HeldPackets.Window or > LongestJump) return OnNewcomer(rtp, packet, now);
        if (!isFormer)
        {
            _statistics.Count(rtp.Sequence, rtp.Timestamp, now);
            _lastOfSource = now;
        }

        if (_newcomer.Count > 0 && ahead >= 0 && !NewcomerCountsOn()) ForgetNewcomer();
        return Accept(rtp, packet, now);
    }

    /// <inheritdoc/>
    public RtcpNews OnRtcp(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        var news = RtcpNews.None;
        var reader = new RtcpReader(packet);
        while (reader.MoveNext())
        {
            if (reader.IsSenderReport)
            {
                news |= RtcpNews.SenderReport;
                OnSenderReport(reader, now);
            }
            else if (reader.IsBye && (!_hasBegun || reader.Names(_source) || (_reportSource is { } source && source != _source && reader.Names(source))))
            {
                news |= RtcpNews.Bye;
            }
        }

        return news;
    }

    /// <inheritdoc/>
    public bool OnTick(TimeSpan now)
    {
        while (_held.Count > 0 && output.IsWanted && now - _held.First(_next).Arrival >= Patience) GiveUp(now);
        return output.IsWanted;
    }

    /// <inheritdoc/>
    public bool Flush()
    {
        while (_held.Count > 0 && output.IsWanted) GiveUp(LastPacket);
        return output.IsWanted && depacketizer.Flush();
    }

    /// <inheritdoc/>
    public int WriteReceiverReport(Span<byte> destination, TimeSpan now)
    {
        if (!_hasBegun) return 0;
        ReceiverReport.Write(destination, receiver, _source, _statistics, _lastReportFor == _source ? (uint)(_lastReport >> 16) : 0, now - _lastReportArrival);
        return ReceiverReport.Size;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held.Dispose();
        _newcomer.Dispose();
        depacketizer.Dispose();
    }

    // A camera that sends one format may give it a number that it did not announce. Comfort noise and what would be RTCP are nobody's pictures.
    private bool IsOurs(int type)
    {
        if (type == payloadType || (_payloadType is null && type is not (13 or 19 or (>= 64 and <= 95)))) _payloadType = type;
        var isOurs = type == _payloadType;
        _strangePackets = isOurs ? 0 : _strangePackets + 1;
        return isOurs;
    }

    private void Begin(in RtpPacket packet)
    {
        _hasBegun = true;
        _source = _deliveredSource = _lastReportFor = packet.Source;
        _next = packet.Sequence;
    }

    // The first packet waits for a neighbour, on either side since they may be reordered: strays of dead sessions come alone.
    private bool OnNewcomer(in RtpPacket packet, ReadOnlySpan<byte> data, TimeSpan now)
    {
        if (_rivals.Refuses(packet.Source, now - _lastOfSource))
        {
            Dropped++;
            return output.IsWanted;
        }

        if (_newcomer.Count > 0 && (_newcomerSource != packet.Source || Math.Abs((int)(short)(packet.Sequence - _newcomerSequence)) > NewcomerReach)) ForgetNewcomer();
        if (_newcomer.Count == 0) (_newcomerSource, _newcomerSequence) = (packet.Source, packet.Sequence);
        if (!_newcomer.Hold(packet.Sequence, data, now)) Dropped++;
        if (!_newcomer.Holds((ushort)(packet.Sequence - 1)) && !_newcomer.Holds((ushort)(packet.Sequence + 1))) return output.IsWanted;
        return BelieveNewcomer(now);
    }

    private bool BelieveNewcomer(TimeSpan now)
    {
        var first = FirstOfNewcomer();
        var countsOn = NewcomerCountsOn();
        if (_newcomerSource != _source && !_rivals.MayTakeOver(_source, countsOn ? first : _next, _newcomerSource, first, countsOn ? (ushort)(first - _next) : null, now))
        {
            _formerSource = null;
            ForgetNewcomer();
            return output.IsWanted;
        }

        if (countsOn && _rivals.Refused != _source)
        {
            (_formerSource, _formerEnd) = (_source, first);
        }
        else
        {
            while (_held.Count > 0 && output.IsWanted) GiveUp(now);
            if (!output.IsWanted || !depacketizer.OnLoss()) return false;
            _formerSource = null;
            _next = first;
            _timeline.Restart();
        }

        _source = _newcomerSource;
        _lastOfSource = now;
        _statistics.Restart();
        while (_newcomer.Count > 0 && output.IsWanted)
        {
            _newcomer.TryTake(FirstOfNewcomer(), out var held);
            RtpPacket.TryRead(held.Data, out var packet);
            _statistics.Count(packet.Sequence, packet.Timestamp, held.Arrival);
            Accept(packet, held.Data, held.Arrival);
            _newcomer.Release(held);
        }

        return output.IsWanted;
    }

    // Cameras that only change their SSRC count on. Packets of both then take turns where the network reorders them.
    private bool NewcomerCountsOn() => _newcomerSource != _source && (ushort)(FirstOfNewcomer() - _next) < HeldPackets.Window;

    private ushort FirstOfNewcomer() => _newcomer.First((ushort)(_newcomerSequence - NewcomerReach)).Sequence;

    private void ForgetNewcomer()
    {
        Dropped += _newcomer.Count;
        _newcomer.Dispose();
    }

    private bool Accept(in RtpPacket packet, ReadOnlySpan<byte> data, TimeSpan now)
    {
        var ahead = (short)(packet.Sequence - _next);
        if (ahead > 0) return Wait(packet.Sequence, data, now);
        if (ahead == 0) return Deliver(packet, now) && (_held.Count == 0 || DeliverHeld(now));
        Dropped++;
        return output.IsWanted;
    }

    private bool Wait(ushort sequence, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        while (output.IsWanted && (ushort)(sequence - _next) >= HeldPackets.Window && _held.Count > 0) GiveUp(now);
        if ((ushort)(sequence - _next) >= HeldPackets.Window) Skip(sequence);
        if (!output.IsWanted) return false;
        // Giving up may have brought us past it.
        if (sequence == _next)
        {
            RtpPacket.TryRead(packet, out var rtp);
            return Deliver(rtp, now) && DeliverHeld(now);
        }

        if (!_held.Hold(sequence, packet, now)) Dropped++;
        if (_held.IsFull) GiveUp(now);
        return OnTick(now);
    }

    private void GiveUp(TimeSpan now)
    {
        Skip(_held.First(_next).Sequence);
        DeliverHeld(now);
    }

    private void Skip(ushort to)
    {
        var missing = (ushort)(to - _next);
        _next = to;
        Lost += missing;
        output.Loss(missing);
        depacketizer.OnLoss();
    }

    private bool DeliverHeld(TimeSpan now)
    {
        while (output.IsWanted && _held.TryTake(_next, out var held))
        {
            RtpPacket.TryRead(held.Data, out var packet);
            Deliver(packet, now);
            _held.Release(held);
        }

        return output.IsWanted;
    }

    private bool Deliver(in RtpPacket packet, TimeSpan now)
    {
        output.Arrival = now;
        _next = (ushort)(packet.Sequence + 1);
        if (packet.Source != _deliveredSource) _timeline.Restart();
        _deliveredSource = packet.Source;
        var time = _timeline.Unwrap(packet.Timestamp, now);
        _lastDelivered = packet.Timestamp;
        if (_reportSource is not null && !_reportFits && Packets <= PacketsUntilReportFits) ObserveReport();
        if (_timeline.Generation != _timelineGeneration)
        {
            _timelineGeneration = _timeline.Generation;
            clock.Reset();
        }

        return depacketizer.Take(packet, time);
    }

    private void OnSenderReport(in RtcpReader report, TimeSpan now)
    {
        if (_rivals.Refuses(report.Source, now - _lastOfSource)) return;
        _lastReport = report.Ntp;
        _lastReportTimestamp = report.Timestamp;
        _lastReportArrival = now;
        _lastReportFor = _source;
        _reportSource = report.Source;
        ObserveReport();
    }

    // A report may come before the first packet, whose timestamp it needs.
    private void ObserveReport()
    {
        if (_timeline.Near(_lastReportTimestamp) is { } time && _lastDelivered is { } last && _timeline.Near(last) is { } latest)
        {
            _reportFits |= clock.Observe(_lastReport, time, latest, _lastReportArrival);
        }
    }
}
