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
    private const int G711Rate = 8_000;

    // The shortest time that is whole seconds and whole AAC frames at 16 kHz.
    private const int SoundSeconds = 8;
    private const int AacFrames = SoundSeconds * AacRate / AudioPacketizer.AacFrame;

    private delegate RtpTrack Packetizer(ReadOnlySpan<byte> stream);

    private readonly string _folder;
    private readonly ConcurrentDictionary<ClipFormat, Lazy<Task<RtpTrack>>> _videos = new();
    private readonly ConcurrentDictionary<AudioCodec, Lazy<Task<RtpTrack>>> _sounds = new();
    private readonly SemaphoreSlim _workers = new(Environment.ProcessorCount);
    private readonly CancellationToken _stopping;

    public ClipStore(string? folder, CancellationToken stopping)
    {
        _folder = Path.Combine(folder ?? DefaultFolder(), $"clips-v{ClipFormat.Version}");
        _stopping = stopping;
    }

    /// <summary>A camera's pictures; made at the first call, tried again after a failure.</summary>
    public Task<RtpTrack> Video(ClipFormat format) =>
        Remember(_videos, format, () => Load(format.FileName, path => Encoder.Video(format, path, _stopping),
            bytes => VideoPacketizer.Packetize(bytes, format.Codec, format.FrameRate, format.Seconds)));

    /// <summary>The sound that all cameras of one codec share.</summary>
    public Task<RtpTrack> Sound(AudioCodec codec) => Remember(_sounds, codec, () => codec == AudioCodec.Aac
        // The middle one of three rounds: its first frame follows on its last as if they had been encoded so.
        // The encoder's first frame holds no sound yet, hence one more.
        ? Load("sound.aac", path => Encoder.Audio(codec, Clips.Sound.Samples(AacRate, 3 * SoundSeconds), AacRate, path, _stopping),
            bytes => AudioPacketizer.Aac(bytes, AacRate, SoundSeconds, AacFrames + 1))
        : Load("sound.alaw", path => Encoder.Audio(codec, Clips.Sound.Samples(G711Rate, SoundSeconds), G711Rate, path, _stopping),
            bytes => AudioPacketizer.G711(bytes)));

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
