using OrleansRecorder.Cameras.Clips;
using OrleansRecorder.Cameras.Rtp;
using OrleansRecorder.Cameras.Rtsp;
using OrleansRecorder.Cameras.Sessions;

namespace OrleansRecorder.Cameras;

/// <summary>One camera of a <see cref="CameraServer"/>. Safe to use from any thread.</summary>
public sealed class Camera
{
    // Neighbours are a golden section of a clip apart, so that key frames of many cameras do not all come at once.
    private const double Stagger = 0.6180339887;

    private readonly CameraServer _server;
    private readonly ClipFormat _format;
    private volatile FaultState _fault;

    internal Camera(CameraServer server, CameraOptions options, int port)
    {
        _server = server;
        _format = ClipFormat.Of(options);
        _fault = FaultState.Of(options.Fault, server.Now, server.Random);
        Options = options;
        Port = port;
        Address = $"rtsp://{server.Host}:{port}/cam/{options.Number}";
        Url = options.User is null ? Address : $"rtsp://{Uri.EscapeDataString(options.User)}:{Uri.EscapeDataString(options.Password)}@{server.Host}:{port}/cam/{options.Number}";
        ClockOffset = (long)(options.Number * Stagger % 1 * _format.Seconds * TimeSpan.TicksPerSecond);
    }

    /// <summary>As it was added.</summary>
    public CameraOptions Options { get; }

    /// <summary>Its address with user and password, for a client.</summary>
    public string Url { get; }

    /// <summary>Its address without user and password, for logs.</summary>
    public string Address { get; }

    /// <summary>Its number.</summary>
    public int Number => Options.Number;

    /// <summary>The frame counter runs from 0 to one less and begins again.</summary>
    public int FramesPerLoop => _format.FrameCount;

    /// <summary>What is wrong with it; may be set at any time, takes effect within 50 ms, and for sessions that play already too.</summary>
    public CameraFault Fault
    {
        get => _fault.Fault;
        set => _fault = FaultState.Of(value, _server.Now, _server.Random);
    }

    /// <summary>Its sessions.</summary>
    public SessionCounts Sessions => _server.Ledger.Of(Number);

    /// <summary>The pictures that it sends, as one file of their codec; made by <see cref="PrepareAsync"/>.</summary>
    public string VideoFile => _server.Clips.PathOf(_format);

    /// <summary>The same after <see cref="PacketQuirks.Resize"/>, or null.</summary>
    public string? ResizedVideoFile => Resized is { } format ? _server.Clips.PathOf(format) : null;

    internal int Port { get; }

    /// <summary>A nonce of those cameras whose nonces outlive a connection.</summary>
    internal string Nonce { get; } = Authentication.NewNonce();

    internal FaultState CurrentFault => _fault;

    /// <summary>Added to the server's clock gives the camera's, in <see cref="TimeSpan"/> ticks.</summary>
    internal long ClockOffset { get; }

    /// <summary>Makes the camera's clip, or finds it made, ahead of the first client.</summary>
    public Task PrepareAsync() => Clip();

    internal async Task<CameraClip> Clip()
    {
        var how = Packetization.Of(Options);
        List<RtpTrack> tracks = [await _server.Clips.Video(_format, how)];
        if (Options.Audio != AudioCodec.None) tracks.Add(await _server.Clips.Sound(Options.Audio, Options.Quirks.Description.AudioPayloadType));
        return new CameraClip(tracks) { Resized = Resized is { } format ? await _server.Clips.Video(format, how) : null };
    }

    private ClipFormat? Resized => Options.Quirks.Packets.Resize is { } size ? _format with { Width = size.Width, Height = size.Height } : null;
}
