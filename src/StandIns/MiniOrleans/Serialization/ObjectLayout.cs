using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Serialization;

/// <summary>Which members of a type cross a grain call, in which order.</summary>
internal static class ObjectLayout
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static bool IsMarked(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    public static bool IsKnown(Type type) => !type.IsAbstract && !type.IsInterface && (IsMarked(type) || IsPlainTuple(type) || typeof(Exception).IsAssignableFrom(type));

    public static bool IsAllowedException(Type type, ExceptionSerializationOptions? options)
    {
        options ??= new ExceptionSerializationOptions();
        return options.SupportedNamespacePrefixes.Any(prefix =>
                type.Namespace == prefix || type.Namespace?.StartsWith(prefix + ".", StringComparison.Ordinal) == true)
            || options.SupportedExceptionTypeFilter(type);
    }

    /// <summary>Base types first; in each type the parameters of a record's primary constructor, then by number.</summary>
    /// <exception cref="CodecNotFoundException">A base type cannot cross a call, or two members have one number.</exception>
    public static IReadOnlyList<MemberInfo> MembersOf(Type type)
    {
        if (IsPlainTuple(type)) return type.GetFields(Declared);
        var levels = new Stack<Type>();
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            if (typeof(Exception).IsAssignableFrom(level) && !IsMarked(level)) break;
            if (!IsMarked(level)) throw new CodecNotFoundException($"{type} cannot cross a grain call: its base {level} has no [GenerateSerializer].");
            levels.Push(level);
        }

        return [.. levels.SelectMany(MembersDeclaredBy)];
    }

    /// <summary>The field behind an automatic property, which even an init-only one lets us set; else the member itself.</summary>
    public static MemberInfo StorageOf(MemberInfo member) =>
        member is PropertyInfo property && property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", Declared) is { } field ? field : member;

    private static IEnumerable<MemberInfo> MembersDeclaredBy(Type type)
    {
        var positional = PrimaryConstructorProperties(type);
        var numbered = type.GetMembers(Declared)
            .Where(member => member is FieldInfo or PropertyInfo && !positional.Contains(member))
            .Select(member => (Member: member, member.GetCustomAttribute<IdAttribute>()?.Id))
            .Where(member => member.Id is not null)
            .OrderBy(member => member.Id)
            .ToList();
        var twice = numbered.GroupBy(member => member.Id).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new CodecNotFoundException($"{type} cannot cross a grain call: two members have [Id({twice.Key})].");
        return positional.Concat(numbered.Select(member => member.Member));
    }

    // The compiler gives a positional record a Deconstruct with the names of its parameters.
    private static List<MemberInfo> PrimaryConstructorProperties(Type type)
    {
        var deconstruct = type.GetMethods(Declared).FirstOrDefault(method => method.Name == "Deconstruct" && method.IsDefined(typeof(CompilerGeneratedAttribute)));
        if (deconstruct is null) return [];
        return [.. deconstruct.GetParameters().Select(parameter => (MemberInfo?)type.GetProperty(parameter.Name!, Declared)).OfType<MemberInfo>()];
    }

    private static bool IsPlainTuple(Type type) =>
        (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)) || (typeof(ITuple).IsAssignableFrom(type) && type.Namespace == "System");
}
