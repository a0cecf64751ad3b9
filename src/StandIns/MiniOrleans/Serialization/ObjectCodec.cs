using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Serialization;

/// <summary>A type with [GenerateSerializer], an exception, or a tuple: its members one after the other.</summary>
internal sealed class ObjectCodec<T> : Codec<T>
{
    private readonly Member<T>[] _members;
    private readonly Func<T> _create;

    public ObjectCodec()
    {
        var members = ObjectLayout.MembersOf(typeof(T));
        Parts = [.. members.Select(member => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType)];
        _members = [.. members.Select(Member<T>.For)];
        if (typeof(Exception).IsAssignableFrom(typeof(T)))
            _members = [(Member<T>)Activator.CreateInstance(typeof(ExceptionMember<>).MakeGenericType(typeof(T)))!, .. _members];
        _create = Creator();
    }

    public override IEnumerable<Type> Parts { get; }

    public override void Write(WireWriter writer, T value)
    {
        foreach (var member in _members) member.Write(writer, ref value);
    }

    public override T Read(WireReader reader, int number)
    {
        var value = _create();
        if (number >= 0) reader.Track(number, value!);
        foreach (var member in _members) member.Read(reader, ref value);
        return value;
    }

    private static Func<T> Creator()
    {
        if (typeof(T).IsValueType) return static () => default!;
        var usable = typeof(T).GetConstructor(Type.EmptyTypes) is not null && !typeof(T).IsDefined(typeof(RequiredMemberAttribute), inherit: true);
        return usable
            ? Expression.Lambda<Func<T>>(Expression.New(typeof(T))).Compile()
            : static () => (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
    }
}
