namespace OrleansRecorder.Media.Mp4;

/// <summary>A track of a file that is to get an index.</summary>
/// <param name="Header">What the file says of it.</param>
/// <param name="Table">All its samples; their times count from the file's beginning.</param>
internal readonly record struct IndexedTrack(TrackHeader Header, SampleTable Table);

/// <summary>
/// Turns a fragmented file into one with a single index, in place. The index comes behind the fragments, inside a <c>free</c> box that no player looks into.
/// Then the placeholder at the front becomes the head of one <c>mdat</c>, which reaches over everything, the head of that <c>free</c> box included: what follows
/// it is the index's <c>moov</c>. Whatever prefix of these writes has reached the file, it is either still the fragmented one or already the other.
/// </summary>
internal static class Folding
{
    private const int FreeHead = 8;
    private const int FlushSize = 64 << 10;

    /// <summary>An empty box with the room of a head with a 64-bit size.</summary>
    public static ReadOnlySpan<byte> Placeholder => [0, 0, 0, 16, (byte)'f', (byte)'r', (byte)'e', (byte)'e', 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>What the placeholder's first bytes become: its size is in the others now.</summary>
    public static ReadOnlySpan<byte> TurnedHead => [0, 0, 0, 1, (byte)'m', (byte)'d', (byte)'a', (byte)'t'];

    /// <summary>Where the placeholder lies: behind the <c>ftyp</c> of <see cref="MovieHeader"/>. No sector ends within it.</summary>
    public const int PlaceholderAt = 32;

    /// <summary>Writes the index behind the file's end, then turns the placeholder; returns the file's new length.</summary>
    /// <param name="tracks">One or more, each with samples.</param>
    /// <param name="startedAt">When the recording began.</param>
    /// <param name="end">The file's length.</param>
    /// <param name="output">Does the writes, in order.</param>
    /// <param name="settle">Called when all is written but the head that makes it count: brings it to the disk itself, so that no loss of power leaves the head without it.</param>
    public static long Write(IReadOnlyList<IndexedTrack> tracks, DateTimeOffset startedAt, long end, FileOutput output, Action? settle)
    {
        var boxes = new BoxWriter();
        var at = end;
        var index = new MovieIndex(tracks, startedAt);
        boxes.UInt32(checked((uint)(FreeHead + index.Length)));
        boxes.Bytes("free"u8);
        index.Write(boxes, () =>
        {
            if (boxes.Length < FlushSize) return;
            output(at, boxes.Written);
            at += boxes.Length;
            boxes.Clear();
        });
        output(at, boxes.Written);
        at += boxes.Length;
        settle?.Invoke();
        Turn(end + FreeHead, output);
        return at;
    }

    // First the 64-bit size, where it is still the inside of the placeholder; then the head that makes it count. In the middle of that the box has a name that
    // no player knows, or still that of an empty one, and already the new size.
    private static void Turn(long movieAt, FileOutput output)
    {
        var boxes = new BoxWriter();
        boxes.UInt64((ulong)(movieAt - PlaceholderAt));
        output(PlaceholderAt + TurnedHead.Length, boxes.Written);
        output(PlaceholderAt, TurnedHead);
    }
}
