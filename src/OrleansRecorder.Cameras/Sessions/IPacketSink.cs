namespace OrleansRecorder.Cameras.Sessions;

/// <summary>Where a session's packets go: its RTSP connection, or UDP ports.</summary>
internal interface IPacketSink
{
    /// <summary>Whether nothing can be taken now, because the client reads too slowly.</summary>
    bool IsBlocked { get; }

    /// <summary>Takes packets, each framed as for TCP. Never waits.</summary>
    void Send(ReadOnlySpan<byte> packets);
}
