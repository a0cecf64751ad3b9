namespace Orleans.Serialization;

/// <summary>Writes and reads the content of values of exactly one type: no null, no derived type.</summary>
internal abstract class Codec
{
    /// <summary>Types of which values are inside, to be checked when a silo starts.</summary>
    public virtual IEnumerable<Type> Parts => [];

    public abstract void WriteObject(WireWriter writer, object value);

    public abstract object ReadObject(WireReader reader, int number);
}

/// <inheritdoc/>
internal abstract class Codec<T> : Codec
{
    public abstract void Write(WireWriter writer, T value);

    /// <param name="reader">Where from.</param>
    /// <param name="number">For <see cref="WireReader.Track"/>, when members may point back to the object; -1 for values that are not tracked.</param>
    public abstract T Read(WireReader reader, int number);

    public sealed override void WriteObject(WireWriter writer, object value) => Write(writer, (T)value);

    public sealed override object ReadObject(WireReader reader, int number) => Read(reader, number)!;
}

/// <summary>A codec made of two functions.</summary>
internal sealed class SimpleCodec<T>(Action<WireWriter, T> write, Func<WireReader, T> read) : Codec<T>
{
    public override void Write(WireWriter writer, T value) => write(writer, value);

    public override T Read(WireReader reader, int number) => read(reader);
}
