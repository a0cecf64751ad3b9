using System.Buffers;

namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// The format in force, from the parameter sets or headers that come with the pictures. They come with each key frame and hardly ever change: the bytes are compared
/// before anything is read.
/// </summary>
internal sealed class FormatWatch
{
    private readonly ParameterSets? _sets;
    private readonly ArrayBufferWriter<byte> _last = new();
    private VideoFormat? _plain;

    /// <summary>For a track as its source describes it.</summary>
    public FormatWatch(Sources.MediaTrack track)
    {
        if (track.Codec is "h264" or "hevc")
        {
            _sets = new ParameterSets(track.Codec);
            _sets.Observe(track.Extradata.Span);
        }
        else
        {
            // Only MPEG sends pictures in another order than they are shown, and does not say so in advance.
            int? depth = track.Codec.StartsWith("mpeg", StringComparison.Ordinal) ? null : 0;
            _plain = new VideoFormat { Codec = track.Codec, Width = track.Width, Height = track.Height, Extradata = track.Extradata.ToArray(), ReorderDepth = depth };
            _plain = PictureHeaders.Apply(_plain, track.Extradata.Span);
        }
    }

    /// <summary>The codec has no NAL units, and its pictures stay as they come.</summary>
    public bool IsPlain => _plain is not null;

    /// <summary>The format that the sets or headers describe, a new object after each change; null while one is missing.</summary>
    public VideoFormat? Current => _plain ?? _sets!.Format;

    /// <summary>Takes in the sets or headers before a picture (see <see cref="Sources.AssembledPicture.ParameterSets"/>); nothing for a picture that has none.</summary>
    public void Observe(ReadOnlySpan<byte> sets)
    {
        if (sets.IsEmpty || sets.SequenceEqual(_last.WrittenSpan)) return;
        _last.ResetWrittenCount();
        _last.Write(sets);
        if (_plain is not null) _plain = PictureHeaders.Apply(_plain, sets);
        else _sets!.Observe(sets);
    }
}
