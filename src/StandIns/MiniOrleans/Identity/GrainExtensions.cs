using System.Globalization;

namespace Orleans;

/// <summary>The identity behind a reference, or of a grain from inside.</summary>
public static class GrainExtensions
{
    /// <summary>A reference to pass to others; a grain passes this and never itself.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) => (TGrainInterface)AsReference(grain, typeof(TGrainInterface));

    /// <summary>A reference to pass to others; a grain passes this and never itself.</summary>
    public static object AsReference(this IAddressable grain, Type interfaceType) => grain switch
    {
        GrainReference reference => reference.Caller.References.Create(reference.Id, interfaceType),
        IGrainBase { GrainContext: ActivationData activation } => activation.Silo.Caller.References.Create(activation.GrainId, interfaceType),
        _ => throw new ArgumentException($"{grain.GetType()} is neither a reference nor an active grain.", nameof(grain)),
    };

    /// <summary>The same grain through another interface.</summary>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => AsReference<TGrainInterface>(grain);

    /// <summary>The identity.</summary>
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.Id,
        IGrainBase { GrainContext: { } context } => context.GrainId,
        _ => throw new ArgumentException($"{grain.GetType()} is neither a reference nor an active grain.", nameof(grain)),
    };

    /// <summary>The key as text; an integer's is upper-case hexadecimal.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString()!;

    /// <summary>The integer key.</summary>
    /// <exception cref="InvalidOperationException">It is not one.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain)
    {
        var key = grain.GetPrimaryKeyString();
        return long.TryParse(key, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidOperationException($"The key \"{key}\" is not an integer's.");
    }

    /// <summary>The <see cref="Guid"/> key.</summary>
    /// <exception cref="InvalidOperationException">It is not one.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain)
    {
        var key = grain.GetPrimaryKeyString();
        return Guid.TryParseExact(key, "N", out var value) ? value : throw new InvalidOperationException($"The key \"{key}\" is not a Guid's.");
    }
}
