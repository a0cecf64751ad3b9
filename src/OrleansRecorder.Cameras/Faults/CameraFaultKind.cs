namespace OrleansRecorder.Cameras;

/// <summary>What can be wrong with a camera.</summary>
public enum CameraFaultKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// Nobody listens: connections are refused and open ones are reset. Where the camera shares the server's port, which cannot be closed
    /// for one camera, its connections are reset at the first request that names it.
    /// </summary>
    Refuse,

    /// <summary>Accepts connections and answers nothing; sessions that play go silent and stay open.</summary>
    Silent,

    /// <summary>Every request is answered 401 with a challenge, whatever password comes.</summary>
    Unauthorized,

    /// <summary>DESCRIBE, SETUP and PLAY are answered 404.</summary>
    NotFound,

    /// <summary>DESCRIBE, SETUP and PLAY are answered 503.</summary>
    Unavailable,

    /// <summary>Media stops after some seconds; the connection stays open and requests are answered.</summary>
    Stall,

    /// <summary>The connection is reset (RST) after some seconds of media.</summary>
    Reset,

    /// <summary>Never a key frame.</summary>
    NoKeyFrame,

    /// <summary>No key frame for the first seconds.</summary>
    LateKeyFrame,

    /// <summary>Some percent of the RTP packets are lost, over TCP too, as cameras under load do.</summary>
    Loss,

    /// <summary>Audio is announced and never sent.</summary>
    SilentAudio
}
