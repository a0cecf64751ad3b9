using System.Buffers;
using OrleansRecorder.Media.Buffers;

namespace OrleansRecorder.Media.Rtp.Reception;

/// <summary>Copies of packets that came too early, by sequence number; at most <see cref="Window"/> numbers apart.</summary>
internal sealed class HeldPackets(ChunkPool pool) : IDisposable
{
    /// <summary>How many sequence numbers are waited for.</summary>
    public const int Window = 100;

    private const int Slots = 128;
    private const int MostBytes = 2 << 20;
    private Held[] _slots = [];
    private int _bytes;

    /// <summary>Packets held.</summary>
    public int Count { get; private set; }

    /// <summary>They take more memory than waiting is worth.</summary>
    public bool IsFull => _bytes > MostBytes;

    /// <summary>Keeps a copy. False when there is one with this number.</summary>
    public bool Hold(ushort sequence, ReadOnlySpan<byte> packet, TimeSpan arrival)
    {
        // Most tracks never need any.
        if (_slots.Length == 0) _slots = new Held[Slots];
        ref var slot = ref _slots[sequence % Slots];
        if (slot.Memory is not null) return false;
        slot = new Held(packet.Length <= ChunkPool.ChunkSize ? pool.Rent() : ArrayPool<byte>.Shared.Rent(packet.Length), packet.Length, sequence, arrival);
        packet.CopyTo(slot.Memory);
        Count++;
        _bytes += slot.Memory!.Length;
        return true;
    }

    /// <summary>Whether the packet with this number is there.</summary>
    public bool Holds(ushort sequence) => Count > 0 && _slots[sequence % Slots] is { Memory: not null } slot && slot.Sequence == sequence;

    /// <summary>Takes a packet out; <see cref="Release"/> it after use.</summary>
    public bool TryTake(ushort sequence, out Held held)
    {
        held = default;
        if (Count == 0) return false;
        ref var slot = ref _slots[sequence % Slots];
        held = slot;
        if (slot.Memory is null || slot.Sequence != sequence) return false;
        Count--;
        _bytes -= slot.Memory.Length;
        slot = default;
        return true;
    }

    /// <summary>The number of the first one at or after a number, and when it came; there must be one.</summary>
    public (ushort Sequence, TimeSpan Arrival) First(ushort from)
    {
        while (true)
        {
            ref var slot = ref _slots[from % Slots];
            if (slot.Memory is not null) return (slot.Sequence, slot.Arrival);
            from++;
        }
    }

    /// <summary>Gives a packet's memory back.</summary>
    public void Release(in Held held)
    {
        if (held.Memory.Length == ChunkPool.ChunkSize && held.Length <= ChunkPool.ChunkSize) pool.Return(held.Memory);
        else ArrayPool<byte>.Shared.Return(held.Memory);
    }

    /// <summary>Gives all memory back.</summary>
    public void Dispose()
    {
        for (var i = 0; i < Slots && Count > 0; i++)
        {
            if (_slots[i].Memory is not null && TryTake(_slots[i].Sequence, out var held)) Release(held);
        }
    }

    /// <summary>A packet that waits.</summary>
    internal readonly record struct Held(byte[] Memory, int Length, ushort Sequence, TimeSpan Arrival)
    {
        /// <summary>Its bytes.</summary>
        public ReadOnlySpan<byte> Data => Memory.AsSpan(0, Length);
    }
}
