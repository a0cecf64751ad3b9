using System.Buffers;
using System.Collections.Concurrent;
using OrleansRecorder.Cameras.Rtp;

namespace OrleansRecorder.Cameras.Clips;

/// <summary>
/// The clips, made on first use and kept in a folder for the next time. Several processes may share the folder: a clip is written
/// aside and renamed, so whoever finds one finds all of it, and two that make the same one make it twice.
/// </summary>
internal sealed class ClipStore
{
    private const int AacRate = 16_000;
    private const int TelephoneRate = 8_000;
    private const int OpusRate = 48_000;

    // The shortest time that is whole seconds and whole AAC frames at 16 kHz.
    private const int SoundSeconds = 8;
    private const int AacFrames = SoundSeconds * AacRate / AudioPacketizer.AacFrame;
    private const int OpusPackets = SoundSeconds * 50;

    private delegate RtpTrack Packetizer(ReadOnlySpan<byte> stream);

    private readonly string _folder;
    private readonly ConcurrentDictionary<(ClipFormat, Packetization), Lazy<Task<RtpTrack>>> _videos = new();
    private readonly ConcurrentDictionary<(AudioCodec, int), Lazy<Task<RtpTrack>>> _sounds = new();
    private readonly SemaphoreSlim _workers = new(Environment.ProcessorCount);
    private readonly CancellationToken _stopping;

    public ClipStore(string? folder, CancellationToken stopping)
    {
        _folder = Path.Combine(folder ?? DefaultFolder(), $"clips-v{ClipFormat.Version}");
        _stopping = stopping;
    }

    /// <summary>A camera's pictures; made at the first call, tried again after a failure.</summary>
    public Task<RtpTrack> Video(ClipFormat format, Packetization? how = null)
    {
        var packets = how ?? new Packetization();
        return Remember(_videos, (format, packets), () => Load(format.FileName, path => Encoder.Video(format, path, _stopping), bytes => VideoPacketizer.Packetize(bytes, format, packets)));
    }

    /// <summary>The file that <see cref="Video"/> packetizes.</summary>
    public string PathOf(ClipFormat format) => Path.Combine(_folder, format.FileName);

    /// <summary>The sound that all cameras of one codec share.</summary>
    /// <param name="codec">Any but <see cref="AudioCodec.None"/>.</param>
    /// <param name="payloadType">The RTP payload type, unless the codec has one of its own.</param>
    public Task<RtpTrack> Sound(AudioCodec codec, int payloadType = 97) => Remember(_sounds, (codec, payloadType), () => codec switch
    {
        // The middle one of three rounds: its first frame follows on its last as if they had been encoded so.
        // The encoder's first frame holds no sound yet, hence one more.
        AudioCodec.Aac or AudioCodec.Latm => Load("sound.aac", path => Encode(AudioCodec.Aac, AacRate, 3, path),
            bytes => AudioPacketizer.Aac(bytes, AacRate, SoundSeconds, AacFrames + 1, payloadType, codec == AudioCodec.Latm)),
        AudioCodec.G711 => Load("sound.alaw", path => Encode(codec, TelephoneRate, 1, path), bytes => AudioPacketizer.Telephone(bytes, "PCMA", 8, 8)),
        AudioCodec.G711Mu => Load("sound.mulaw", path => Encode(codec, TelephoneRate, 1, path), bytes => AudioPacketizer.Telephone(bytes, "PCMU", 0, 8)),
        AudioCodec.G726 => Load("sound.g726le", path => Encode(codec, TelephoneRate, 1, path), bytes => AudioPacketizer.Telephone(bytes, "G726-32", payloadType, 4)),
        AudioCodec.G726Aal2 => Load("sound.g726", path => Encode(codec, TelephoneRate, 1, path), bytes => AudioPacketizer.Telephone(bytes, "AAL2-G726-32", payloadType, 4)),
        AudioCodec.Opus => Load("sound.opus", path => Encode(codec, OpusRate, 3, path), bytes => AudioPacketizer.Opus(OggPackets.Of(bytes), SoundSeconds, OpusPackets, payloadType)),
        _ => throw new ArgumentOutOfRangeException(nameof(codec)),
    });

    private Task Encode(AudioCodec codec, int rate, int rounds, string path) => Encoder.Audio(codec, Clips.Sound.Samples(rate, rounds * SoundSeconds), rate, path, _stopping);

    private static Task<RtpTrack> Remember<TKey>(ConcurrentDictionary<TKey, Lazy<Task<RtpTrack>>> known, TKey key, Func<Task<RtpTrack>> load) where TKey : notnull
    {
        if (known.TryGetValue(key, out var last) && last.Value is { IsCompleted: true, IsCompletedSuccessfully: false }) known.TryRemove(KeyValuePair.Create(key, last));
        return known.GetOrAdd(key, _ => new Lazy<Task<RtpTrack>>(() => Task.Run(load))).Value;
    }

    private async Task<RtpTrack> Load(string name, Func<string, Task> make, Packetizer packetize)
    {
        await _workers.WaitAsync(_stopping);
        try
        {
            var path = Path.Combine(_folder, name);
            if (File.Exists(path))
            {
                try
                {
                    return Read(path, packetize);
                }
                catch (Exception e) when (e is InvalidDataException or IOException)
                {
                    // A clip that is damaged, or was removed just now, is made anew.
                }
            }

            await Make(path, make);
            return Read(path, packetize);
        }
        finally
        {
            _workers.Release();
        }
    }

    // Hundreds of clips pass through the same few buffers.
    private static RtpTrack Read(string path, Packetizer packetize)
    {
        using var file = File.OpenHandle(path);
        var length = checked((int)RandomAccess.GetLength(file));
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, length), 0);
            return packetize(buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task Make(string path, Func<string, Task> make)
    {
        Directory.CreateDirectory(_folder);
        var aside = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.part";
        try
        {
            await make(aside);
            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static string DefaultFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathRooted(cache)) cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "orleans-recorder");
    }
}
