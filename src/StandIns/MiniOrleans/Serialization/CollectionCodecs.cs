using System.Collections.Immutable;

namespace Orleans.Serialization;

/// <summary>A collection: how many, then each.</summary>
internal abstract class CollectionCodec<TCollection, TElement> : Codec<TCollection> where TCollection : IEnumerable<TElement>
{
    public override IEnumerable<Type> Parts => [typeof(TElement)];

    public override void Write(WireWriter writer, TCollection value)
    {
        var slot = Slot<TElement>.Instance;
        writer.WriteUnsigned((ulong)Count(value));
        foreach (var element in value) slot.Write(writer, element);
    }

    public override TCollection Read(WireReader reader, int number) => Make(ReadElements(reader, new TElement[reader.ReadCount()]));

    protected static TElement[] ReadElements(WireReader reader, TElement[] elements)
    {
        var slot = Slot<TElement>.Instance;
        for (var i = 0; i < elements.Length; i++) elements[i] = slot.Read(reader);
        return elements;
    }

    protected abstract int Count(TCollection value);

    protected abstract TCollection Make(TElement[] elements);
}

internal sealed class ArrayCodec<T> : CollectionCodec<T[], T>
{
    public override T[] Read(WireReader reader, int number)
    {
        var array = new T[reader.ReadCount()];
        if (number >= 0) reader.Track(number, array);
        return ReadElements(reader, array);
    }

    protected override int Count(T[] value) => value.Length;

    protected override T[] Make(T[] elements) => elements;
}

internal sealed class ListCodec<T> : CollectionCodec<List<T>, T>
{
    public override List<T> Read(WireReader reader, int number)
    {
        var count = reader.ReadCount();
        var list = new List<T>(count);
        if (number >= 0) reader.Track(number, list);
        var slot = Slot<T>.Instance;
        for (var i = 0; i < count; i++) list.Add(slot.Read(reader));
        return list;
    }

    protected override int Count(List<T> value) => value.Count;

    protected override List<T> Make(T[] elements) => [.. elements];
}

internal sealed class QueueCodec<T> : CollectionCodec<Queue<T>, T>
{
    protected override int Count(Queue<T> value) => value.Count;

    protected override Queue<T> Make(T[] elements) => new(elements);
}

internal sealed class StackCodec<T> : CollectionCodec<Stack<T>, T>
{
    protected override int Count(Stack<T> value) => value.Count;

    protected override Stack<T> Make(T[] elements)
    {
        Array.Reverse(elements);
        return new(elements);
    }
}

internal sealed class ImmutableArrayCodec<T> : Codec<ImmutableArray<T>>
{
    public override IEnumerable<Type> Parts => [typeof(T)];

    public override void Write(WireWriter writer, ImmutableArray<T> value)
    {
        writer.WriteByte(value.IsDefault ? (byte)0 : (byte)1);
        if (value.IsDefault) return;
        var slot = Slot<T>.Instance;
        writer.WriteUnsigned((ulong)value.Length);
        foreach (var element in value) slot.Write(writer, element);
    }

    public override ImmutableArray<T> Read(WireReader reader, int number)
    {
        if (reader.ReadByte() == 0) return default;
        var slot = Slot<T>.Instance;
        var elements = new T[reader.ReadCount()];
        for (var i = 0; i < elements.Length; i++) elements[i] = slot.Read(reader);
        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(elements);
    }
}

internal sealed class ImmutableListCodec<T> : CollectionCodec<ImmutableList<T>, T>
{
    protected override int Count(ImmutableList<T> value) => value.Count;

    protected override ImmutableList<T> Make(T[] elements) => [.. elements];
}

internal sealed class ImmutableHashSetCodec<T> : CollectionCodec<ImmutableHashSet<T>, T>
{
    protected override int Count(ImmutableHashSet<T> value) => value.Count;

    protected override ImmutableHashSet<T> Make(T[] elements) => [.. elements];
}

internal sealed class HashSetCodec<T> : Codec<HashSet<T>>
{
    public override IEnumerable<Type> Parts => [typeof(T)];

    public override void Write(WireWriter writer, HashSet<T> value)
    {
        Comparers.Write(writer, value.Comparer);
        var slot = Slot<T>.Instance;
        writer.WriteUnsigned((ulong)value.Count);
        foreach (var element in value) slot.Write(writer, element);
    }

    public override HashSet<T> Read(WireReader reader, int number)
    {
        var set = new HashSet<T>(Comparers.Read<T>(reader));
        if (number >= 0) reader.Track(number, set);
        var slot = Slot<T>.Instance;
        for (var left = reader.ReadCount(); left > 0; left--) set.Add(slot.Read(reader));
        return set;
    }
}

internal sealed class DictionaryCodec<TKey, TValue> : Codec<Dictionary<TKey, TValue>> where TKey : notnull
{
    public override IEnumerable<Type> Parts => [typeof(TKey), typeof(TValue)];

    public override void Write(WireWriter writer, Dictionary<TKey, TValue> value)
    {
        Comparers.Write(writer, value.Comparer);
        writer.WriteUnsigned((ulong)value.Count);
        foreach (var (key, element) in value)
        {
            Slot<TKey>.Instance.Write(writer, key);
            Slot<TValue>.Instance.Write(writer, element);
        }
    }

    public override Dictionary<TKey, TValue> Read(WireReader reader, int number)
    {
        var dictionary = new Dictionary<TKey, TValue>(Comparers.Read<TKey>(reader));
        if (number >= 0) reader.Track(number, dictionary);
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var key = Slot<TKey>.Instance.Read(reader);
            dictionary.Add(key, Slot<TValue>.Instance.Read(reader));
        }

        return dictionary;
    }
}

internal sealed class ImmutableDictionaryCodec<TKey, TValue> : Codec<ImmutableDictionary<TKey, TValue>> where TKey : notnull
{
    public override IEnumerable<Type> Parts => [typeof(TKey), typeof(TValue)];

    public override void Write(WireWriter writer, ImmutableDictionary<TKey, TValue> value)
    {
        Comparers.Write(writer, value.KeyComparer);
        writer.WriteUnsigned((ulong)value.Count);
        foreach (var (key, element) in value)
        {
            Slot<TKey>.Instance.Write(writer, key);
            Slot<TValue>.Instance.Write(writer, element);
        }
    }

    public override ImmutableDictionary<TKey, TValue> Read(WireReader reader, int number)
    {
        var dictionary = ImmutableDictionary.CreateBuilder<TKey, TValue>(Comparers.Read<TKey>(reader));
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var key = Slot<TKey>.Instance.Read(reader);
            dictionary.Add(key, Slot<TValue>.Instance.Read(reader));
        }

        return dictionary.ToImmutable();
    }
}

/// <summary>The comparers that a set or dictionary can bring along.</summary>
internal static class Comparers
{
    public static void Write<T>(WireWriter writer, IEqualityComparer<T>? comparer)
    {
        if (comparer is null || comparer.Equals(EqualityComparer<T>.Default)) writer.WriteByte(0);
        else if (comparer.Equals(StringComparer.Ordinal)) writer.WriteByte(1);
        else if (comparer.Equals(StringComparer.OrdinalIgnoreCase)) writer.WriteByte(2);
        else throw new CodecNotFoundException($"The comparer {comparer.GetType()} cannot cross a grain call.");
    }

    public static IEqualityComparer<T>? Read<T>(WireReader reader) => reader.ReadByte() switch
    {
        1 => (IEqualityComparer<T>)(object)StringComparer.Ordinal,
        2 => (IEqualityComparer<T>)(object)StringComparer.OrdinalIgnoreCase,
        _ => null,
    };
}
