using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Tests.Support;

namespace OrleansRecorder.Media.Tests.Recordings;

public sealed class ParameterSetsTests
{
    [Theory]
    [InlineData("h264", "320x240", "-bf 0", 0)]
    [InlineData("h264", "1920x1080", "-bf 2 -b_strategy 0", 2)]
    [InlineData("h264", "322x242", "-profile:v baseline", 0)]
    [InlineData("hevc", "640x360", "-bf 0 -x265-params log-level=none", 0)]
    [InlineData("hevc", "322x242", "-bf 3 -x265-params log-level=none", null)]
    public async Task Size_and_order_are_read_from_the_stream(string codec, string size, string options, int? depth)
    {
        var clip = await Clip.Encode(size, seconds: 0.4, codec, options);
        var sets = new ParameterSets(codec);
        sets.Observe(clip.Packet(0, 0).Data);

        Assert.Equal(size, $"{sets.Format!.Width}x{sets.Format.Height}");
        if (depth is not null) Assert.Equal(depth, sets.Format.ReorderDepth);
        else Assert.True(sets.Format.ReorderDepth > 0);
    }

    [Fact]
    public void Sets_that_make_no_sense_are_left_out()
    {
        var sets = new ParameterSets("h264");
        sets.Observe([0, 0, 1, 0x67, 0xff, 0, 0, 1, 0x68, 0xce]);
        Assert.Null(sets.Format);
    }

    [Theory]
    [InlineData("h264", "-bf 0")]
    [InlineData("hevc", "-bf 0 -x265-params log-level=none")]
    public async Task Sets_that_are_longer_than_a_header_can_hold_are_left_out_and_the_others_kept(string codec, string options)
    {
        var clip = await Clip.Encode("320x240", seconds: 0.4, codec, options);
        var sets = new ParameterSets(codec);
        sets.Observe(clip.Packet(0, 0).Data);
        var format = sets.Format!;
        foreach (var (length, isKept) in ((int, bool)[])[(ParameterSets.LongestSet + 1, false), (ParameterSets.LongestSet, true)])
        {
            foreach (var set in Sets(format))
            {
                byte[] longer = [.. set, .. Enumerable.Repeat((byte)0x55, length - set.Length)];
                sets.Observe([0, 0, 0, 1, .. longer]);
                Assert.Equal(isKept, Sets(sets.Format!).Exists(longer.SequenceEqual));
                if (!isKept) Assert.Same(format, sets.Format);
                // With a good one before it.
                var both = new ParameterSets(codec);
                both.Observe([.. format.Extradata, 0, 0, 0, 1, .. longer]);
                Assert.Equal(isKept, Sets(both.Format!).Exists(longer.SequenceEqual));
            }
        }

        _ = SampleEntries.Describe(sets.Format!);
    }

    [Fact]
    public async Task The_same_sets_again_change_nothing()
    {
        var clip = await Clip.Encode("320x240", seconds: 0.4);
        var sets = new ParameterSets("h264");
        sets.Observe(clip.Packet(0, 0).Data);
        var format = sets.Format;
        sets.Observe(clip.Packet(0, 0).Data);
        Assert.Same(format, sets.Format);
    }

    [Fact]
    public async Task A_file_goes_on_with_its_own_sets_in_any_order_and_with_no_others()
    {
        var clip = await Clip.Encode("320x240", seconds: 0.4);
        var sets = new ParameterSets("h264");
        sets.Observe(clip.Packet(0, 0).Data);
        var format = sets.Format!;
        byte[] other = [0, 0, 0, 1, 0x68, 0xee, 0x3c, 0x80];
        var own = format.Extradata;
        var (forth, back) = (format with { Extradata = [.. own, .. other] }, format with { Extradata = [.. other, .. own] });

        Assert.True(forth.MayContinueAs(back));
        Assert.True(forth.MayContinueAs(format));
        Assert.False(format.MayContinueAs(forth));
        Assert.True((format with { HasSetsInBand = true }).MayContinueAs(forth));
        Assert.False((format with { HasSetsInBand = true }).MayContinueAs(forth with { Width = 640 }));
    }

    private static List<byte[]> Sets(VideoFormat format)
    {
        var sets = new List<byte[]>();
        foreach (var unit in new AnnexB(format.Extradata)) sets.Add(unit.ToArray());
        return sets;
    }
}
