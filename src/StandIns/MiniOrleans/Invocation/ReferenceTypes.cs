using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>Makes, once an interface, the type whose instances are references: each method packs its arguments and calls <see cref="GrainReference"/>.</summary>
internal static class ReferenceTypes
{
    private static readonly AssemblyBuilder Generated = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Orleans.References"), AssemblyBuilderAccess.Run);
    private static readonly ModuleBuilder Module = Generated.DefineDynamicModule("Orleans.References");
    private static readonly ConcurrentDictionary<Type, Lazy<Func<Caller, GrainId, GrainInterface, GrainReference>>> Constructors = new();
    private static readonly HashSet<string> Opened = [];
    private static readonly Lock Emitting = new();
    private static int _count;

    public static Func<Caller, GrainId, GrainInterface, GrainReference> ConstructorFor(GrainInterface type) =>
        Constructors.GetOrAdd(type.Type, static (_, t) => new(() => Emit(t)), type).Value;

    private static Func<Caller, GrainId, GrainInterface, GrainReference> Emit(GrainInterface type)
    {
        lock (Emitting)
        {
            OpenAccessTo(typeof(GrainReference).Assembly);
            foreach (var used in type.Type.GetInterfaces().Append(type.Type)) OpenAccessTo(used.Assembly);

            Type[] parameters = [typeof(Caller), typeof(GrainId), typeof(GrainInterface)];
            var builder = Module.DefineType($"{type.Type.Name}Reference{_count++}", TypeAttributes.Class | TypeAttributes.Sealed | TypeAttributes.Public, typeof(GrainReference), [type.Type]);
            EmitConstructor(builder, parameters);
            for (var i = 0; i < type.Methods.Count; i++) EmitMethod(builder, type.Methods[i], i);
            var made = builder.CreateType();

            var arguments = parameters.Select(Expression.Parameter).ToArray();
            return Expression.Lambda<Func<Caller, GrainId, GrainInterface, GrainReference>>(Expression.New(made.GetConstructor(parameters)!, arguments), arguments).Compile();
        }
    }

    private static void EmitConstructor(TypeBuilder builder, Type[] parameters)
    {
        var il = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, parameters)!);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder builder, GrainMethod method, int index)
    {
        Type[] parameters = [.. method.Info.GetParameters().Select(parameter => parameter.ParameterType)];
        // A private name: two base interfaces may have methods of one name.
        var made = builder.DefineMethod(
            $"{method.Interface.Name}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot | MethodAttributes.HideBySig,
            method.Info.ReturnType,
            parameters);
        var il = made.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldc_I4, parameters.Length);
        il.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg, i + 1);
            if (parameters[i].IsValueType) il.Emit(OpCodes.Box, parameters[i]);
            il.Emit(OpCodes.Stelem_Ref);
        }

        il.Emit(OpCodes.Call, method.Return.Caller);
        il.Emit(OpCodes.Ret);
        builder.DefineMethodOverride(made, method.Info);
    }

    // The generated code implements internal interfaces and calls internal types.
    private static void OpenAccessTo(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (!Opened.Add(name)) return;
        var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        Generated.SetCustomAttribute(new CustomAttributeBuilder(constructor, [name]));
    }
}
