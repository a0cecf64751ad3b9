using System.Buffers.Binary;

namespace OrleansRecorder.Cameras;

/// <summary>
/// The camera's number and the frame counter as black and white blocks along the top of the picture: 16 columns and 3 rows, most
/// significant bit first: camera, counter, CRC-16 of both. White is 1. The blocks are large enough to survive hard compression.
/// </summary>
public static class FrameCode
{
    private const int Columns = 16;
    private const int Rows = 3;
    private const byte Black = 16;
    private const byte White = 235;

    // Compression smears edges; a block's middle that is neither clearly black nor clearly white is damage, not a bit.
    private const int DarkestWhite = 150;
    private const int LightestBlack = 100;

    /// <summary>The height in pixels of the part of the picture that the code covers.</summary>
    public static int HeightOf(int width, int height) => Rows * BlockSize(width, height);

    /// <summary>Reads the code from the luma plane of a decoded picture; false when there is none or it is damaged.</summary>
    /// <param name="luma">At least <paramref name="height"/> rows of <paramref name="stride"/> bytes; the last may be shorter.</param>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="camera">The camera's number.</param>
    /// <param name="counter">The frame's counter.</param>
    public static bool TryRead(ReadOnlySpan<byte> luma, int width, int height, int stride, out int camera, out int counter)
    {
        camera = counter = 0;
        var size = BlockSize(width, height);
        if (size < 2 || luma.Length < ((Rows * size) - 1) * stride + (Columns * size)) return false;

        Span<ushort> words = stackalloc ushort[Rows];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var mean = MeanOfMiddle(luma[((row * size * stride) + (column * size))..], size, stride);
                if (mean is > LightestBlack and < DarkestWhite) return false;
                words[row] = (ushort)((words[row] << 1) | (mean >= DarkestWhite ? 1 : 0));
            }
        }

        if (words[2] != Checksum(words[0], words[1])) return false;
        (camera, counter) = (words[0], words[1]);
        return true;
    }

    /// <summary>Draws the code into the luma plane of a picture.</summary>
    internal static void Write(Span<byte> luma, int width, int height, int stride, int camera, int counter)
    {
        var size = BlockSize(width, height);
        ReadOnlySpan<ushort> words = [(ushort)camera, (ushort)counter, Checksum((ushort)camera, (ushort)counter)];
        for (var y = 0; y < Rows * size; y++)
        {
            var line = luma.Slice(y * stride, width);
            line[(Columns * size)..].Fill(Black);
            for (var column = 0; column < Columns; column++)
            {
                var bit = (words[y / size] >> (Columns - 1 - column)) & 1;
                line.Slice(column * size, size).Fill(bit == 1 ? White : Black);
            }
        }
    }

    private static int BlockSize(int width, int height) => Math.Min(width / Columns, height / (Rows * 4)) & ~1;

    private static int MeanOfMiddle(ReadOnlySpan<byte> block, int size, int stride)
    {
        var margin = size / 4;
        var (sum, count) = (0, 0);
        for (var y = margin; y < size - margin; y++)
        {
            foreach (var pixel in block.Slice((y * stride) + margin, size - (2 * margin))) sum += pixel;
            count += size - (2 * margin);
        }

        return sum / count;
    }

    // CRC-16/CCITT-FALSE: its start value makes the code of an all-black picture invalid.
    private static ushort Checksum(ushort camera, ushort counter)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, camera);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], counter);
        ushort crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc ^= (ushort)(value << 8);
            for (var bit = 0; bit < 8; bit++) crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
        }

        return crc;
    }
}
