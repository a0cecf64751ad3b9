using System.Buffers;

namespace OrleansRecorder.Media.Recordings;

/// <summary>Walks the NAL units of an access unit that separates them by start codes (H.264 and H.265, Annex B).</summary>
internal ref struct AnnexB(ReadOnlySpan<byte> data)
{
    private static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    private ReadOnlySpan<byte> _rest = AfterStartCode(data);

    /// <summary>The unit that <see cref="MoveNext"/> came to, without its start code and trailing zeros.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>So that <c>foreach</c> works.</summary>
    public readonly AnnexB GetEnumerator() => this;

    /// <summary>Goes to the next unit that is not empty.</summary>
    public bool MoveNext()
    {
        while (_rest.Length > 0)
        {
            var next = _rest.IndexOf(StartCode);
            Current = (next < 0 ? _rest : _rest[..next]).TrimEnd((byte)0);
            _rest = next < 0 ? [] : _rest[(next + StartCode.Length)..];
            if (Current.Length > 0) return true;
        }

        return false;
    }

    /// <summary>Appends a unit with a start code.</summary>
    public static void Append(IBufferWriter<byte> output, ReadOnlySpan<byte> unit)
    {
        output.Write<byte>([0, 0, 0, 1]);
        output.Write(unit);
    }

    private static ReadOnlySpan<byte> AfterStartCode(ReadOnlySpan<byte> data)
    {
        var first = data.IndexOf(StartCode);
        return first < 0 ? [] : data[(first + StartCode.Length)..];
    }
}
