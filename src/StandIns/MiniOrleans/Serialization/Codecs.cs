using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Reflection;

namespace Orleans.Serialization;

/// <summary>The codec of every type that can cross a grain call.</summary>
internal static class Codecs
{
    private static readonly ConcurrentDictionary<Type, Codec> Bodies = new(BuiltInCodecs.All);

    private static readonly Dictionary<Type, Type> Generic = new()
    {
        [typeof(Nullable<>)] = typeof(NullableCodec<>),
        [typeof(List<>)] = typeof(ListCodec<>),
        [typeof(HashSet<>)] = typeof(HashSetCodec<>),
        [typeof(Queue<>)] = typeof(QueueCodec<>),
        [typeof(Stack<>)] = typeof(StackCodec<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryCodec<,>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCodec<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListCodec<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetCodec<>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryCodec<,>),
    };

    /// <summary>The codec for values of exactly this type.</summary>
    /// <exception cref="CodecNotFoundException">The type cannot cross a call.</exception>
    public static Codec Body(Type type, ExceptionSerializationOptions? exceptions = null)
    {
        if (typeof(Exception).IsAssignableFrom(type) && !ObjectLayout.IsMarked(type) && !ObjectLayout.IsAllowedException(type, exceptions)) throw NotFound(type);
        return Bodies.GetOrAdd(type, Create);
    }

    /// <summary>A place declared with the type.</summary>
    /// <exception cref="CodecNotFoundException">The type cannot cross a call.</exception>
    public static Slot<T> CreateSlot<T>()
    {
        if (typeof(T) == typeof(string)) return (Slot<T>)(object)new StringSlot();
        return typeof(T).IsValueType
            ? new ValueSlot<T>((Codec<T>)Body(typeof(T)))
            : (Slot<T>)Activator.CreateInstance(typeof(ReferenceSlot<>).MakeGenericType(typeof(T)))!;
    }

    /// <inheritdoc cref="CreateSlot{T}"/>
    public static Slot SlotOf(Type type)
    {
        try
        {
            return (Slot)typeof(Slot<>).MakeGenericType(type).GetProperty(nameof(Slot<int>.Instance), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is CodecNotFoundException inner)
        {
            throw new CodecNotFoundException(inner.Message);
        }
    }

    /// <summary>Names a type inside this one that cannot cross a call; null when all can. What only the value decides (interfaces, abstract classes) passes.</summary>
    public static Type? FindMissing(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type) || type.IsInterface || type.IsAbstract || type == typeof(object)) return null;
        try
        {
            return Body(type).Parts.Select(part => FindMissing(part, seen)).FirstOrDefault(missing => missing is not null);
        }
        catch (CodecNotFoundException)
        {
            return type;
        }
    }

    private static Codec Create(Type type)
    {
        if (type.IsEnum) return Make(typeof(EnumCodec<>), type);
        if (type.IsSZArray) return Make(typeof(ArrayCodec<>), type.GetElementType()!);
        if (type.IsGenericType && Generic.TryGetValue(type.GetGenericTypeDefinition(), out var codec)) return Make(codec, type.GetGenericArguments());
        if (ObjectLayout.IsKnown(type)) return Make(typeof(ObjectCodec<>), type);
        throw NotFound(type);
    }

    private static Codec Make(Type codec, params Type[] arguments) => (Codec)Activator.CreateInstance(codec.MakeGenericType(arguments))!;

    private static CodecNotFoundException NotFound(Type type) =>
        new($"{type} cannot cross a grain call: it has no [GenerateSerializer], and there is no codec for it.");
}
