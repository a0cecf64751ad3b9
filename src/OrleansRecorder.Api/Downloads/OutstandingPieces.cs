namespace OrleansRecorder.Api.Downloads;

/// <summary>
/// Bounds what all downloads of this API have asked archives for and not yet received. All of it may come through one connection, whose silo breaks it, with every
/// call on it, when more waits there than it holds. First come, first served. Thread-safe.
/// </summary>
internal sealed class OutstandingPieces
{
    /// <summary>The most bytes at once: a quarter of what a silo holds for one connection, and what passes in far less time than a call may take.</summary>
    public const int MaxBytes = 32 << 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<(int Bytes, TaskCompletionSource Turn)> _waiting = [];
    private int _free = MaxBytes;

    /// <summary>Waits for room for a piece of at most <see cref="MaxBytes"/>; the room is free again when what is returned is disposed of.</summary>
    /// <exception cref="OperationCanceledException">It was not wanted any more before its turn came.</exception>
    public async ValueTask<Room> Take(int bytes, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytes);
        LinkedListNode<(int Bytes, TaskCompletionSource Turn)> place;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _free >= bytes)
            {
                _free -= bytes;
                return new Room(this, bytes);
            }

            place = _waiting.AddLast((bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        await using (cancellation.Register(() => Leave(place, cancellation))) await place.Value.Turn.Task;
        return new Room(this, bytes);
    }

    private void Leave(LinkedListNode<(int Bytes, TaskCompletionSource Turn)> place, CancellationToken cancellation)
    {
        lock (_gate)
        {
            // Its turn may just have come.
            if (!place.Value.Turn.TrySetCanceled(cancellation)) return;
            _waiting.Remove(place);
            Admit();
        }
    }

    private void GiveBack(int bytes)
    {
        lock (_gate)
        {
            _free += bytes;
            Admit();
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } first && first.Value.Bytes <= _free)
        {
            _waiting.RemoveFirst();
            _free -= first.Value.Bytes;
            first.Value.Turn.SetResult();
        }
    }

    /// <summary>Room for one piece, until it is disposed of, once.</summary>
    internal readonly struct Room(OutstandingPieces pieces, int bytes) : IDisposable
    {
        public void Dispose() => pieces.GiveBack(bytes);
    }
}
