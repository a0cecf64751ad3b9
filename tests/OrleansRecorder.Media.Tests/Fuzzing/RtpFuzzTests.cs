using System.Buffers.Binary;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Rtp.Audio;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Fuzzing;

/// <summary>Damaged packets: nothing is thrown, every picture is put together rightly, and all memory comes back.</summary>
[Trait("Category", "Fuzzing")]
public sealed class RtpFuzzTests
{
    private const string MuxConfig = "400028103FC0";

    [Fact]
    public void H264() => Payloads("h264", TestTrack.Media("H264"), Video(isHevc: false));

    [Fact]
    public void H265() => Payloads("h265", TestTrack.Media("H265"), Video(isHevc: true));

    [Fact]
    public void H265_with_order_numbers() => Payloads("h265", TestTrack.Media("H265", parameters: ("sprop-max-don-diff", "1")), Video(isHevc: true));

    [Fact]
    public void Jpeg() => Payloads("jpeg", TestTrack.Media("JPEG") with { Width = 320, Height = 240 },
        [Records(Hex("00000000013204030102"), Hex("00000002013204030304")), Records([.. Hex("0000000041FF040300040FFF00000040"), .. new byte[70]]), Records(Hex("0000000001320403FFD8FFD9"))]);

    [Fact]
    public void Mpeg4() => Payloads("mpeg4", TestTrack.Media("MP4V-ES"), [Records(Hex("000001B00100000120AA000001B61011"), Hex("000001B65022"), Hex("000001B3000001B60A"))]);

    [Fact]
    public void Aac() => Payloads("aac", TestTrack.Media("MPEG4-GENERIC", 16000, "audio", 1, ("mode", "AAC-hbr"), ("config", "1408")),
        [Records(Hex("003000100018" + "0008AAAABBBBBBCC"), Hex("00100030A1A2A3"), Hex("00100030A4A5A6")), Records(Hex("FFF16040013FFCAAAAFFF16040011FFCBB"))]);

    [Fact]
    public void Aac_with_every_field() => Payloads("aac", TestTrack.Media("MPEG4-GENERIC", 16000, "audio", 1, ("sizelength", "9"), ("indexlength", "2"), ("indexdeltalength", "1"),
        ("ctsdeltalength", "5"), ("dtsdeltalength", "7"), ("randomaccessindication", "1"), ("streamstateindication", "3")), [Records(Hex("0030001000180008AAAABBBBBBCC"))]);

    [Fact]
    public void Latm() => Payloads("latm", TestTrack.Media("MP4A-LATM", 16000, "audio", 1, ("cpresent", "0"), ("config", MuxConfig)), [Records(Hex("02AAAB01BB"), Hex("FF0200"))]);

    [Fact]
    public void Latm_with_its_configuration_in_the_elements() =>
        Payloads("latm", TestTrack.Media("MP4A-LATM", 16000, "audio", 1), [Records(Hex("2000140820000204AAAB"), Hex("8082AA")), Records(Hex("2000140820000204AAAB"))]);

    [Fact]
    public void Samples() => Payloads("samples", TestTrack.Media("PCMA", 8000, "audio", 1), [Records(Hex("D5D5D5"), [], Hex("55"))]);

    [Fact]
    public void Opus() => Payloads("samples", TestTrack.Media("OPUS", 48000, "audio", 2), [Records(Hex("FCFFFE"), Hex("FB03AA"), Hex("0B"))]);

    // Of a description and of a stream that changes, to the header of a file.
    [Theory]
    [InlineData("h264")]
    [InlineData("hevc")]
    [InlineData("mpeg4")]
    [InlineData("mjpeg")]
    public void Parameter_sets(string codec) => Fuzzer.Run("sps",
        [Hex("0000000001" + "6742C01ED900A02FF97011000003000100000300320F162E48" + "0000000168CE3C80"), Hex("000000012000C48D8800550204061443"), Hex("00FFC0000B080030004001011100")], input =>
        {
            ReadOnlySpan<byte> sets = input.AsSpan(Math.Min(1, input.Length));
            var track = new MediaTrack { Index = 0, Kind = MediaKind.Video, Codec = codec, ClockRate = 90000, Width = 64, Height = 48 };
            var watch = new FormatWatch(track with { Extradata = sets[..(sets.Length / 3)].ToArray() });
            foreach (var part in (byte[][])[[], sets[(sets.Length / 3)..].ToArray(), sets.ToArray()])
            {
                watch.Observe(part);
                Describe(watch.Current);
            }
        });

    [Fact]
    public void Configurations() => Fuzzer.Run("configurations", [Hex(MuxConfig), Hex("1408"), Hex("2B8A0800"), Hex("C00000A0561408")], input =>
    {
        var bits = new BitCursor(input);
        _ = StreamMuxConfig.Read(ref bits);
        foreach (var rate in (int[])[16000, int.MaxValue])
        {
            if (AudioSpecificConfig.FrameSize(input, rate) is not { } frame) continue;
            Assert.InRange(frame, 1, 2048);
            _ = SampleEntries.Describe(new AudioFormat(rate, 1, frame, input));
        }

        var config = Convert.ToHexString(input);
        foreach (var encoding in (string[])["MPEG4-GENERIC", "MP4A-LATM", "MP4V-ES"])
        {
            var media = TestTrack.Media(encoding, 16000, encoding[3] == 'V' ? "video" : "audio", 1, ("config", config), ("cpresent", "0"));
            RtpTracks.Create(media, 0, new RecordingSink(), new ChunkPool(1), 1)?.Dispose();
        }
    });

    [Fact]
    public void Parameter_sets_of_descriptions() =>
        Fuzzer.Run("sprop", ["Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA==,aMuDyyA="u8.ToArray(), "QAEMAf//AWAAAAMAkAAAAwAAAwAAlZgJ,QgEB"u8.ToArray()], input =>
        {
            var text = System.Text.Encoding.Latin1.GetString(input);
            using var avc = new TestTrack("H264", parameters: ("sprop-parameter-sets", text));
            using var hevc = new TestTrack("H265", parameters: [("sprop-vps", text), ("sprop-sps", text), ("sprop-pps", text)]);
        });

    // Whole packets, so that numbers and sources are damaged too, and the reports in between.
    [Fact]
    public void Packets_and_reports()
    {
        var packets = new SyntheticVideo(isHevc: false, seconds: 1, seed: 8, keyInterval: 5).Packets().Select(packet => packet.Data).ToList();
        var report = Hex("80C8000600000007EEA0000080000000FFFF000000000001000000FF81CB000100000007");
        Fuzzer.Run("packets", [Framed([.. packets.Take(30), report]), Framed([report, .. packets.Skip(60).Take(20)])], input => Play(TestTrack.Media("H264"), input, (track, record, now) =>
        {
            if (RtpPacket.IsRtcp(record)) track.OnRtcp(record, now);
            else track.OnRtp(record, now);
        }));
    }

    // Headers are good and in order: only what is in the packets is damaged, so that the depacketizer gets to see it.
    private static void Payloads(string name, MediaDescription media, IReadOnlyList<byte[]> examples)
    {
        Fuzzer.Run(name, examples, input =>
        {
            ushort sequence = 0;
            var packet = new byte[12 + (1 << 16)];
            packet[0] = 0x80;
            Play(media, input, (track, record, now) =>
            {
                // A record's first byte stands for what its header says.
                var kind = record.Length > 0 ? record[0] : (byte)0;
                var payload = record.Length > 0 ? record[1..] : record;
                packet[1] = (byte)(96 | (kind & 0x80));
                if ((kind & 0x40) != 0) sequence += 2;
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence++);
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)((kind & 0x3F) * 90_000));
                payload.CopyTo(packet.AsSpan(12));
                track.OnRtp(packet.AsSpan(0, 12 + payload.Length), now);
            });
        });
    }

    private static void Play(MediaDescription media, byte[] input, Action<IRtpTrack, byte[], TimeSpan> play)
    {
        var pool = new ChunkPool(long.MaxValue);
        var sink = new CheckingSink();
        using (var track = RtpTracks.Create(media, 0, sink, pool, 1)!)
        {
            sink.OnTracks([track.Description]);
            var now = TimeSpan.Zero;
            for (var at = 0; at + 2 <= input.Length;)
            {
                var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(at)), input.Length - at - 2);
                play(track, input[(at + 2)..(at + 2 + length)], now);
                track.OnTick(now);
                at += 2 + length;
                now += TimeSpan.FromMilliseconds(150);
            }

            track.WriteReceiverReport(new byte[100], now);
            track.Flush();
        }

        Assert.Equal(0, pool.InUse);
    }

    private static void Describe(VideoFormat? format)
    {
        if (format is null) return;
        Assert.InRange(format.Width, 0, 16384);
        Assert.InRange(format.Height, 0, 16384);
        Assert.InRange(format.ReorderDepth ?? 0, 0, 16);
        Assert.True(format.MayContinueAs(format with { }));
        _ = SampleEntries.Describe(format);
    }

    private static List<byte[]> Video(bool isHevc)
    {
        var packets = new SyntheticVideo(isHevc, seconds: 1, seed: 8, slices: 2, keyInterval: 5).Packets();
        return [.. packets.Chunk(12).Take(6).Select(some => Records([.. some.Select(packet => packet.Data[12..])]))];
    }

    private static byte[] Records(params byte[][] payloads) => Framed([.. payloads.Select((payload, number) => (byte[])[(byte)number, .. payload])]);

    private static byte[] Framed(byte[][] records) => [.. records.SelectMany(record => (byte[])[(byte)(record.Length >> 8), (byte)record.Length, .. record])];

    private static byte[] Hex(string text) => Convert.FromHexString(text);

    private sealed class CheckingSink : IMediaSink
    {
        private MediaTrack? _track;
        private FormatWatch? _formats;
        private VideoFormat? _described;

        public void OnTracks(IReadOnlyList<MediaTrack> tracks)
        {
            _track = tracks[0];
            if (_track.Kind == MediaKind.Video) _formats = new FormatWatch(_track);
        }

        public void OnSoundLeftOut(LeftOutSound sound)
        {
        }

        public bool OnPacket(in MediaPacket packet)
        {
            Assert.NotEqual(0, packet.Data.Length);
            if (_track!.Codec == "opus") Assert.InRange(OpusPacket.Samples(packet.Data) ?? 120, 120, OpusPacket.Clock * 120 / 1000);
            return true;
        }

        public bool OnPicture(in AssembledPicture picture)
        {
            Assert.NotEqual(0, picture.Length);
            var data = new byte[picture.Length];
            picture.Buffer.CopyTo(picture.Start, data);
            picture.Buffer.Truncate(picture.Start);
            _formats!.Observe(picture.ParameterSets);
            if (!ReferenceEquals(_described, _formats.Current)) Describe(_described = _formats.Current);
            if (_formats.IsPlain) return true;
            var at = 0;
            while (at < data.Length)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(at));
                Assert.InRange(length, 1, data.Length - at - 4);
                at += 4 + length;
            }

            return true;
        }

        public void OnLoss(int track, int packets) => Assert.True(packets > 0);

        public void OnDamagedSet(int track)
        {
        }
    }
}
