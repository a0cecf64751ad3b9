using System.Buffers;
using System.Buffers.Binary;
using OrleansRecorder.Media.Buffers;

namespace OrleansRecorder.Media.Recordings;

/// <summary>Files and RTMP put a length before each NAL unit, and the parameter sets in a record of their own (ISO 14496-15, 5.3.3 and 8.3.3); sources deliver Annex B.</summary>
internal static class LengthPrefixed
{
    /// <summary>Reads avcC or hvcC. False when the bytes are neither, so that they are Annex B already.</summary>
    public static bool TryReadConfiguration(string codec, ReadOnlySpan<byte> configuration, out int lengthSize, out byte[] parameterSets)
    {
        lengthSize = 0;
        parameterSets = [];
        if (configuration.Length < 7 || configuration[0] != 1) return false;
        var sets = new ArrayBufferWriter<byte>();
        switch (codec)
        {
            case "h264":
                lengthSize = (configuration[4] & 3) + 1;
                var rest = ReadSets(configuration[6..], configuration[5] & 0x1f, sets);
                if (rest.Length > 0) ReadSets(rest[1..], rest[0], sets);
                break;
            case "hevc" when configuration.Length > 23:
                lengthSize = (configuration[21] & 3) + 1;
                var arrays = configuration[23..];
                for (var i = 0; i < configuration[22] && arrays.Length >= 3; i++)
                {
                    arrays = ReadSets(arrays[3..], BinaryPrimitives.ReadUInt16BigEndian(arrays[1..]), sets);
                }

                break;
            default:
                return false;
        }

        parameterSets = sets.WrittenSpan.ToArray();
        return true;
    }

    /// <summary>Appends an access unit of Annex B with 4-byte lengths. Parameter sets of H.265 are left out: in <c>hvc1</c> they are the header's (ISO 14496-15, 8.4.1).</summary>
    public static void Append(string codec, ReadOnlySpan<byte> annexB, MediaBuffer output)
    {
        foreach (var unit in new AnnexB(annexB))
        {
            if (codec == "hevc" && NalKinds.Of(codec, unit[0]) is NalKind.VideoParameters or NalKind.SequenceParameters or NalKind.PictureParameters) continue;
            AppendUnit(unit, output);
        }
    }

    /// <summary>
    /// Puts parameter sets, as Annex B, before the picture that lies at the end of a buffer, which is moved back by their length: for the few pictures that must
    /// bring what came without them.
    /// </summary>
    public static void Insert(ReadOnlySpan<byte> sets, MediaBuffer buffer, long picture)
    {
        var length = (int)(buffer.End - picture);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(picture, copy.AsSpan(0, length));
        buffer.Truncate(picture);
        foreach (var set in new AnnexB(sets)) AppendUnit(set, buffer);
        buffer.Append(copy.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(copy);
    }

    /// <summary>Rewrites an access unit; what is cut off in its middle is left out.</summary>
    public static void ToAnnexB(ReadOnlySpan<byte> data, int lengthSize, IBufferWriter<byte> output)
    {
        while (data.Length > lengthSize)
        {
            var length = 0u;
            foreach (var part in data[..lengthSize]) length = (length << 8) | part;
            data = data[lengthSize..];
            if (length > (uint)data.Length) return;
            if (length > 0) AnnexB.Append(output, data[..(int)length]);
            data = data[(int)length..];
        }
    }

    private static void AppendUnit(ReadOnlySpan<byte> unit, MediaBuffer output)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)unit.Length);
        output.Append(length);
        output.Append(unit);
    }

    private static ReadOnlySpan<byte> ReadSets(ReadOnlySpan<byte> data, int count, ArrayBufferWriter<byte> sets)
    {
        for (var i = 0; i < count && data.Length >= 2; i++)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(data);
            data = data[2..];
            if (length > data.Length) return [];
            AnnexB.Append(sets, data[..length]);
            data = data[length..];
        }

        return data;
    }
}
