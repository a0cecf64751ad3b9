using System.Buffers.Binary;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>Reads the tables of a file's index by the letter of ISO 14496-12, 8.6 and 8.7, with nothing of the recorder's own readers.</summary>
internal static class IndexTables
{
    /// <summary>A sample as the tables have it; <paramref name="Decode"/> counts from the track's first sample.</summary>
    public sealed record Entry(long Position, int Length, long Decode, int Offset, bool IsSync);

    /// <summary>All samples of a track, from 0.</summary>
    public static List<Entry> Read(byte[] file, int track)
    {
        var movie = Find(file, [.. "moov"u8], 0)!.Value;
        var tracks = All(movie.Span, "trak"u8);
        var tables = Path(movie.Slice(tracks[track].From, tracks[track].Length), "mdia", "minf", "stbl");
        var lengths = Numbers(tables, "stsz", skip: 12, width: 4);
        var durations = Runs(tables, "stts");
        var offsets = Runs(tables, "ctts");
        var syncs = Has(tables, "stss") ? Numbers(tables, "stss", skip: 8, width: 4).ToHashSet() : null;
        var positions = Has(tables, "co64") ? Numbers(tables, "co64", skip: 8, width: 8) : Numbers(tables, "stco", skip: 8, width: 4);
        var counts = Counts(tables, positions.Count);

        var entries = new List<Entry>();
        var decode = 0L;
        for (var chunk = 0; chunk < positions.Count; chunk++)
        {
            var at = positions[chunk];
            for (var i = 0; i < counts[chunk]; i++)
            {
                var n = entries.Count;
                entries.Add(new Entry(at, (int)lengths[n], decode, offsets.Count > 0 ? (int)offsets[n] : 0, syncs?.Contains(n + 1) ?? true));
                at += lengths[n];
                decode += durations[n];
            }
        }

        if (entries.Count != lengths.Count || durations.Count != lengths.Count) throw new InvalidDataException("the tables do not agree");
        return entries;
    }

    // stsc: first chunk, samples a chunk, description.
    private static List<int> Counts(ReadOnlyMemory<byte> tables, int chunks)
    {
        var body = Find(tables.ToArray(), [.. "stsc"u8], 0)!.Value.Span;
        var counts = new List<int>();
        var entries = BinaryPrimitives.ReadInt32BigEndian(body[4..]);
        for (var i = 0; i < entries; i++)
        {
            var until = i + 1 < entries ? BinaryPrimitives.ReadInt32BigEndian(body[(8 + ((i + 1) * 12))..]) - 1 : chunks;
            while (counts.Count < until) counts.Add(BinaryPrimitives.ReadInt32BigEndian(body[(12 + (i * 12))..]));
        }

        return counts;
    }

    private static List<long> Runs(ReadOnlyMemory<byte> tables, string name)
    {
        var values = new List<long>();
        if (!Has(tables, name)) return values;
        var body = Body(tables, name).Span;
        for (var i = 0; i < BinaryPrimitives.ReadInt32BigEndian(body[4..]); i++)
        {
            for (var n = BinaryPrimitives.ReadInt32BigEndian(body[(8 + (i * 8))..]); n > 0; n--) values.Add(BinaryPrimitives.ReadInt32BigEndian(body[(12 + (i * 8))..]));
        }

        return values;
    }

    private static List<long> Numbers(ReadOnlyMemory<byte> tables, string name, int skip, int width)
    {
        var body = Body(tables, name).Span;
        var numbers = new List<long>();
        for (var at = skip; at < body.Length; at += width) numbers.Add(width == 8 ? BinaryPrimitives.ReadInt64BigEndian(body[at..]) : BinaryPrimitives.ReadUInt32BigEndian(body[at..]));
        if (numbers.Count != BinaryPrimitives.ReadInt32BigEndian(body[(skip - 4)..])) throw new InvalidDataException($"{name} has another length than it says");
        return numbers;
    }

    private static bool Has(ReadOnlyMemory<byte> tables, string name) => Find(tables.ToArray(), System.Text.Encoding.ASCII.GetBytes(name), 0) is not null;

    private static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> tables, string name) => Find(tables.ToArray(), System.Text.Encoding.ASCII.GetBytes(name), 0)!.Value;

    private static ReadOnlyMemory<byte> Path(ReadOnlyMemory<byte> box, params string[] names) => names.Aggregate(box, Body);

    private static List<(int From, int Length)> All(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var found = new List<(int, int)>();
        for (var at = 0; at < body.Length; at += BinaryPrimitives.ReadInt32BigEndian(body[at..]))
        {
            if (body.Slice(at + 4, 4).SequenceEqual(name)) found.Add((at + 8, BinaryPrimitives.ReadInt32BigEndian(body[at..]) - 8));
        }

        return found;
    }

    private static ReadOnlyMemory<byte>? Find(byte[] data, byte[] name, long from)
    {
        for (var at = from; at < data.Length;)
        {
            long size = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan((int)at));
            var head = size == 1 ? 16 : 8;
            if (size == 1) size = BinaryPrimitives.ReadInt64BigEndian(data.AsSpan((int)at + 8));
            if (data.AsSpan((int)at + 4, 4).SequenceEqual(name)) return data.AsMemory((int)at + head, (int)size - head);
            at += size;
        }

        return null;
    }
}
