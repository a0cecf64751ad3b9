using System.Collections.Concurrent;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>Makes references that call through one silo or client.</summary>
internal sealed class ReferenceFactory(Caller caller)
{
    private readonly ConcurrentDictionary<Type, (GrainInterface Interface, Func<Caller, GrainId, GrainInterface, GrainReference> Make)> _makers = new();

    public static void Write(WireWriter writer, IAddressable grain, Type declared)
    {
        var (id, name) = grain switch
        {
            GrainReference reference => (reference.Id, reference.Interface.Name),
            // A grain that passes itself travels as a reference, as long as the place says through which interface.
            IGrainBase { GrainContext: { } context } when declared.IsInterface => (context.GrainId, GrainInterface.For(declared).Name),
            _ => throw new CodecNotFoundException($"{grain.GetType()} cannot cross a grain call: pass a reference made by CreateObjectReference or AsReference."),
        };
        BuiltInCodecs.WriteGrainId(writer, id);
        writer.WriteString(name);
    }

    public GrainReference Create(GrainId id, Type interfaceType)
    {
        if (!GrainInterface.IsGrainInterface(interfaceType)) throw new ArgumentException($"{interfaceType} is not a grain interface.", nameof(interfaceType));
        var (type, make) = _makers.GetOrAdd(interfaceType, static t =>
        {
            var grainInterface = GrainInterface.For(t);
            return (grainInterface, ReferenceTypes.ConstructorFor(grainInterface));
        });
        return make(caller, id, type);
    }

    public GrainReference Read(WireReader reader)
    {
        var id = BuiltInCodecs.ReadGrainId(reader);
        var name = reader.ReadString() ?? "";
        var type = GrainInterface.Find(name) ?? throw new CodecNotFoundException($"This process does not know the grain interface \"{name}\".");
        return Create(id, type.Type);
    }
}
