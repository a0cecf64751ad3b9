using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Serialization;

/// <summary>One member of an object on the wire.</summary>
internal abstract class Member<TOwner>
{
    public static Member<TOwner> For(MemberInfo member)
    {
        var storage = ObjectLayout.StorageOf(member);
        var type = storage is FieldInfo field ? field.FieldType : ((PropertyInfo)storage).PropertyType;
        return (Member<TOwner>)Activator.CreateInstance(typeof(Member<,>).MakeGenericType(typeof(TOwner), type), storage)!;
    }

    public abstract void Write(WireWriter writer, ref TOwner owner);

    public abstract void Read(WireReader reader, ref TOwner owner);
}

/// <inheritdoc/>
internal sealed class Member<TOwner, TMember> : Member<TOwner>
{
    private readonly Getter _get;
    private readonly Setter _set;

    // Resolved at first use: a type may hold itself.
    private Slot<TMember>? _slot;

    public Member(MemberInfo storage)
    {
        _get = MakeGetter(storage);
        _set = MakeSetter(storage);
    }

    private delegate TMember Getter(ref TOwner owner);

    private delegate void Setter(ref TOwner owner, TMember value);

    public override void Write(WireWriter writer, ref TOwner owner) => (_slot ??= Slot<TMember>.Instance).Write(writer, _get(ref owner));

    public override void Read(WireReader reader, ref TOwner owner) => _set(ref owner, (_slot ??= Slot<TMember>.Instance).Read(reader));

    private static Getter MakeGetter(MemberInfo storage)
    {
        var method = new DynamicMethod("get", typeof(TMember), [typeof(TOwner).MakeByRefType()], typeof(Member<TOwner>).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        LoadOwner(il);
        if (storage is FieldInfo field) il.Emit(OpCodes.Ldfld, field);
        else il.Emit(typeof(TOwner).IsValueType ? OpCodes.Call : OpCodes.Callvirt, ((PropertyInfo)storage).GetGetMethod(nonPublic: true) ?? throw Unusable(storage));
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Getter>();
    }

    private static Setter MakeSetter(MemberInfo storage)
    {
        var method = new DynamicMethod("set", null, [typeof(TOwner).MakeByRefType(), typeof(TMember)], typeof(Member<TOwner>).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        LoadOwner(il);
        il.Emit(OpCodes.Ldarg_1);
        if (storage is FieldInfo field) il.Emit(OpCodes.Stfld, field);
        else il.Emit(typeof(TOwner).IsValueType ? OpCodes.Call : OpCodes.Callvirt, ((PropertyInfo)storage).GetSetMethod(nonPublic: true) ?? throw Unusable(storage));
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Setter>();
    }

    private static void LoadOwner(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (!typeof(TOwner).IsValueType) il.Emit(OpCodes.Ldind_Ref);
    }

    private static CodecNotFoundException Unusable(MemberInfo member) =>
        new($"{member.DeclaringType}.{member.Name} cannot cross a grain call: it cannot be both read and set.");
}
