using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Mp4;

/// <summary>
/// One recording as MP4 (ISO 14496-12), without I/O. While it grows it is a fragmented file; at the end <see cref="Fold"/> makes it a plain one, with one index
/// for all, without moving a byte of media: see docs/design/recording.md. For one thread at a time.
/// </summary>
internal sealed class Mp4Writer
{
    /// <summary>Units a second of the video's times.</summary>
    public const int VideoClock = 90000;

    private const uint VideoId = 1;
    private const uint SoundId = 2;
    private readonly FragmentTrack _video;
    private readonly FragmentTrack? _sound;
    private readonly DateTimeOffset _startedAt;
    private readonly BoxWriter _boxes = new();
    private uint _fragments;

    /// <summary>Prepares a file with these tracks.</summary>
    /// <param name="video">Of a codec that <see cref="CanHold"/> knows.</param>
    /// <param name="sound">Null for none.</param>
    /// <param name="startedAt">When the first picture was taken; the file says so.</param>
    /// <exception cref="NotSupportedException">MP4 cannot hold one of them.</exception>
    public Mp4Writer(VideoFormat video, AudioFormat? sound, DateTimeOffset startedAt)
    {
        _startedAt = startedAt;
        _video = new FragmentTrack(TrackHeader.Of(VideoId, video), VideoClock / 25);
        if (sound is not null) _sound = new FragmentTrack(TrackHeader.Of(SoundId, sound), (uint)sound.FrameSize);
    }

    /// <summary>Bytes of the file when all writes so far are done.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes of pictures and sound that wait for <see cref="Cut"/>.</summary>
    public long Waiting => _video.Bytes + (_sound?.Bytes ?? 0);

    /// <summary>From the file's beginning to the end of the last picture that was cut.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(_video.Table.PresentationEnd / (double)VideoClock);

    /// <summary>Whether MP4 can hold a codec, by FFmpeg's short name.</summary>
    public static bool CanHold(string codec) => SampleEntries.IsKnown(codec);

    /// <summary>The next bytes of the video's buffer are a picture; its times are in units of <see cref="VideoClock"/> since the file's beginning.</summary>
    /// <param name="length">Bytes, 1 or more.</param>
    /// <param name="decode">Later than that of the picture before; below 0 for the first ones of a stream that does not send its pictures in their order.</param>
    /// <param name="presentation">0 for the first picture.</param>
    /// <param name="isSync">Decoding can begin with it.</param>
    public void AddPicture(int length, long decode, long presentation, bool isSync) =>
        _video.Add(new Sample(length, decode, (int)Math.Clamp(presentation - decode, int.MinValue, int.MaxValue), isSync));

    /// <summary>The next bytes of the sound's buffer are a frame. Only for a file with sound.</summary>
    /// <param name="length">Bytes, 1 or more.</param>
    /// <param name="sample">Its first sample since the file's beginning, 0 or more and later than that of the frame before.</param>
    public void AddSound(int length, long sample) => _sound!.Add(new Sample(length, sample, 0, IsSync: true));

    /// <summary>Ends the fragment: takes what was added out of the buffers. The first one brings the file's header. Null when nothing waits, or no picture has come yet.</summary>
    /// <param name="video">The pictures' buffer; what lies behind them stays there.</param>
    /// <param name="sound">The sound's buffer; null for a file without.</param>
    /// <param name="nextDecode">The decoding time of the picture that comes next; null when it is not there yet: the last one then lasts as long as the one before.</param>
    public FileWrite? Cut(MediaBuffer video, MediaBuffer? sound, long? nextDecode)
    {
        // The header says where the first picture's time begins.
        if (Waiting == 0 || (Length == 0 && _video.Bytes == 0)) return null;
        _boxes.Clear();
        if (Length == 0) MovieHeader.Write(_boxes, _startedAt, _video, _sound);
        Fragment.Write(_boxes, ++_fragments, _video, _sound, nextDecode);
        var header = _boxes.Written.ToArray();

        var position = Length + header.Length;
        _video.Place(position, nextDecode);
        _sound?.Place(position + _video.Bytes, nextDecode: null);
        List<ReadOnlyMemory<byte>> pieces = [header];
        List<ChunkRun> runs = [];
        Take(_video, video, pieces, runs);
        if (_sound is not null && sound is not null) Take(_sound, sound, pieces, runs);
        var write = new FileWrite(Length, pieces, runs);
        Length += write.Length;
        return write;
    }

    /// <summary>As <see cref="Cut"/>, after the last picture.</summary>
    /// <param name="video">The pictures' buffer.</param>
    /// <param name="sound">The sound's buffer; null for a file without.</param>
    /// <param name="end">When the last picture is no longer shown; null to let it be seen as long as the one before.</param>
    public FileWrite? CutLast(MediaBuffer video, MediaBuffer? sound, long? end)
    {
        // What was decoded earlier than it was shown at the beginning is so at the end.
        var decodeEnd = end + Math.Min(_video.Origin, 0);
        var write = Cut(video, sound, decodeEnd);
        if (decodeEnd is { } known && _video.Table.Count > 0) _video.Table.EndAt(known);
        return write;
    }

    /// <summary>
    /// Makes the file, all of whose writes are done, one with a single index. The order is what keeps it playable at every byte of it; the last call is the
    /// one that makes it so. Nothing may be added afterwards. It takes as long as its writes: meant for the thread that does them.
    /// </summary>
    /// <param name="output">Does the writes, in order; when one throws, the file is still the fragmented one.</param>
    /// <param name="settle">Called before the last writes: brings the others to the disk itself, so that no loss of power can leave the last ones alone.</param>
    public void Fold(FileOutput output, Action? settle = null)
    {
        if (Length == 0) return;
        List<IndexedTrack> tracks = [new(_video.Header, _video.Table)];
        if (_sound is { Table.Count: > 0 }) tracks.Add(new(_sound.Header, _sound.Table));
        Length = Folding.Write(tracks, _startedAt, Length, output, settle);
    }

    private static void Take(FragmentTrack track, MediaBuffer buffer, List<ReadOnlyMemory<byte>> pieces, List<ChunkRun> runs)
    {
        if (track.Bytes == 0) return;
        var run = buffer.Take(buffer.Start + track.Bytes);
        pieces.AddRange(run.Pieces);
        runs.Add(run);
        track.Clear();
    }
}
