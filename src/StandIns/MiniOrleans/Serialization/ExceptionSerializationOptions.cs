namespace Orleans.Serialization;

/// <summary>Which exceptions without <see cref="GenerateSerializerAttribute"/> arrive as themselves.</summary>
public sealed class ExceptionSerializationOptions
{
    /// <summary>Starts of namespaces. Default: System, Microsoft, Azure.</summary>
    public HashSet<string> SupportedNamespacePrefixes { get; } = ["System", "Microsoft", "Azure"];

    /// <summary>Says yes to further types. Default: none.</summary>
    public Func<Type, bool> SupportedExceptionTypeFilter { get; set; } = _ => false;
}
