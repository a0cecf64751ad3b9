using System.Buffers.Binary;

namespace OrleansRecorder.Cameras.Rtp;

/// <summary>Turns sound into RTP packets: RFC 3640 (AAC-hbr) for AAC, RFC 3551 for G.711 A-law.</summary>
internal static class AudioPacketizer
{
    /// <summary>Samples in an AAC frame.</summary>
    public const int AacFrame = 1024;

    // 40 ms a packet, as many cameras do.
    private const int G711Packet = 320;
    private const int AacPayloadType = 97;
    private const int G711PayloadType = 8;
    private const int G711Rate = 8000;

    /// <summary>Packetizes AAC with ADTS headers: as many frames as whole seconds hold, after skipping some. Throws <see cref="InvalidDataException"/> when there are too few.</summary>
    public static RtpTrack Aac(ReadOnlySpan<byte> adts, int sampleRate, int seconds, int skippedFrames)
    {
        var frames = seconds * sampleRate / AacFrame;
        var builder = new RtpTrackBuilder(AacPayloadType, sampleRate, adts.Length);
        Span<byte> header = stackalloc byte[4];
        byte[] config = [];
        for (var frame = -skippedFrames; frame < frames; frame++)
        {
            // ADTS (ISO 14496-3, 1.A.2.2): 12 bits sync, ..., 13 bits frame length; 7 bytes, or 9 with a checksum.
            if (adts.Length < 7 || adts[0] != 0xFF || (adts[1] & 0xF0) != 0xF0) throw new InvalidDataException($"the sound ends after {frame} of {frames} frames");
            var length = ((adts[3] & 3) << 11) | (adts[4] << 3) | (adts[5] >> 5);
            if (length > adts.Length) throw new InvalidDataException("the sound's last frame is cut off");
            var body = adts[((adts[1] & 1) == 1 ? 7 : 9)..length];
            if (frame >= 0)
            {
                config = Config(adts);
                builder.BeginUnit((long)frame * AacFrame, isKey: true);
                BinaryPrimitives.WriteUInt16BigEndian(header, 16);
                BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(body.Length << 3));
                builder.AddPacket(header, body, marker: true);
            }

            adts = adts[length..];
        }

        return new RtpTrack
        {
            Media = "audio",
            PayloadType = AacPayloadType,
            RtpMap = $"MPEG4-GENERIC/{sampleRate}/1",
            FormatParameters = $"streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config={Convert.ToHexString(config)}",
            ClockRate = sampleRate,
            Seconds = seconds,
            Data = builder.Data,
            Units = builder.Units
        };
    }

    /// <summary>Packetizes whole seconds of A-law at 8 kHz.</summary>
    public static RtpTrack G711(ReadOnlySpan<byte> samples)
    {
        if (samples.Length == 0 || samples.Length % G711Rate != 0) throw new InvalidDataException($"the sound has {samples.Length} samples: no whole seconds");
        var builder = new RtpTrackBuilder(G711PayloadType, G711Rate, samples.Length * 11 / 10);
        for (var at = 0; at < samples.Length; at += G711Packet)
        {
            builder.BeginUnit(at, isKey: true);
            builder.AddPacket([], samples.Slice(at, G711Packet), marker: false);
        }

        return new RtpTrack
        {
            Media = "audio",
            PayloadType = G711PayloadType,
            RtpMap = $"PCMA/{G711Rate}",
            FormatParameters = null,
            ClockRate = G711Rate,
            Seconds = samples.Length / G711Rate,
            Data = builder.Data,
            Units = builder.Units
        };
    }

    // AudioSpecificConfig (ISO 14496-3, 1.6.2.1): 5 bits object type, 4 bits rate index, 4 bits channels.
    private static byte[] Config(ReadOnlySpan<byte> adts)
    {
        var objectType = (adts[2] >> 6) + 1;
        var rate = (adts[2] >> 2) & 15;
        var channels = ((adts[2] & 1) << 2) | (adts[3] >> 6);
        return [(byte)((objectType << 3) | (rate >> 1)), (byte)((rate << 7) | (channels << 3))];
    }
}
