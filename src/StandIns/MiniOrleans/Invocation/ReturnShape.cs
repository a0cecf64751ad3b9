using System.Reflection;

namespace Orleans.Runtime;

/// <summary>What a grain method returns: a task in one of its forms, a sequence, or nothing.</summary>
internal abstract class ReturnShape
{
    /// <summary>The type of the awaited result; null when there is none.</summary>
    public virtual Type? ResultType => null;

    /// <summary>The element type of a sequence; null for all others.</summary>
    public virtual Type? ElementType => null;

    /// <summary>The method of <see cref="GrainReference"/> that makes such a call.</summary>
    public abstract MethodInfo Caller { get; }

    public static ReturnShape Of(Type type)
    {
        if (type == typeof(void)) return new VoidShape();
        if (type == typeof(Task)) return new TaskShape();
        if (type == typeof(ValueTask)) return new ValueTaskShape();
        if (type.IsGenericType)
        {
            var definition = type.GetGenericTypeDefinition();
            var shape = definition == typeof(Task<>) ? typeof(TaskShape<>)
                : definition == typeof(ValueTask<>) ? typeof(ValueTaskShape<>)
                : definition == typeof(IAsyncEnumerable<>) ? typeof(SequenceShape<>)
                : null;
            if (shape is not null) return (ReturnShape)Activator.CreateInstance(shape.MakeGenericType(type.GetGenericArguments()))!;
        }

        throw new NotSupportedException($"A grain method cannot return {type}: only tasks and asynchronous sequences.");
    }

    public abstract ValueTask<object?> Await(object? returned);

    private static MethodInfo CallerNamed(string name, params Type[] arguments)
    {
        var method = typeof(GrainReference).GetMethod(name, BindingFlags.Instance | BindingFlags.Public)!;
        return arguments.Length == 0 ? method : method.MakeGenericMethod(arguments);
    }

    private sealed class VoidShape : ReturnShape
    {
        public override MethodInfo Caller => CallerNamed(nameof(GrainReference.CallVoid));

        public override ValueTask<object?> Await(object? returned) => default;
    }

    private sealed class TaskShape : ReturnShape
    {
        public override MethodInfo Caller => CallerNamed(nameof(GrainReference.CallTask));

        public override async ValueTask<object?> Await(object? returned)
        {
            await (Task)returned!;
            return null;
        }
    }

    private sealed class ValueTaskShape : ReturnShape
    {
        public override MethodInfo Caller => CallerNamed(nameof(GrainReference.CallValueTask));

        public override async ValueTask<object?> Await(object? returned)
        {
            await (ValueTask)returned!;
            return null;
        }
    }

    private sealed class TaskShape<T> : ReturnShape
    {
        public override Type ResultType => typeof(T);

        public override MethodInfo Caller => CallerNamed(nameof(GrainReference.CallTaskOf), typeof(T));

        public override async ValueTask<object?> Await(object? returned) => await (Task<T>)returned!;
    }

    private sealed class ValueTaskShape<T> : ReturnShape
    {
        public override Type ResultType => typeof(T);

        public override MethodInfo Caller => CallerNamed(nameof(GrainReference.CallValueTaskOf), typeof(T));

        public override async ValueTask<object?> Await(object? returned) => await (ValueTask<T>)returned!;
    }

    private sealed class SequenceShape<T> : ReturnShape
    {
        public override Type ElementType => typeof(T);

        public override MethodInfo Caller => CallerNamed(nameof(GrainReference.CallSequence), typeof(T));

        public override ValueTask<object?> Await(object? returned) => throw new NotSupportedException("A sequence is enumerated step by step.");
    }
}
