using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Orleans.Storage;

/// <summary>A grain's key as the columns of OrleansStorage hold it. Tells by the text alone whether it is a Guid, an integer or a string.</summary>
/// <param name="Hash">Over the key's bytes, last first.</param>
/// <param name="N0">The first half of a Guid, else 0.</param>
/// <param name="N1">The second half of a Guid, or an integer, else 0.</param>
/// <param name="Extension">What follows the <c>+</c> of a Guid or integer, or a string key as a whole.</param>
internal readonly record struct AdoNetGrainKey(int Hash, long N0, long N1, string? Extension)
{
    /// <summary>Takes a key apart. Beware: <c>cafe</c> and <c>0CAFE</c> are the same integer.</summary>
    public static AdoNetGrainKey Of(IdSpan key)
    {
        var text = key.ToString();
        var plus = text.IndexOf('+');
        var number = plus < 0 ? text : text[..plus];
        var extension = plus < 0 ? null : text[(plus + 1)..];

        if (Guid.TryParseExact(number, "N", out var guid))
        {
            var bytes = guid.ToByteArray();
            return new(HashOf(bytes, extension), BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)), extension);
        }

        if (long.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var integer))
        {
            var bytes = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, integer);
            return new(HashOf(bytes, extension), 0, integer, extension);
        }

        return new(HashOf([], text), 0, 0, text);
    }

    private static int HashOf(byte[] number, string? extension)
    {
        byte[] bytes = [.. number, .. Encoding.UTF8.GetBytes(extension ?? "")];
        Array.Reverse(bytes);
        return unchecked((int)StableHash.Compute(bytes));
    }
}
