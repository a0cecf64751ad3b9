using System.Buffers;
using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>The parameter sets of a description (RFC 6184, 8.1; RFC 7798, 7.1), as far as they make sense: in base64, with commas between them.</summary>
internal static class SpropParameterSets
{
    private const int LongestSet = 64 << 10;
    private static readonly string[] H264Names = ["sprop-parameter-sets", "config"];
    private static readonly string[] H265Names = ["sprop-vps", "sprop-sps", "sprop-pps"];

    /// <summary>The sets as Annex B; empty when there are none.</summary>
    public static byte[] Read(string codec, IReadOnlyDictionary<string, string> parameters)
    {
        var sets = new ArrayBufferWriter<byte>();
        foreach (var name in codec == "hevc" ? H265Names : H264Names)
        {
            if (!parameters.TryGetValue(name, out var value)) continue;
            foreach (var text in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) Add(codec, text, sets);
        }

        return sets.WrittenSpan.ToArray();
    }

    private static void Add(string codec, string text, ArrayBufferWriter<byte> sets)
    {
        text = text.Trim('"').TrimEnd('=');
        if (text.Length is 0 or > LongestSet) return;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)) return;
        var data = bytes.AsSpan(0, length);
        // Some put start codes in, or several sets behind each other.
        if (!data.StartsWith((ReadOnlySpan<byte>)[0, 0, 1]) && !data.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1])) data = (byte[])[0, 0, 1, .. data];
        foreach (var unit in new AnnexB(data))
        {
            var kind = NalKinds.Of(codec, unit[0]);
            if (kind is NalKind.VideoParameters or NalKind.SequenceParameters or NalKind.PictureParameters && unit.Length > 2) AnnexB.Append(sets, unit);
        }
    }
}
