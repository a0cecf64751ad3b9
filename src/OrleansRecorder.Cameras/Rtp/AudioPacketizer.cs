using System.Buffers.Binary;

namespace OrleansRecorder.Cameras.Rtp;

/// <summary>Turns sound into RTP packets: RFC 3640 (AAC-hbr) for AAC, RFC 6416 (LATM), RFC 3551 for G.711 and G.726, RFC 7587 for Opus.</summary>
internal static class AudioPacketizer
{
    /// <summary>Samples in an AAC frame.</summary>
    public const int AacFrame = 1024;

    // 40 ms a packet, as many cameras do.
    private const int TelephonePacket = 320;
    private const int TelephoneRate = 8000;
    private const int OpusRate = 48_000;
    private const int OpusPacket = 960;

    /// <summary>Packetizes AAC with ADTS headers: as many frames as whole seconds hold, after skipping some. Throws <see cref="InvalidDataException"/> when there are too few.</summary>
    /// <param name="adts">The frames.</param>
    /// <param name="sampleRate">Hertz.</param>
    /// <param name="seconds">Whole seconds.</param>
    /// <param name="skippedFrames">Frames to leave out in front.</param>
    /// <param name="payloadType">The RTP payload type.</param>
    /// <param name="isLatm">As RFC 6416 says instead, with the configuration in the description (cpresent=0).</param>
    public static RtpTrack Aac(ReadOnlySpan<byte> adts, int sampleRate, int seconds, int skippedFrames, int payloadType, bool isLatm)
    {
        var frames = seconds * sampleRate / AacFrame;
        var builder = new RtpTrackBuilder(payloadType, sampleRate, adts.Length);
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
                builder.AddPacket(isLatm ? LatmLength(body.Length) : header, body, marker: true);
            }

            adts = adts[length..];
        }

        return isLatm
            ? Sound(builder, payloadType, $"MP4A-LATM/{sampleRate}/1", $"profile-level-id=1;cpresent=0;object=2;config={Convert.ToHexString(LatmConfig(config))}", sampleRate, seconds)
            : Sound(builder, payloadType, $"MPEG4-GENERIC/{sampleRate}/1",
                $"streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config={Convert.ToHexString(config)}", sampleRate, seconds);
    }

    /// <summary>Packetizes whole seconds of sound at 8 kHz whose every sample is as long as every other: G.711 and G.726.</summary>
    public static RtpTrack Telephone(ReadOnlySpan<byte> stream, string encoding, int payloadType, int bitsPerSample)
    {
        var samples = stream.Length * 8 / bitsPerSample;
        var seconds = samples / TelephoneRate;
        if (seconds == 0) throw new InvalidDataException($"the sound has {samples} samples: not a second");
        var builder = new RtpTrackBuilder(payloadType, TelephoneRate, stream.Length * 11 / 10);
        var length = TelephonePacket * bitsPerSample / 8;
        for (var at = 0; at < seconds * TelephoneRate; at += TelephonePacket)
        {
            builder.BeginUnit(at, isKey: true);
            builder.AddPacket([], stream.Slice(at * bitsPerSample / 8, length), marker: false);
        }

        return Sound(builder, payloadType, $"{encoding}/{TelephoneRate}", null, TelephoneRate, seconds);
    }

    /// <summary>Packetizes Opus, 20 ms a packet (RFC 7587 section 4.2): as many as whole seconds hold, after skipping some.</summary>
    public static RtpTrack Opus(IReadOnlyList<byte[]> packets, int seconds, int skipped, int payloadType)
    {
        var builder = new RtpTrackBuilder(payloadType, OpusRate, packets.Sum(p => p.Length) * 5 / 4);
        var count = seconds * OpusRate / OpusPacket;
        if (packets.Count < skipped + count) throw new InvalidDataException($"the sound has {packets.Count} packets, not {skipped + count}");
        for (var i = 0; i < count; i++)
        {
            builder.BeginUnit((long)i * OpusPacket, isKey: true);
            builder.AddPacket([], packets[skipped + i], marker: false);
        }

        return Sound(builder, payloadType, $"opus/{OpusRate}/2", "sprop-stereo=0", OpusRate, seconds);
    }

    private static RtpTrack Sound(RtpTrackBuilder builder, int payloadType, string rtpMap, string? parameters, int clockRate, int seconds) => new()
    {
        Media = "audio",
        PayloadType = payloadType,
        RtpMap = rtpMap,
        FormatParameters = parameters,
        ClockRate = clockRate,
        Seconds = seconds,
        Data = builder.Data,
        Units = builder.Units
    };

    // PayloadLengthInfo (ISO 14496-3, 1.7.3): bytes of 255, then one that is less.
    private static byte[] LatmLength(int length) => [.. Enumerable.Repeat((byte)255, length / 255), (byte)(length % 255)];

    // StreamMuxConfig (ISO 14496-3, 1.7.3): version 0, same framing, 1 sub-frame, 1 program, 1 layer; the AudioSpecificConfig; variable frame length, a full buffer, no more.
    private static byte[] LatmConfig(byte[] config)
    {
        ulong bits = 0b0_1_000000_0000_000;
        bits = (bits << 16) | BinaryPrimitives.ReadUInt16BigEndian(config);
        bits = (bits << 13) | 0b000_11111111_0_0;
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, bits << 20);
        return bytes[..6].ToArray();
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
