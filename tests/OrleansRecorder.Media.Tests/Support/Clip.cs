using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>A few seconds of a test picture, encoded by FFmpeg and cut into pictures.</summary>
internal sealed class Clip
{
    private readonly List<(byte[] Data, bool IsKey)> _pictures = [];

    public string Codec { get; private init; } = "h264";

    public int Count => _pictures.Count;

    public static async Task<Clip> Encode(string size, double seconds, string codec = "h264", string options = "-bf 0")
    {
        using var folder = new TemporaryFolder();
        var path = folder["clip.bin"];
        string[] arguments = ["-v", "error", "-f", "lavfi", "-i", $"testsrc2=size={size}:rate=25:duration={seconds}", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-g", "25",
            "-c:v", codec == "hevc" ? "libx265" : "libx264", .. options.Split(' '), "-f", codec, path];
        var output = await Shell.Run("ffmpeg", arguments);
        if (output.ExitCode != 0) throw new InvalidOperationException(output.Errors);
        var clip = new Clip { Codec = codec };
        var assembler = new PictureAssembler(codec);
        // A last slice that never ends completes the one before it.
        byte[] bytes = [.. await File.ReadAllBytesAsync(path), 0, 0, 1, .. codec == "hevc" ? (byte[])[0x02, 0x01, 0x80, 0] : [0x01, 0x80, 0]];
        foreach (var piece in Units(bytes))
        {
            if (assembler.Add(piece, null)) clip._pictures.Add((assembler.Data.ToArray(), assembler.IsKey));
        }

        return clip;
    }

    /// <summary>All of it, as a source delivers it.</summary>
    public byte[] AnnexB => [.. _pictures.SelectMany(picture => picture.Data)];

    /// <summary>What a description without parameter sets says.</summary>
    public MediaTrack Track => new() { Index = 0, Kind = MediaKind.Video, Codec = Codec, ClockRate = 90000 };

    public MediaPacket Packet(int number, long? pts) =>
        new() { Track = 0, Pts = pts, IsKey = _pictures[number].IsKey, Data = _pictures[number].Data };

    private static IEnumerable<byte[]> Units(byte[] bytes)
    {
        var starts = new List<int>();
        for (var i = 0; i + 3 <= bytes.Length; i++)
        {
            if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1) starts.Add(i);
        }

        for (var i = 0; i < starts.Count; i++) yield return bytes[starts[i]..(i + 1 < starts.Count ? starts[i + 1] : bytes.Length)];
    }
}
