using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Zoo.Tests.Checks;

/// <summary>All that independent programs (ffprobe, ffmpeg) and a walk over its boxes say of one file, found out once.</summary>
internal sealed class Recording
{
    /// <summary>Hertz of <see cref="Samples"/>.</summary>
    public const int SampleRate = 8000;

    private Recording(string path) => Path = path;

    /// <summary>A sample, times in seconds.</summary>
    public sealed record Packet(double Pts, double Dts, bool IsKey);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What ffprobe says of each stream.</summary>
    public IReadOnlyList<JsonNode> Streams { get; private set; } = [];

    /// <summary>What ffprobe and ffmpeg complained of.</summary>
    public string Complaints { get; private set; } = "";

    /// <summary>The video's samples in the order of the file.</summary>
    public IReadOnlyList<Packet> Video { get; private set; } = [];

    /// <summary>The sound's samples in the order of the file.</summary>
    public IReadOnlyList<Packet> Sound { get; private set; } = [];

    /// <summary>The hash of each decoded picture, in the order in which they are seen.</summary>
    public IReadOnlyList<string> Hashes { get; private set; } = [];

    /// <summary>The decoded sound, mono, from the start of the file, holes filled with silence.</summary>
    public short[] Samples { get; private set; } = [];

    /// <summary>The boxes at the top of the file, in their order.</summary>
    public IReadOnlyList<string> Boxes { get; private set; } = [];

    /// <summary>Seconds of the video, its last picture included.</summary>
    public double Duration => Number(Stream("video")?["duration"]);

    /// <summary>Seconds of the sound.</summary>
    public double SoundDuration => Number(Stream("audio")?["duration"]);

    /// <summary>The first stream of a kind, or null.</summary>
    public JsonNode? Stream(string kind) => Streams.FirstOrDefault(s => (string?)s["codec_type"] == kind);

    /// <summary>Probes and decodes a file, in its turn. Throws <see cref="CheckFailed"/> when it does not even open.</summary>
    public static async Task<Recording> Read(string path)
    {
        var recording = new Recording(path) { Boxes = ReadBoxes(path) };
        using var turn = await Turn.Take();
        await recording.Probe();
        await recording.Decode();
        return recording;
    }

    private async Task Probe()
    {
        var output = await Shell.Run("ffprobe", "-v", "error", "-show_streams", "-show_entries", "packet=stream_index,pts_time,dts_time,flags", "-of", "json", Path);
        if (output.ExitCode != 0) throw new CheckFailed("O1", $"{Path} does not open: {output.Errors}");
        Complaints += output.Errors;
        var json = JsonNode.Parse(output.Text)!;
        Streams = [.. json["streams"]!.AsArray().Select(s => s!)];
        (Video, Sound) = (Packets("video"), Packets("audio"));

        IReadOnlyList<Packet> Packets(string kind) => Stream(kind) is not { } stream ? [] :
        [
            .. json["packets"]!.AsArray().Where(p => (int)p!["stream_index"]! == (int)stream["index"]!)
                .Select(p => new Packet(Number(p!["pts_time"]), Number(p["dts_time"]), ((string)p["flags"]!).StartsWith('K')))
        ];
    }

    private async Task Decode()
    {
        using var folder = new TemporaryFolder();
        string[] sound = Stream("audio") is null ? [] : ["-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", $"{SampleRate}", "-f", "s16le", folder["sound"]];
        var output = await Shell.Run("ffmpeg",
            ["-nostdin", "-v", "error", "-xerror", "-threads", "1", "-i", Path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", folder["pictures"], .. sound]);
        Complaints += output.Errors;
        if (output.ExitCode != 0) Complaints += $"ffmpeg ended with {output.ExitCode}";
        if (File.Exists(folder["pictures"])) Hashes = SourcePictures.Hashes(await File.ReadAllTextAsync(folder["pictures"]));
        if (File.Exists(folder["sound"])) Samples = MemoryMarshal.Cast<byte, short>(await File.ReadAllBytesAsync(folder["sound"])).ToArray();
    }

    // ISO 14496-12, 4.2: 32 bits size, 32 bits type; size 1: 64 bits more with the size; size 0: to the end of the file.
    private static List<string> ReadBoxes(string path)
    {
        List<string> boxes = [];
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[16];
        for (long at = 0; at < file.Length;)
        {
            file.Position = at;
            var read = file.ReadAtLeast(header, 16, throwOnEndOfStream: false);
            long size = read < 8 ? -1 : BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 1 && read == 16) size = BinaryPrimitives.ReadInt64BigEndian(header[8..]);
            if (size == 0) size = file.Length - at;
            if (size < 8 || at + size > file.Length) throw new CheckFailed("O12", $"{path} has a box at {at} of {size} bytes, of {file.Length}");
            boxes.Add(Encoding.ASCII.GetString(header[4..8]));
            at += size;
        }

        return boxes;
    }

    private static double Number(JsonNode? node) => double.TryParse((string?)node, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
}
