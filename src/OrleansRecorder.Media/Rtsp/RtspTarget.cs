namespace OrleansRecorder.Media.Rtsp;

/// <summary>Where to connect to.</summary>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="IsTls">rtsps.</param>
internal readonly record struct RtspTarget(string Host, int Port, bool IsTls);
