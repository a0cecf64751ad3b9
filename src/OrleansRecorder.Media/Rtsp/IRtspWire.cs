namespace OrleansRecorder.Media.Rtsp;

/// <summary>What a dialogue needs of the network. Called on the dialogue's thread, from inside its methods.</summary>
internal interface IRtspWire
{
    /// <summary>Sends bytes on the RTSP connection, in order; what the socket does not take at once is kept by the wire. Valid only during the call.</summary>
    void Send(ReadOnlySpan<byte> data);

    /// <summary>Opens the ports for a track's RTP and RTCP, neighbours if possible, which stay open as long as the connection; null when there are none.</summary>
    (int Rtp, int Rtcp)? OpenUdp(int track);
}
