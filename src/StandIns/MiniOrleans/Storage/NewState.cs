using System.Runtime.CompilerServices;

namespace Orleans.Storage;

/// <summary>What a state is before anything was stored.</summary>
internal static class NewState
{
    public static T Of<T>()
    {
        if (typeof(T).IsValueType) return default!;
        if (typeof(T).GetConstructor(Type.EmptyTypes) is not null) return Activator.CreateInstance<T>();
        return typeof(T).IsAbstract || typeof(T) == typeof(string) || typeof(T).IsArray ? default! : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
    }
}
