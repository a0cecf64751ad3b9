namespace OrleansRecorder.Cameras;

/// <summary>A session that has started or ended.</summary>
/// <param name="Camera">The camera's number.</param>
/// <param name="Client">The client's address and port.</param>
/// <param name="Ended">Why it has ended, or null: it has started.</param>
public sealed record CameraSessionEvent(int Camera, string Client, string? Ended);
