using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Tests.Recordings;

public sealed class DecodeTimesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Decoding_times_rise_strictly_and_come_no_later_than_presentation(int depth)
    {
        var random = new Random(depth);
        var times = new DecodeTimes(depth);
        var last = long.MinValue;
        for (var i = 0; i < 10_000; i++)
        {
            var presentation = (i * 3600L) + (random.Next(-4, 5) * 3600L);
            var decode = times.Next(ref presentation);
            Assert.True(decode > last && presentation >= decode);
            last = decode;
        }
    }

    [Fact]
    public void Presentation_is_kept_when_the_depth_is_right()
    {
        var times = new DecodeTimes(2);
        foreach (var n in new[] { 0, 4, 2, 1, 3, 8, 6, 5, 7 })
        {
            var presentation = n * 3600L;
            times.Next(ref presentation);
            Assert.Equal(n * 3600L, presentation);
        }
    }
}
