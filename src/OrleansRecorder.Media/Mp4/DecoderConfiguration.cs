using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Mp4;

/// <summary>The parameter sets of a track as its header carries them (ISO 14496-15); its samples have 4-byte lengths before their NAL units.</summary>
internal static class DecoderConfiguration
{
    private const int LengthSize = 4;
    private const int MaxAvcSequenceSets = 31;

    /// <summary>Writes <c>avcC</c> (ISO 14496-15, 5.3.3.1).</summary>
    /// <param name="boxes">Where to.</param>
    /// <param name="annexB">SPS and PPS behind start codes.</param>
    /// <exception cref="NotSupportedException">There is no SPS.</exception>
    public static void WriteAvc(BoxWriter boxes, ReadOnlySpan<byte> annexB)
    {
        var sequence = Collect("h264", annexB, NalKind.SequenceParameters);
        var picture = Collect("h264", annexB, NalKind.PictureParameters);
        if (sequence.Count == 0 || sequence[0].Length < 4) throw new NotSupportedException("H.264 without a sequence parameter set.");
        var first = sequence[0];
        var box = boxes.Begin("avcC"u8);
        boxes.UInt8(1);
        boxes.Bytes(first.AsSpan(1, 3));
        boxes.UInt8(0xfc | (LengthSize - 1));
        boxes.UInt8(0xe0 | Math.Min(sequence.Count, MaxAvcSequenceSets));
        WriteSets(boxes, sequence, MaxAvcSequenceSets);
        boxes.UInt8(Math.Min(picture.Count, byte.MaxValue));
        WriteSets(boxes, picture, byte.MaxValue);
        if (first[1] is 100 or 110 or 122 or 144 or 244 && H264Sps.Read(first) is { } parameters)
        {
            boxes.UInt8(0xfc | (int)((parameters.Profile >> 8) & 3));
            boxes.UInt8(0xf8 | (int)((parameters.Profile >> 4) & 7));
            boxes.UInt8(0xf8 | (int)(parameters.Profile & 7));
            boxes.UInt8(0);
        }

        boxes.End(box);
    }

    /// <summary>Writes <c>hvcC</c> (ISO 14496-15, 8.3.3.1).</summary>
    /// <param name="boxes">Where to.</param>
    /// <param name="annexB">VPS, SPS and PPS behind start codes.</param>
    /// <param name="isComplete">These are all sets, as hvc1 wants it; else samples bring others.</param>
    /// <exception cref="NotSupportedException">There is no SPS.</exception>
    public static void WriteHevc(BoxWriter boxes, ReadOnlySpan<byte> annexB, bool isComplete = true)
    {
        // Of the set: 2 bytes of header, 1 of layers, 12 of profile, tier and level (ITU-T H.265, 7.3.2.2.1 and 7.3.3).
        const int header = 2;
        const int profile = 12;
        var sequence = Collect("hevc", annexB, NalKind.SequenceParameters);
        var set = sequence.Count > 0 ? WithoutEmulationPrevention(sequence[0]) : [];
        if (set.Length < header + 1 + profile || H265Sps.Read(sequence[0]) is not { } parameters) throw new NotSupportedException("H.265 without a sequence parameter set.");

        var layers = set[header];
        var box = boxes.Begin("hvcC"u8);
        boxes.UInt8(1);
        boxes.Bytes(set.AsSpan(header + 1, profile));
        boxes.UInt16(0xf000);
        boxes.UInt8(0xfc);
        boxes.UInt8(0xfc | (int)((parameters.Profile >> 8) & 3));
        boxes.UInt8(0xf8 | (int)((parameters.Profile >> 4) & 7));
        boxes.UInt8(0xf8 | (int)(parameters.Profile & 7));
        boxes.UInt16(0);
        boxes.UInt8(((((layers >> 1) & 7) + 1) << 3) | ((layers & 1) << 2) | (LengthSize - 1));
        WriteArrays(boxes, annexB, sequence, isComplete);
        boxes.End(box);
    }

    private static void WriteArrays(BoxWriter boxes, ReadOnlySpan<byte> annexB, List<byte[]> sequence, bool isComplete)
    {
        var complete = isComplete ? 0x80 : 0;
        (int Type, List<byte[]> Sets)[] arrays =
            [(32, Collect("hevc", annexB, NalKind.VideoParameters)), (33, sequence), (34, Collect("hevc", annexB, NalKind.PictureParameters))];
        boxes.UInt8(arrays.Count(array => array.Sets.Count > 0));
        foreach (var (type, sets) in arrays)
        {
            if (sets.Count == 0) continue;
            boxes.UInt8(complete | type);
            boxes.UInt16(sets.Count);
            WriteSets(boxes, sets, sets.Count);
        }
    }

    private static void WriteSets(BoxWriter boxes, List<byte[]> sets, int limit)
    {
        foreach (var set in sets.Take(limit))
        {
            boxes.UInt16(set.Length);
            boxes.Bytes(set);
        }
    }

    private static List<byte[]> Collect(string codec, ReadOnlySpan<byte> annexB, NalKind kind)
    {
        var sets = new List<byte[]>();
        foreach (var unit in new AnnexB(annexB))
        {
            if (NalKinds.Of(codec, unit[0]) == kind && unit.Length <= ParameterSets.LongestSet) sets.Add(unit.ToArray());
        }

        return sets;
    }

    // 00 00 03 stands for 00 00 (ITU-T H.265, 7.3.1.1); the general constraint flags are full of it.
    private static byte[] WithoutEmulationPrevention(ReadOnlySpan<byte> unit)
    {
        var plain = new List<byte>(unit.Length);
        var zeros = 0;
        foreach (var value in unit)
        {
            if (zeros >= 2 && value == 3)
            {
                zeros = 0;
                continue;
            }

            zeros = value == 0 ? zeros + 1 : 0;
            plain.Add(value);
        }

        return [.. plain];
    }
}
