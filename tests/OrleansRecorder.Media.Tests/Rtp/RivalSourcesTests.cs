using System.Buffers.Binary;
using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

/// <summary>Two whole streams mixed on one track, and senders that only look like it.</summary>
public sealed class RivalSourcesTests : IDisposable
{
    private const uint Elder = 0xAAAA;
    private const uint Other = 0xBBBB;
    private readonly Dictionary<uint, (ushort Sequence, byte Count)> _sent = [];
    private TestTrack _track = Track(null);

    public void Dispose() => _track.Dispose();

    [Theory]
    [InlineData(30_000, null, Elder, 6)]
    [InlineData(30_000, Other, Other, 6)]
    [InlineData(30_000, Elder, Elder, 6)]
    [InlineData(30_000, 0xDEADu, Elder, 6)]
    [InlineData(10, null, Elder, 30)]
    [InlineData(10, Other, Other, 30)]
    [InlineData(-10, null, Elder, 11)]
    [InlineData(-10, Other, Other, 30)]
    [InlineData(40, null, Elder, 60)]
    [InlineData(0, null, Elder, 10)]
    public void Of_two_streams_that_are_mixed_the_announced_one_is_kept_else_the_one_that_came_first(int apart, uint? announced, uint kept, int turnsUntilSure)
    {
        Begin(announced, apart);
        for (var i = 0; i < turnsUntilSure; i++) Turn(i % 2 == 0 ? Elder : Other);
        var settled = _track.Sink.Sounds.Count;
        var expected = new List<(uint, int)>();
        for (var i = turnsUntilSure; i < 600; i++)
        {
            var source = i % 2 == 0 ? Elder : Other;
            var sent = Turn(source);
            if (source == kept) expected.AddRange(sent);
        }

        Assert.Equal(expected, Came.Skip(settled));
    }

    [Fact]
    public void A_stream_whose_packets_lie_singly_between_those_of_another_is_left_out_from_the_start()
    {
        Begin(announced: Other, apart: 30_000);
        for (var i = 0; i < 1000; i++) Turn(i % 2 == 0 ? Elder : Other, packets: 1);

        Assert.All(Came, came => Assert.Equal(Elder, came.Source));
        Assert.Equal(500, Came.Count());
    }

    [Fact]
    public void The_other_stream_is_taken_two_seconds_after_the_one_that_was_kept_has_fallen_silent_until_that_comes_back()
    {
        Begin(announced: null, apart: 30_000);
        for (var i = 0; i < 20; i++) Turn(i % 2 == 0 ? Elder : Other);
        var before = _track.Sink.Sounds.Count;
        var silentFrom = _track.Now - TimeSpan.FromMilliseconds(40);
        while (_track.Now - silentFrom < TimeSpan.FromSeconds(2)) Turn(Other);
        Assert.Equal(before, _track.Sink.Sounds.Count);

        var sent = Enumerable.Range(0, 3).SelectMany(_ => Turn(Other)).ToList();
        Assert.Equal(sent, Came.Skip(before));
        for (var i = 0; i < 8; i++) Turn(i % 2 == 0 ? Other : Elder);
        before = _track.Sink.Sounds.Count;
        for (var i = 0; i < 100; i++) Turn(i % 2 == 0 ? Other : Elder);
        Assert.Equal(200, _track.Sink.Sounds.Count - before);
        Assert.Single(Came.Skip(before).Select(came => came.Source).Distinct());
    }

    [Fact]
    public void A_third_stream_is_taken_and_the_one_that_is_left_out_stays_so()
    {
        const uint Third = 0xCCCC;
        Begin(announced: null, apart: 30_000);
        for (var i = 0; i < 20; i++) Turn(i % 2 == 0 ? Elder : Other);
        var before = _track.Sink.Sounds.Count;
        _sent[Third] = (15_000, 0);
        for (var i = 0; i < 20; i++) Turn(i % 2 == 0 ? Third : Other);

        Assert.All(Came.Skip(before), came => Assert.Equal(Third, came.Source));
        Assert.Equal(40, Came.Skip(before).Count());
    }

    [Fact]
    public void The_stream_that_is_left_out_stays_so_when_its_numbers_have_gone_around()
    {
        Begin(announced: Other, apart: 10);
        for (var i = 0; i < 30; i++) Turn(i % 2 == 0 ? Elder : Other);
        var before = _track.Sink.Sounds.Count;
        for (var i = 0; i < 34_000; i++)
        {
            Turn(Other, packets: 1);
            _sent[Elder] = _sent[Other];
            Turn(Elder, packets: 2);
        }

        Assert.All(Came.Skip(before), came => Assert.Equal(Other, came.Source));
        Assert.Equal(34_000, Came.Skip(before).Count());
    }

    [Fact] // R10
    public void A_sender_that_begins_anew_with_other_numbers_each_time_loses_nothing()
    {
        Begin(announced: Elder, apart: 0);
        for (var i = 0; i < 100; i++)
        {
            var source = i % 2 == 0 ? Elder : Other;
            _sent[source] = ((ushort)(i * 7919), 0);
            Turn(source);
        }

        Assert.Equal(400, _track.Sink.Sounds.Count);
        Assert.Equal(0, _track.Sink.Lost);
    }

    [Theory] // R10
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(120)]
    public void A_sender_that_goes_to_and_fro_between_two_names_and_counts_on_loses_nothing(int packets)
    {
        Begin(announced: Elder, apart: 0);
        for (var i = 0; i < 100; i++)
        {
            var (source, last) = i % 2 == 0 ? (Elder, Other) : (Other, Elder);
            if (i > 0) _sent[source] = _sent[source] with { Sequence = _sent[last].Sequence };
            Turn(source, packets);
        }

        Assert.Equal(100 * packets, _track.Sink.Sounds.Count);
        Assert.Equal(0, _track.Sink.Lost);
    }

    [Fact]
    public void A_sender_that_changes_between_two_sources_every_second_loses_nothing()
    {
        Begin(announced: Elder, apart: 30_000);
        for (var i = 0; i < 1000; i++) Turn(i / 50 % 2 == 0 ? Elder : Other);

        Assert.Equal(4000, _track.Sink.Sounds.Count);
        Assert.Equal(0, _track.Sink.Lost);
    }

    [Fact]
    public void Stragglers_of_a_source_that_has_stopped_do_not_keep_the_next_one_out()
    {
        Begin(announced: Elder, apart: 30_000);
        Turn(Elder);
        Turn(Other, packets: 2);
        Turn(Elder, packets: 2);
        for (var i = 0; i < 100; i++) Turn(Other);

        Assert.Equal(402, Came.Count(came => came.Source == Other));
        Assert.Equal(0, _track.Sink.Lost);
    }

    [Fact]
    public void The_reports_of_the_stream_that_is_left_out_do_not_change_the_clock()
    {
        Begin(announced: null, apart: 30_000);
        for (var i = 0; i < 20; i++) Turn(i % 2 == 0 ? Elder : Other);
        _track.Track.OnRtcp(Report(Elder, 4_004_424_000), _track.Now);
        Turn(Elder);
        var captured = _track.Sink.Sounds[^1].Captured;
        Assert.NotNull(captured);
        _track.Track.OnRtcp(Report(Other, 4_004_420_000), _track.Now);
        Turn(Elder);

        Assert.InRange((_track.Sink.Sounds[^1].Captured!.Value - captured.Value).TotalSeconds, 0, 0.1);
    }

    private static TestTrack Track(uint? announced) => new(TestTrack.Media("PCMA", 8000, "audio"), announced);

    private IEnumerable<(uint Source, int Number)> Came => _track.Sink.Sounds.Select(sound => (BinaryPrimitives.ReadUInt32BigEndian(sound.Data), (int)sound.Data[4]));

    private void Begin(uint? announced, int apart)
    {
        _track.Dispose();
        _track = Track(announced);
        _sent[Elder] = (65_500, 0);
        _sent[Other] = ((ushort)(65_500 + apart), 0);
    }

    // The packets of one picture at once, and the next 20 ms later.
    private List<(uint Source, int Number)> Turn(uint source, int packets = 4)
    {
        var sent = new List<(uint, int)>();
        for (var i = 0; i < packets; i++)
        {
            var (sequence, count) = _sent[source];
            var payload = new byte[5];
            BinaryPrimitives.WriteUInt32BigEndian(payload, source);
            payload[4] = count;
            (_track.Source, _track.Sequence) = (source, sequence);
            _track.Send((uint)(_track.Now.TotalSeconds * 8000) + source, payload);
            _sent[source] = ((ushort)(sequence + 1), (byte)(count + 1));
            sent.Add((source, count));
        }

        _track.Now += TimeSpan.FromMilliseconds(20);
        _track.Track.OnTick(_track.Now);
        return sent;
    }

    private byte[] Report(uint source, uint seconds)
    {
        var report = new byte[28];
        (report[0], report[1], report[3]) = (0x80, 200, 6);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), source);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(8), seconds);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(16), (uint)(_track.Now.TotalSeconds * 8000) + source);
        return report;
    }
}
