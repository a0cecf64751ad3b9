using System.Buffers;

namespace OrleansRecorder.Media.Sound;

/// <summary>Frames that came out of an encoder together, with the positions of their first samples since the connection began.</summary>
internal sealed class EncodedFrames
{
    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly List<(int Length, long Position)> _frames = [];

    /// <summary>How many.</summary>
    public int Count => _frames.Count;

    /// <summary>Takes one in.</summary>
    public void Add(ReadOnlySpan<byte> frame, long position)
    {
        _data.Write(frame);
        _frames.Add((frame.Length, position));
    }

    /// <summary>Hands them out in their order, and is empty again.</summary>
    public void MoveTo(Native.AacTranscoder.Output output)
    {
        var data = _data.WrittenSpan;
        foreach (var (length, position) in _frames)
        {
            output(data[..length], position);
            data = data[length..];
        }

        _data.ResetWrittenCount();
        _frames.Clear();
    }
}
