namespace OrleansRecorder.Cameras.Rtp;

/// <summary>What packetizing needs to know of a NAL unit, for H.264 (ITU-T H.264 section 7.3.1) and H.265 (ITU-T H.265 section 7.3.1).</summary>
internal abstract class NalSyntax
{
    public static readonly NalSyntax H264 = new H264Syntax();
    public static readonly NalSyntax H265 = new H265Syntax();

    /// <summary>Bytes of a NAL unit's header.</summary>
    public abstract int HeaderSize { get; }

    /// <summary>Whether it holds (a part of) a picture.</summary>
    public abstract bool IsSlice(ReadOnlySpan<byte> nal);

    /// <summary>Whether it is a picture's first slice.</summary>
    public abstract bool BeginsPicture(ReadOnlySpan<byte> slice);

    /// <summary>Whether a slice's picture can be decoded alone.</summary>
    public abstract bool IsKey(ReadOnlySpan<byte> slice);

    /// <summary>Whether it is a parameter set: SPS, PPS, and VPS with H.265.</summary>
    public abstract bool IsParameterSet(ReadOnlySpan<byte> nal);

    /// <summary>The payload header of a packet that holds several NAL units: STAP-A of RFC 6184, AP of RFC 7798.</summary>
    public abstract byte[] AggregationHeader { get; }

    /// <summary>Writes the header of a fragment, <see cref="HeaderSize"/> + 1 bytes: FU-A of RFC 6184, FU of RFC 7798.</summary>
    public abstract void WriteFragmentHeader(Span<byte> header, ReadOnlySpan<byte> nal, bool isFirst, bool isLast);

    /// <summary>SDP's format parameters, from the parameter sets in the order they come in the stream.</summary>
    public abstract string FormatParameters(IReadOnlyList<byte[]> parameterSets);

    /// <summary>The same without parameter sets; null when nothing is left.</summary>
    public abstract string? PlainFormatParameters { get; }

    private static byte Flags(bool isFirst, bool isLast) => (byte)((isFirst ? 0x80 : 0) | (isLast ? 0x40 : 0));

    private sealed class H264Syntax : NalSyntax
    {
        public override int HeaderSize => 1;

        public override byte[] AggregationHeader { get; } = [0x60 | 24];

        public override bool IsSlice(ReadOnlySpan<byte> nal) => Type(nal) is >= 1 and <= 5;

        public override bool BeginsPicture(ReadOnlySpan<byte> slice) => (slice[1] & 0x80) != 0;

        public override bool IsKey(ReadOnlySpan<byte> slice) => Type(slice) == 5;

        public override bool IsParameterSet(ReadOnlySpan<byte> nal) => Type(nal) is 7 or 8;

        public override void WriteFragmentHeader(Span<byte> header, ReadOnlySpan<byte> nal, bool isFirst, bool isLast)
        {
            header[0] = (byte)((nal[0] & 0xE0) | 28);
            header[1] = (byte)(Flags(isFirst, isLast) | Type(nal));
        }

        public override string FormatParameters(IReadOnlyList<byte[]> parameterSets)
        {
            var sps = parameterSets.First(p => Type(p) == 7);
            return $"packetization-mode=1;profile-level-id={Convert.ToHexString(sps, 1, 3)};sprop-parameter-sets={string.Join(',', parameterSets.Select(p => Convert.ToBase64String(p)))}";
        }

        public override string? PlainFormatParameters => "packetization-mode=1";

        private static int Type(ReadOnlySpan<byte> nal) => nal[0] & 0x1F;
    }

    private sealed class H265Syntax : NalSyntax
    {
        public override int HeaderSize => 2;

        public override byte[] AggregationHeader { get; } = [48 << 1, 1];

        public override bool IsSlice(ReadOnlySpan<byte> nal) => Type(nal) < 32;

        public override bool BeginsPicture(ReadOnlySpan<byte> slice) => (slice[2] & 0x80) != 0;

        public override bool IsKey(ReadOnlySpan<byte> slice) => Type(slice) is >= 16 and <= 21;

        public override bool IsParameterSet(ReadOnlySpan<byte> nal) => Type(nal) is >= 32 and <= 34;

        public override void WriteFragmentHeader(Span<byte> header, ReadOnlySpan<byte> nal, bool isFirst, bool isLast)
        {
            header[0] = (byte)((nal[0] & 0x81) | (49 << 1));
            header[1] = nal[1];
            header[2] = (byte)(Flags(isFirst, isLast) | Type(nal));
        }

        public override string FormatParameters(IReadOnlyList<byte[]> parameterSets) =>
            string.Join(';', parameterSets.GroupBy(p => Type(p)).Select(g =>
                $"sprop-{(g.Key == 32 ? "vps" : g.Key == 33 ? "sps" : "pps")}={string.Join(',', g.Select(p => Convert.ToBase64String(p)))}"));

        public override string? PlainFormatParameters => null;

        private static int Type(ReadOnlySpan<byte> nal) => nal[0] >> 1 & 0x3F;
    }
}
