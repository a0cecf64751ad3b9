using System.Buffers.Binary;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>Whole streams through a network that loses, repeats and reorders.</summary>
public sealed class DeliveryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_clean_stream_is_delivered_byte_for_byte(bool isHevc)
    {
        var video = new SyntheticVideo(isHevc, seconds: 4, seed: 1);
        var sink = Run(video, video.Packets().Select(packet => packet.Data));

        AssertPictures(video, [.. Enumerable.Range(0, video.Pictures.Count)], sink);
        Assert.Equal(0, sink.Lost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reordered_and_repeated_packets_change_nothing(bool isHevc)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var video = new SyntheticVideo(isHevc, seconds: 2, seed);
            var random = new Random(seed);
            var packets = video.Packets().Select((packet, place) => (packet.Data, Place: place == 0 ? -1 : place + (random.NextDouble() * 30)))
                .SelectMany(packet => random.Next(10) == 0 ? [packet, (packet.Data, packet.Place + random.Next(40))] : new[] { packet })
                .OrderBy(packet => packet.Place).Select(packet => packet.Data);
            var sink = Run(video, packets);

            AssertPictures(video, [.. Enumerable.Range(0, video.Pictures.Count)], sink);
            Assert.Equal(0, sink.Lost);
        }
    }

    // What the rule says, worked out from which packets were lost: a picture is delivered when it is whole, and whole are all from a key picture to it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_losses_exactly_the_undamaged_pictures_are_delivered(bool isHevc)
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var video = new SyntheticVideo(isHevc, seconds: 4, seed, slices: 1 + (seed % 3));
            var random = new Random(seed);
            var packets = video.Packets();
            // The first picture teaches that markers can be believed; the end is known only by what follows.
            var lost = packets.Select((packet, place) => packet.Picture > 1 && place < packets.Count - 1 && random.Next(40) == 0).ToList();
            var damaged = packets.Where((_, place) => lost[place]).Select(packet => packet.Picture).ToHashSet();
            var sink = Run(video, packets.Where((_, place) => !lost[place]).Select(packet => packet.Data));

            var isWhole = true;
            var expected = new List<int>();
            for (var number = 0; number < video.Pictures.Count; number++)
            {
                isWhole = !damaged.Contains(number) && (isWhole || video.Pictures[number].IsKey);
                if (isWhole) expected.Add(number);
            }

            AssertPictures(video, expected, sink);
            Assert.Equal(lost.Count(isLost => isLost), sink.Lost);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_steady_stream_allocates_nothing(bool isHevc)
    {
        var video = new SyntheticVideo(isHevc, seconds: 4, seed: 4, slices: 3);
        var packets = video.Packets().Select(packet => packet.Data).ToArray();
        var sink = new CuttingSink();
        using var track = RtpTracks.Create(TestTrack.Media(video.Encoding), 0, sink, new ChunkPool(1 << 30), 1)!;
        var (sequence, time, sent) = ((ushort)0, TimeSpan.Zero, 0);
        Round(4);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(40);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(sent > 10_000, $"{sent} packets are too few to tell");
        Assert.Equal(44 * video.Pictures.Count - 1, sink.Pictures);

        void Round(int count)
        {
            for (var i = 0; i < count; i++)
            {
                foreach (var packet in packets)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence++);
                    track.OnRtp(packet, time += TimeSpan.FromMilliseconds(1));
                    sent++;
                }

                track.OnTick(time);
            }
        }
    }

    private static RecordingSink Run(SyntheticVideo video, IEnumerable<byte[]> packets)
    {
        using var track = new TestTrack(video.Encoding);
        foreach (var packet in packets)
        {
            track.Now += TimeSpan.FromMilliseconds(0.5);
            track.Send(packet);
        }

        track.Track.Flush();
        return track.Sink;
    }

    private static void AssertPictures(SyntheticVideo video, IReadOnlyList<int> expected, RecordingSink sink)
    {
        Assert.Equal(expected, sink.Pictures.Select(picture => (int)((picture.Pts - 0xFFFF0000) * 25 / 90000)));
        foreach (var (number, picture) in expected.Zip(sink.Pictures))
        {
            var sent = video.Pictures[number];
            Assert.Equal(sent.Data, picture.Data);
            Assert.Equal(sent.IsKey, picture.IsKey);
            Assert.Equal(0xFFFF0000 + sent.Time, picture.Pts);
            Assert.Equal(sent.Sets, picture.ParameterSets);
        }
    }

    private sealed class CuttingSink : IMediaSink
    {
        public int Pictures { get; private set; }

        public void OnTracks(IReadOnlyList<MediaTrack> tracks)
        {
        }

        public bool OnPacket(in MediaPacket packet) => true;

        public bool OnPicture(in AssembledPicture picture)
        {
            Pictures++;
            picture.Buffer.Truncate(picture.Start);
            return true;
        }

        public void OnLoss(int track, int packets)
        {
        }
    }
}
