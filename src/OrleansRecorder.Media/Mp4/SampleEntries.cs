using System.Buffers.Binary;
using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Mp4;

/// <summary>What a decoder must know of a track, as the body of an <c>stsd</c> with one entry (ISO 14496-12, 8.5.2 and 12.1.3, 12.2.3).</summary>
internal static class SampleEntries
{
    private const int Resolution = 0x00480000;

    /// <summary>Whether MP4 can hold this video, by FFmpeg's short name.</summary>
    public static bool IsKnown(string codec) => codec is "h264" or "hevc" || ElementaryStream.VideoType(codec) is not null;

    /// <summary>Describes pictures.</summary>
    /// <exception cref="NotSupportedException">MP4 cannot hold this codec.</exception>
    public static byte[] Describe(VideoFormat format)
    {
        var boxes = new BoxWriter();
        boxes.UInt32(0);
        boxes.UInt32(1);
        // Apple's players take hvc1 only, not hev1; the others decode by sets in the samples under either name.
        var entry = boxes.Begin(format.Codec switch { "h264" => "avc1"u8, "hevc" => "hvc1"u8, _ => "mp4v"u8 });
        WriteCommon(boxes);
        boxes.Zeros(16);
        boxes.UInt16(format.Width);
        boxes.UInt16(format.Height);
        boxes.UInt32(Resolution);
        boxes.UInt32(Resolution);
        boxes.UInt32(0);
        boxes.UInt16(1);
        boxes.Zeros(32);
        boxes.UInt16(24);
        boxes.UInt16(-1);
        switch (format.Codec)
        {
            case "h264":
                DecoderConfiguration.WriteAvc(boxes, format.Extradata);
                break;
            case "hevc":
                DecoderConfiguration.WriteHevc(boxes, format.Extradata, isComplete: !format.HasSetsInBand);
                break;
            default:
                var type = ElementaryStream.VideoType(format.Codec) ?? throw new NotSupportedException($"MP4 does not hold {format.Codec}.");
                ElementaryStream.Write(boxes, type, isVideo: true, format.Extradata);
                break;
        }

        boxes.End(entry);
        return boxes.Written.ToArray();
    }

    /// <summary>Describes sound.</summary>
    /// <exception cref="NotSupportedException">MP4 cannot hold this codec.</exception>
    public static byte[] Describe(AudioFormat format)
    {
        if (format.Codec is not ("aac" or "opus")) throw new NotSupportedException($"MP4 does not hold {format.Codec}.");
        var boxes = new BoxWriter();
        boxes.UInt32(0);
        boxes.UInt32(1);
        var entry = boxes.Begin(format.Codec == "opus" ? "Opus"u8 : "mp4a"u8);
        WriteCommon(boxes);
        boxes.Zeros(8);
        boxes.UInt16(format.Channels);
        boxes.UInt16(16);
        boxes.UInt32(0);
        // 16.16; rates that do not fit are told by the decoder's own configuration.
        boxes.UInt32(format.SampleRate <= ushort.MaxValue ? (uint)format.SampleRate << 16 : 0);
        if (format.Codec == "opus") WriteOpus(boxes, format);
        else ElementaryStream.Write(boxes, ElementaryStream.Aac, isVideo: false, format.Extradata);
        boxes.End(entry);
        return boxes.Written.ToArray();
    }

    private static void WriteCommon(BoxWriter boxes)
    {
        boxes.Zeros(6);
        boxes.UInt16(1);
    }

    // "Encapsulation of Opus in ISO Base Media File Format", 4.3.2: OpusHead (RFC 7845, 5.1) without its name, big endian.
    private static void WriteOpus(BoxWriter boxes, AudioFormat format)
    {
        const int headSize = 19;
        var head = format.Extradata.AsSpan();
        var isHead = head.Length >= headSize && head.StartsWith("OpusHead"u8);
        var configuration = boxes.Begin("dOps"u8);
        boxes.UInt8(0);
        boxes.UInt8(isHead ? head[9] : format.Channels);
        boxes.UInt16(isHead ? BinaryPrimitives.ReadUInt16LittleEndian(head[10..]) : 0);
        boxes.UInt32(isHead ? BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) : 48000);
        boxes.UInt16(isHead ? BinaryPrimitives.ReadInt16LittleEndian(head[16..]) : 0);
        boxes.UInt8(isHead ? head[18] : 0);
        if (isHead && head[18] != 0) boxes.Bytes(head[headSize..]);
        boxes.End(configuration);
    }
}
