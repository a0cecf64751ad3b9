using System.Buffers.Binary;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Rtp.Support;
using OrleansRecorder.Media.Tests.Support;

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
    public void A_picture_that_the_end_of_the_stream_cuts_off_is_not_delivered(bool isHevc)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var video = new SyntheticVideo(isHevc, seconds: 1, seed);
            var packets = video.Packets();
            for (var end = packets.Count - 20; end < packets.Count; end++)
            {
                var sink = Run(video, packets.Take(end).Select(packet => packet.Data));

                AssertPictures(video, [.. Enumerable.Range(0, packets[end].Picture)], sink);
            }
        }
    }

    [Fact]
    public void A_new_source_that_counts_on_costs_no_picture_whatever_the_marker()
    {
        var video = new SyntheticVideo(isHevc: false, seconds: 4, seed: 3);
        var packets = WithNewSourceEachGroup(video);
        foreach (var packet in packets) packet[1] &= 0x7F;

        AssertPictures(video, [.. Enumerable.Range(0, video.Pictures.Count)], Run(video, packets));
    }

    // The last packets of one source then come among the first of the next.
    [Theory]
    [InlineData(1.5)]
    [InlineData(5)]
    public void A_new_source_that_counts_on_costs_no_picture_though_packets_are_reordered(double reach)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var video = new SyntheticVideo(isHevc: false, seconds: 4, seed);
            var random = new Random(seed);
            var packets = WithNewSourceEachGroup(video).Select((data, place) => (Data: data, Place: place == 0 ? -1 : place + (random.NextDouble() * reach)))
                .OrderBy(packet => packet.Place).Select(packet => packet.Data);
            var sink = Run(video, packets);

            AssertPictures(video, [.. Enumerable.Range(0, video.Pictures.Count)], sink);
            Assert.Equal(0, sink.Lost);
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
        var allocated = Allocations.Of(() =>
        {
            sent = 0;
            Round(40);
        });

        Assert.Equal(0, allocated);
        Assert.True(sent > 10_000, $"{sent} packets are too few to tell");
        Assert.Equal(0, (sink.Pictures + 1) % video.Pictures.Count);

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

    [Fact]
    public void A_picture_that_is_known_to_be_whole_by_the_next_one_says_how_long_ago_it_came()
    {
        var video = new SyntheticVideo(isHevc: false, seconds: 1, seed: 5);
        using var track = new TestTrack(video.Encoding);
        foreach (var (data, picture) in video.Packets())
        {
            track.Now = TimeSpan.FromMilliseconds(40 * picture);
            track.Send(data);
        }

        Assert.All(track.Sink.Pictures, picture => Assert.Equal(40, picture.Age.TotalMilliseconds));
        Assert.Equal(video.Pictures.Count - 1, track.Sink.Pictures.Count);
    }

    private static List<byte[]> WithNewSourceEachGroup(SyntheticVideo video)
    {
        var packets = video.Packets();
        var group = -1;
        for (var i = 0; i < packets.Count; i++)
        {
            var (data, picture) = packets[i];
            if (video.Pictures[picture].IsKey && (i == 0 || packets[i - 1].Picture != picture)) group++;
            BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(8), 100 + group);
        }

        return [.. packets.Select(packet => packet.Data)];
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

        public void OnSoundLeftOut(LeftOutSound sound)
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

        public void OnDamagedSet(int track)
        {
        }
    }
}
