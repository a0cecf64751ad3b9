using System.Runtime.InteropServices;

namespace OrleansRecorder.Media.Mp4;

/// <summary>A track that is being written: the samples of the fragment at hand, and the table of all before.</summary>
/// <param name="header">What the file says of it.</param>
/// <param name="usualDuration">How long a sample lasts while nothing better is known, in the track's clock.</param>
internal sealed class FragmentTrack(TrackHeader header, uint usualDuration)
{
    private readonly List<Sample> _samples = [];
    private uint _step = usualDuration;

    /// <summary>What the file says of it.</summary>
    public TrackHeader Header { get; } = header;

    /// <summary>All samples that have their place.</summary>
    public SampleTable Table { get; } = new();

    /// <summary>The samples of the fragment at hand.</summary>
    public ReadOnlySpan<Sample> Samples => CollectionsMarshal.AsSpan(_samples);

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>The decoding time of the file's first sample, which its times count from; 0 while there is none.</summary>
    public long Origin => Table.Count > 0 ? Table.Begin : _samples.Count > 0 ? _samples[0].Decode : 0;

    /// <summary>Adds a sample behind the others.</summary>
    /// <exception cref="ArgumentException">It is empty, or not later than the one before.</exception>
    public void Add(in Sample sample)
    {
        if (sample.Length <= 0) throw new ArgumentException("a sample has at least one byte", nameof(sample));
        var isFirst = _samples.Count == 0 && Table.Count == 0;
        if (!isFirst && sample.Decode <= LastDecode) throw new ArgumentException("decoding times rise strictly", nameof(sample));
        _samples.Add(sample);
        Bytes += sample.Length;
    }

    /// <summary>How long each sample of the fragment lasts.</summary>
    public uint Duration(int index, long? nextDecode)
    {
        if (index + 1 < _samples.Count) return SampleTable.Duration(_samples[index].Decode, _samples[index + 1].Decode);
        if (nextDecode > _samples[index].Decode) return SampleTable.Duration(_samples[index].Decode, nextDecode.Value);
        return Header.IsVideo && index > 0 ? SampleTable.Duration(_samples[index - 1].Decode, _samples[index].Decode) : _step;
    }

    /// <summary>The fragment's samples lie behind each other from a place in the file on.</summary>
    public void Place(long position, long? nextDecode)
    {
        if (_samples.Count == 0) return;
        for (var i = 0; i < _samples.Count; i++) Table.Add(_samples[i], Duration(i, nextDecode));
        if (Header.IsVideo) _step = Duration(_samples.Count - 1, nextDecode);
        Table.AddChunk(position, _samples.Count, Bytes);
    }

    /// <summary>Begins the next fragment.</summary>
    public void Clear()
    {
        _samples.Clear();
        Bytes = 0;
    }

    private long LastDecode => _samples.Count > 0 ? _samples[^1].Decode : Table.LastDecode;
}
