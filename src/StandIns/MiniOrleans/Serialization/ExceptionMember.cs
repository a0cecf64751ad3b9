using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Orleans.Serialization;

/// <summary>What every exception brings along: message, inner exceptions, and the stack trace of where it was thrown.</summary>
internal sealed class ExceptionMember<T> : Member<T> where T : Exception
{
    public override void Write(WireWriter writer, ref T owner)
    {
        writer.WriteString(ExceptionFields.Message(owner));
        writer.WriteString(owner.StackTrace);
        writer.WriteSigned(owner.HResult);
        writer.WriteString((owner as ArgumentException)?.ParamName);
        Slot<Exception?>.Instance.Write(writer, owner.InnerException);
        if (owner is AggregateException aggregate) Slot<Exception[]>.Instance.Write(writer, [.. aggregate.InnerExceptions]);
    }

    public override void Read(WireReader reader, ref T owner)
    {
        ExceptionFields.Message(owner) = reader.ReadString();
        var stackTrace = reader.ReadString();
        owner.HResult = (int)reader.ReadSigned();
        var parameter = reader.ReadString();
        if (owner is ArgumentException argument) ExceptionFields.Parameter(argument) = parameter;
        ExceptionFields.Inner(owner) = Slot<Exception?>.Instance.Read(reader);
        if (owner is AggregateException aggregate) ExceptionFields.InnerExceptions(aggregate) = Slot<Exception[]>.Instance.Read(reader);
        if (stackTrace is not null) ExceptionDispatchInfo.SetRemoteStackTrace(owner, stackTrace);
    }
}

/// <summary>The framework's own fields, which have no setters.</summary>
internal static class ExceptionFields
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    public static extern ref string? Message(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    public static extern ref Exception? Inner(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_paramName")]
    public static extern ref string? Parameter(ArgumentException exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerExceptions")]
    public static extern ref Exception[] InnerExceptions(AggregateException exception);
}
