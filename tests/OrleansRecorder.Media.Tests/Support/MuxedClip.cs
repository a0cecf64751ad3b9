using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>A few seconds of test picture and tone that FFmpeg encoded, sample by sample with the times that its own muxer gave them.</summary>
internal sealed class MuxedClip
{
    private static readonly ConcurrentDictionary<(double Seconds, string Video, string? Sound, string Size), Lazy<Task<MuxedClip>>> Encoded = new();

    /// <summary>One sample: times in the track's clock.</summary>
    public sealed record Packet(byte[] Data, long Decode, long Presentation, bool IsSync);

    public required VideoFormat Video { get; init; }

    public required AudioFormat? Sound { get; init; }

    public required IReadOnlyList<Packet> Pictures { get; init; }

    public required IReadOnlyList<Packet> Frames { get; init; }

    /// <summary>The decoder's configuration that FFmpeg wrote: the body of avcC or hvcC; empty for other codecs.</summary>
    public required byte[] Configuration { get; init; }

    /// <summary>Encodes a clip, or takes the one that was encoded so before.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="video">FFmpeg's options for the picture, such as <c>-c:v libx264 -bf 2</c>.</param>
    /// <param name="sound">FFmpeg's options for the sound; null for none.</param>
    /// <param name="size">Pixels.</param>
    public static Task<MuxedClip> Encode(double seconds, string video = "-c:v libx264 -preset ultrafast -bf 0", string? sound = "-c:a aac -ar 16000", string size = "320x180") =>
        Encoded.GetOrAdd((seconds, video, sound, size), key => new(() => EncodeNow(key.Seconds, key.Video, key.Sound, key.Size))).Value;

    private static async Task<MuxedClip> EncodeNow(double seconds, string video, string? sound, string size)
    {
        using var folder = new TemporaryFolder();
        var path = folder["clip.mp4"];
        List<string> arguments = ["-v", "error", "-f", "lavfi", "-i", $"testsrc2=size={size}:rate=25:duration={Text(seconds)}"];
        if (sound is not null) arguments.AddRange(["-f", "lavfi", "-i", $"sine=frequency=1000:duration={Text(seconds)}"]);
        arguments.AddRange(["-pix_fmt", video.Contains("mjpeg") ? "yuvj420p" : "yuv420p", "-g", "25", "-video_track_timescale", "90000", .. video.Split(' '), .. sound?.Split(' ') ?? [], path]);
        var output = await Shell.Run("ffmpeg", [.. arguments]);
        if (output.ExitCode != 0) throw new InvalidOperationException(output.Errors);

        var file = await File.ReadAllBytesAsync(path);
        var codec = await Mp4File.Entry(path, "v", "stream=codec_name");
        return new MuxedClip
        {
            Video = DescribeVideo(codec, file, (await Mp4File.Entry(path, "v", "stream=width,height")).Split(',')),
            Sound = sound is null ? null : await DescribeSound(path, file),
            Pictures = await Packets(path, "v", file),
            Configuration = codec switch { "h264" => Box(file, "avcC"u8), "hevc" => Box(file, "hvcC"u8), _ => [] },
            Frames = sound is null ? [] : await Packets(path, "a", file),
        };
    }

    /// <summary>Writes it as the recorder does.</summary>
    /// <param name="picturesPerFragment">Where it is cut.</param>
    /// <param name="repeat">How often the clip comes.</param>
    public WrittenFile Write(int picturesPerFragment = 25, int repeat = 1, Mp4Writer? writer = null)
    {
        var pool = new ChunkPool(64 << 20);
        var (video, sound) = (new MediaBuffer(pool), new MediaBuffer(pool));
        writer ??= new Mp4Writer(Video, Sound, new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var file = new WrittenFile(writer);
        var length = Pictures[^1].Decode - Pictures[0].Decode + 3600;
        var frame = 0;
        for (var i = 0; i < Pictures.Count * repeat; i++)
        {
            var picture = Pictures[i % Pictures.Count];
            var shift = length * (i / Pictures.Count);
            if (i > 0 && i % picturesPerFragment == 0) file.Add(writer.Cut(video, sound, picture.Decode + shift));
            video.Append(picture.Data);
            writer.AddPicture(picture.Data.Length, picture.Decode + shift, picture.Presentation + shift, picture.IsSync);
            var isLast = i == (Pictures.Count * repeat) - 1;
            for (; Sound is not null && frame < Frames.Count * repeat && (isLast || SoundTime(frame) <= (picture.Decode + shift) / 90000.0); frame++)
            {
                var data = Frames[frame % Frames.Count].Data;
                sound.Append(data);
                writer.AddSound(data.Length, (long)frame * Sound.FrameSize);
            }
        }

        file.Add(writer.CutLast(video, sound, Pictures.Max(picture => picture.Presentation) + 3600 + (length * (repeat - 1))));
        if (pool.InUse != 0) throw new InvalidOperationException("chunks were not given back");
        return file;
    }

    private double SoundTime(int frame) => (double)frame * Sound!.FrameSize / Sound.SampleRate;

    private static VideoFormat DescribeVideo(string codec, byte[] file, string[] size)
    {
        var extradata = codec switch
        {
            "h264" => Sets("h264", Box(file, "avcC"u8)),
            "hevc" => Sets("hevc", Box(file, "hvcC"u8)),
            "mpeg4" => Specific(Box(file, "esds"u8)),
            _ => [],
        };
        return new VideoFormat { Codec = codec, Width = int.Parse(size[0]), Height = int.Parse(size[1]), Extradata = extradata };
    }

    private static async Task<AudioFormat> DescribeSound(string path, byte[] file)
    {
        var (rate, channels) = (int.Parse(await Mp4File.Entry(path, "a", "stream=sample_rate")), int.Parse(await Mp4File.Entry(path, "a", "stream=channels")));
        if (await Mp4File.Entry(path, "a", "stream=codec_name") == "opus") return new AudioFormat(48000, channels, 960, []) { Codec = "opus" };
        return new AudioFormat(rate, channels, 1024, Specific(Box(file, "esds"u8, last: true)));
    }

    private static byte[] Sets(string codec, byte[] configuration) =>
        LengthPrefixed.TryReadConfiguration(codec, configuration, out _, out var sets) ? sets : throw new InvalidDataException(codec);

    // The decoder's part of an elementary stream descriptor.
    private static byte[] Specific(byte[] descriptor)
    {
        var at = descriptor.AsSpan().IndexOf((ReadOnlySpan<byte>)[5, 0x80, 0x80, 0x80]);
        return descriptor[(at + 5)..(at + 5 + descriptor[at + 4])];
    }

    /// <summary>The body of the first box of a name in a file, or of the last one.</summary>
    public static byte[] Box(byte[] file, ReadOnlySpan<byte> kind, bool last = false)
    {
        var at = last ? file.AsSpan().LastIndexOf(kind) : file.AsSpan().IndexOf(kind);
        return file[(at + 4)..(at - 4 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at - 4)))];
    }

    private static async Task<IReadOnlyList<Packet>> Packets(string path, string kind, byte[] file)
    {
        var output = await Shell.Run("ffprobe", "-v", "error", "-select_streams", kind, "-show_entries", "packet=pts,dts,size,pos,flags", "-of", "csv=p=0", path);
        return [.. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd(',').Split(',')).Select(f =>
            new Packet(file.AsSpan(int.Parse(f[3]), int.Parse(f[2])).ToArray(), long.Parse(f[1]), long.Parse(f[0]), f[4].StartsWith('K')))];
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
