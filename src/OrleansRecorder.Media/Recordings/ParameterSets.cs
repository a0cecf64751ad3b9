using System.Buffers;

namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// The parameter sets in force: those of the description until the stream brings its own, which are right when both differ.
/// Sets that make no sense, or that no file's header can hold, are left out.
/// </summary>
internal sealed class ParameterSets(string codec)
{
    /// <summary>Bytes of a set; headers have 2 for its length (ISO 14496-15, 5.3.3.1 and 8.3.3.1). A longer one is damaged: those of cameras have a hundred.</summary>
    public const int LongestSet = ushort.MaxValue;

    private const int MaxSets = 32;
    private readonly Dictionary<NalKind, List<byte[]>> _sets = new()
    {
        [NalKind.VideoParameters] = [], [NalKind.SequenceParameters] = [], [NalKind.PictureParameters] = [],
    };

    /// <summary>The format that the sets describe, a new object after each change; null while one is missing.</summary>
    public VideoFormat? Format { get; private set; }

    /// <summary>Takes in the sets of an access unit or of a description; they replace earlier ones of their kind.</summary>
    public void Observe(ReadOnlySpan<byte> annexB)
    {
        var changed = false;
        foreach (var unit in new AnnexB(annexB))
        {
            var kind = NalKinds.Of(codec, unit[0]);
            if (kind is NalKind.Picture or NalKind.RandomAccess) break;
            if (!_sets.TryGetValue(kind, out var known)) continue;
            if (!MakesSense(kind, unit)) continue;
            if (Contains(known, unit)) continue;
            changed = true;
            if (kind == NalKind.SequenceParameters)
            {
                ReplaceSequence(known, annexB);
                continue;
            }

            if (known.Count >= MaxSets) known.Clear();
            ReplaceSameId(known, kind, unit);
        }

        if (changed) Format = Describe();
    }

    private bool MakesSense(NalKind kind, ReadOnlySpan<byte> unit) =>
        unit.Length <= LongestSet && (kind != NalKind.SequenceParameters || SequenceParameters.Read(codec, unit) is not null);

    private static bool Contains(List<byte[]> known, ReadOnlySpan<byte> unit)
    {
        foreach (var set in known)
        {
            if (unit.SequenceEqual(set)) return true;
        }

        return false;
    }

    // A sequence that has begun anew: those that come with the new set are all there are.
    private void ReplaceSequence(List<byte[]> known, ReadOnlySpan<byte> annexB)
    {
        known.Clear();
        foreach (var unit in new AnnexB(annexB))
        {
            var kind = NalKinds.Of(codec, unit[0]);
            if (kind is NalKind.Picture or NalKind.RandomAccess) break;
            if (kind != NalKind.SequenceParameters || known.Count == MaxSets) continue;
            if (MakesSense(kind, unit) && !Contains(known, unit)) known.Add(unit.ToArray());
        }
    }

    // A picture parameter set replaces the one with its number and leaves the others.
    private void ReplaceSameId(List<byte[]> known, NalKind kind, ReadOnlySpan<byte> unit)
    {
        var id = Id(kind, unit);
        known.RemoveAll(set => Id(kind, set) == id);
        known.Add(unit.ToArray());
    }

    private uint Id(NalKind kind, ReadOnlySpan<byte> unit)
    {
        var header = codec == "hevc" ? 2 : 1;
        if (unit.Length <= header) return 0;
        var bits = new BitReader(unit[header..]);
        return kind == NalKind.VideoParameters ? bits.Bits(4) : bits.Unsigned();
    }

    private VideoFormat? Describe()
    {
        var sequence = _sets[NalKind.SequenceParameters];
        if (sequence.Count == 0 || _sets[NalKind.PictureParameters].Count == 0 || (codec == "hevc" && _sets[NalKind.VideoParameters].Count == 0)) return null;
        if (SequenceParameters.Read(codec, sequence[^1]) is not { } parameters) return null;
        var extradata = new ArrayBufferWriter<byte>();
        foreach (var set in _sets.Values.SelectMany(sets => sets)) AnnexB.Append(extradata, set);
        return new VideoFormat
        {
            Codec = codec,
            Width = parameters.Width,
            Height = parameters.Height,
            Profile = parameters.Profile,
            ReorderDepth = parameters.ReorderDepth,
            Extradata = extradata.WrittenSpan.ToArray(),
        };
    }
}
