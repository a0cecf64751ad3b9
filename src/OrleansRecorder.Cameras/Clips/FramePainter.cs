namespace OrleansRecorder.Cameras.Clips;

/// <summary>
/// Draws a camera's pictures as planar YUV 4:2:0: the <see cref="FrameCode"/> on top, the camera's number and the frame counter in big
/// digits, a square that flashes at the start of every second, over a moving, grainy background in the camera's own colour.
/// </summary>
internal sealed class FramePainter
{
    private const byte Black = 16;
    private const byte White = 235;
    private const int Grain = 6;

    // Five rows of three pixels a digit, the top row in the highest bits.
    private static ReadOnlySpan<ushort> Digits =>
    [
        0b111_101_101_101_111, 0b010_110_010_010_111, 0b111_001_111_100_111, 0b111_001_111_001_111, 0b101_101_111_001_001,
        0b111_100_111_001_111, 0b111_100_111_101_111, 0b111_001_010_010_010, 0b111_101_111_101_111, 0b111_101_111_001_111
    ];

    private readonly ClipFormat _format;
    private readonly byte[] _noise;
    private readonly Random _random;

    public FramePainter(ClipFormat format)
    {
        _format = format;
        // A seed of its own makes a clip come out the same whoever generates it.
        _random = new Random(format.Camera);
        _noise = new byte[1 << 16];
        for (var i = 0; i < _noise.Length; i++) _noise[i] = (byte)_random.Next(2 * Grain);
    }

    /// <summary>Bytes of one picture.</summary>
    public int FrameSize => _format.Width * _format.Height * 3 / 2;

    /// <summary>Draws the picture of one counter value over all of <paramref name="frame"/>.</summary>
    public void Paint(int counter, Span<byte> frame)
    {
        var (width, height) = (_format.Width, _format.Height);
        var luma = frame[..(width * height)];
        var top = FrameCode.HeightOf(width, height);
        PaintBackground(luma, top, counter);
        PaintColour(frame[(width * height)..]);

        var room = height - top;
        DrawNumber(luma, _format.Camera, top + (room / 10), room * 45 / 100);
        DrawNumber(luma, counter, top + (room * 65 / 100), room * 28 / 100);
        if (counter % _format.FrameRate * 10 < _format.FrameRate) FillRectangle(luma, width - (room / 4), height - (room / 4), room / 5, room / 5, White);
        FrameCode.Write(luma, width, height, width, _format.Camera, counter);
    }

    private void PaintBackground(Span<byte> luma, int top, int counter)
    {
        var width = _format.Width;
        for (var y = top; y < _format.Height; y++)
        {
            var line = luma.Slice(y * width, width);
            var shade = 60 + ((y + counter) & 63);
            for (var x = 0; x < width;)
            {
                var grain = _noise.AsSpan(_random.Next(_noise.Length - 256), Math.Min(256, width - x));
                for (var i = 0; i < grain.Length; i++) line[x + i] = (byte)(shade + grain[i]);
                x += grain.Length;
            }
        }
    }

    private void PaintColour(Span<byte> chroma)
    {
        // Steps of the golden angle keep neighbouring cameras' colours apart.
        var (v, u) = Math.SinCos(_format.Camera * 2.399963);
        chroma[..(chroma.Length / 2)].Fill((byte)(128 + (40 * u)));
        chroma[(chroma.Length / 2)..].Fill((byte)(128 + (40 * v)));
    }

    private void DrawNumber(Span<byte> luma, int number, int y, int height)
    {
        var text = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var dot = Math.Min(height / 5, _format.Width / (4 * (text.Length + 1)));
        var x = (_format.Width - (dot * ((4 * text.Length) - 1))) / 2;
        FillRectangle(luma, x - (dot / 2), y - (dot / 2), dot * 4 * text.Length, dot * 6, Black);
        foreach (var digit in text)
        {
            for (var bit = 0; bit < 15; bit++)
            {
                if ((Digits[digit - '0'] >> (14 - bit) & 1) == 1) FillRectangle(luma, x + (bit % 3 * dot), y + (bit / 3 * dot), dot, dot, White);
            }

            x += 4 * dot;
        }
    }

    private void FillRectangle(Span<byte> luma, int x, int y, int width, int height, byte value)
    {
        for (var line = Math.Max(y, 0); line < Math.Min(y + height, _format.Height); line++)
        {
            var from = Math.Max(x, 0);
            var to = Math.Min(x + width, _format.Width);
            if (to > from) luma[((line * _format.Width) + from)..((line * _format.Width) + to)].Fill(value);
        }
    }
}
