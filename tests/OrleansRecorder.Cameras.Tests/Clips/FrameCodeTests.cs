namespace OrleansRecorder.Cameras.Tests.Clips;

public sealed class FrameCodeTests
{
    private const int Width = 320;
    private const int Height = 240;

    [Theory]
    [InlineData(320, 240, 1, 0)]
    [InlineData(128, 96, 65535, 65535)]
    [InlineData(1280, 720, 300, 1234)]
    [InlineData(3840, 2160, 7, 99)]
    public void What_is_written_is_read_back(int width, int height, int camera, int counter)
    {
        var stride = width + 16;
        var luma = new byte[stride * height];
        FrameCode.Write(luma, width, height, stride, camera, counter);

        Assert.True(FrameCode.TryRead(luma, width, height, stride, out var readCamera, out var readCounter));
        Assert.Equal((camera, counter), (readCamera, readCounter));
    }

    [Fact]
    public void A_noisy_picture_is_still_read()
    {
        var random = new Random(1);
        var luma = Picture(17, 42);
        foreach (ref var pixel in luma.AsSpan()) pixel = (byte)Math.Clamp(pixel + random.Next(-60, 61), 0, 255);

        Assert.True(FrameCode.TryRead(luma, Width, Height, Width, out var camera, out var counter));
        Assert.Equal((17, 42), (camera, counter));
    }

    [Fact]
    public void A_picture_with_a_flipped_block_is_not_read()
    {
        for (var block = 0; block < 48; block++)
        {
            var luma = Picture(17, 42);
            var (top, left) = (block / 16 * 20, block % 16 * 20);
            for (var y = top; y < top + 20; y++)
            {
                foreach (ref var pixel in luma.AsSpan((y * Width) + left, 20)) pixel = (byte)(255 - pixel);
            }

            Assert.False(FrameCode.TryRead(luma, Width, Height, Width, out _, out _), $"block {block}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(128)]
    [InlineData(255)]
    public void A_picture_of_one_colour_is_not_read(byte colour)
    {
        var luma = new byte[Width * Height];
        luma.AsSpan().Fill(colour);
        Assert.False(FrameCode.TryRead(luma, Width, Height, Width, out _, out _));
    }

    [Fact]
    public void A_picture_that_is_too_short_or_too_small_is_not_read()
    {
        Assert.False(FrameCode.TryRead(new byte[100], Width, Height, Width, out _, out _));
        Assert.False(FrameCode.TryRead(new byte[64], 8, 8, 8, out _, out _));
    }

    private static byte[] Picture(int camera, int counter)
    {
        var luma = new byte[Width * Height];
        FrameCode.Write(luma, Width, Height, Width, camera, counter);
        return luma;
    }
}
