using OrleansRecorder.Media.Rtsp.Messages;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>Our requests that wait for replies, and which reply is whose: servers forget CSeq, count it wrongly, or say things twice.</summary>
internal sealed class RequestLedger
{
    private const int MaxOpen = 8;
    private readonly List<RtspRequest> _open = [];
    private int _last;
    private long _offset;
    private (long Number, int Status) _answered;

    /// <summary>Numbers a request and waits for its reply. The oldest is forgotten when many were never answered.</summary>
    public void Add(RtspRequest request)
    {
        request.SequenceNumber = ++_last;
        if (_open.Count == MaxOpen) _open.RemoveAt(0);
        _open.Add(request);
    }

    /// <summary>Whether its reply has not come.</summary>
    public bool IsOpen(RtspRequest request) => _open.Contains(request);

    /// <summary>The request that this is the reply to; null for a reply that nobody waits for.</summary>
    public RtspRequest? Match(RtspMessage reply)
    {
        if (_open.Count == 0 || reply.Status < 200) return null;
        var number = reply.SequenceNumber;
        var at = number is { } exact ? _open.FindIndex(request => request.SequenceNumber == exact - _offset) : 0;
        if (at < 0)
        {
            if (number == _answered.Number && reply.Status == _answered.Status && reply.Status >= 300) return null;
            at = 0;
            var offset = number!.Value - _open[0].SequenceNumber;
            if (offset is >= -2 and <= 2) _offset = offset;
        }

        var request = _open[at];
        _open.RemoveAt(at);
        _answered = (number ?? 0, reply.Status);
        return request;
    }
}
