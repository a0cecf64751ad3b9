namespace OrleansRecorder.Api.Downloads;

/// <summary>
/// Bounds what all downloads of this API have asked archives for and not yet received. All of it may come through one connection, whose silo breaks it, with every
/// call on it, when more waits there than it holds. No archive has more than a part of it, so that one that hangs holds up nobody who reads from others. First come, first
/// served, among those whose archive has room. Thread-safe.
/// </summary>
internal sealed class OutstandingPieces
{
    /// <summary>The most bytes at once: a quarter of what a silo holds for one connection, and what passes in far less time than a call may take.</summary>
    public const int MaxBytes = 32 << 20;

    /// <summary>The most bytes of one archive at once: what its machine sends in a tenth of a second.</summary>
    public const int MaxBytesOfOne = MaxBytes / 4;

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Archive, int Bytes, TaskCompletionSource Turn)> _waiting = [];
    private readonly Dictionary<string, int> _taken = [];
    private int _free = MaxBytes;

    /// <summary>Waits for room for a piece of at most <see cref="MaxBytesOfOne"/>; the room is free again when what is returned is disposed of.</summary>
    /// <exception cref="OperationCanceledException">It was not wanted any more before its turn came.</exception>
    public async ValueTask<Room> Take(string archive, int bytes, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytesOfOne);
        var place = new LinkedListNode<(string Archive, int Bytes, TaskCompletionSource Turn)>((archive, bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        lock (_gate)
        {
            _waiting.AddLast(place);
            Admit();
        }

        await using (cancellation.Register(() => Leave(place, cancellation))) await place.Value.Turn.Task;
        return new Room(this, archive, bytes);
    }

    private void Leave(LinkedListNode<(string Archive, int Bytes, TaskCompletionSource Turn)> place, CancellationToken cancellation)
    {
        lock (_gate)
        {
            // Its turn may just have come.
            if (!place.Value.Turn.TrySetCanceled(cancellation)) return;
            _waiting.Remove(place);
            Admit();
        }
    }

    private void GiveBack(string archive, int bytes)
    {
        lock (_gate)
        {
            _free += bytes;
            if ((_taken[archive] -= bytes) == 0) _taken.Remove(archive);
            Admit();
        }
    }

    // Who waits for an archive that has its part lets others by, but nobody of the same archive.
    private void Admit()
    {
        HashSet<string>? full = null;
        for (var place = _waiting.First; place is not null && place.Value.Bytes <= _free;)
        {
            var (archive, bytes, turn) = place.Value;
            var next = place.Next;
            var taken = _taken.GetValueOrDefault(archive) + bytes;
            if (full?.Contains(archive) is true || taken > MaxBytesOfOne)
            {
                (full ??= []).Add(archive);
            }
            else
            {
                _waiting.Remove(place);
                _free -= bytes;
                _taken[archive] = taken;
                turn.SetResult();
            }

            place = next;
        }
    }

    /// <summary>Room for one piece, until it is disposed of, once.</summary>
    internal readonly struct Room(OutstandingPieces pieces, string archive, int bytes) : IDisposable
    {
        public void Dispose() => pieces.GiveBack(archive, bytes);
    }
}
