namespace MiniOrleans.Tests.Calls;

public interface IFailingGrain : IGrainWithStringKey
{
    Task ThrowMarked(string message, int code);

    Task ThrowNested();

    Task ThrowUnmarked();

    Task<int> ThrowBeforeAnyAwait();
}

/// <summary>An exception that may travel: it has a serializer.</summary>
[GenerateSerializer]
public sealed class MarkedException : Exception
{
    public MarkedException()
    {
    }

    public MarkedException(string message, int code) : base(message) => Code = code;

    [Id(0)]
    public int Code { get; set; }
}

/// <summary>An exception that may not: it has none.</summary>
public sealed class UnmarkedException(string message) : Exception(message);

[GrainType("failing")]
public sealed class FailingGrain : Grain, IFailingGrain
{
    public async Task ThrowMarked(string message, int code)
    {
        await Task.Yield();
        throw new MarkedException(message, code);
    }

    public async Task ThrowNested()
    {
        await Task.Yield();
        throw new InvalidOperationException("outer", new FormatException("inner"));
    }

    public async Task ThrowUnmarked()
    {
        await Task.Yield();
        throw new UnmarkedException("nobody can read this");
    }

    public Task<int> ThrowBeforeAnyAwait() => throw new InvalidOperationException("at once");
}
