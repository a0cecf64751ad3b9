namespace MiniOrleans.Tests.Calls;

/// <summary>Reads and writes the request context, alone or through a second grain.</summary>
public interface IContextGrain : IGrainWithStringKey
{
    Task<string?> Read(string name);

    Task<string?> ReadThrough(IContextGrain other, string name);

    Task Write(string name, string value);

    Task<string?> ReadAfterOtherWrote(IContextGrain other, string name);
}

[GrainType("context")]
public sealed class ContextGrain : Grain, IContextGrain
{
    public Task<string?> Read(string name) => Task.FromResult(RequestContext.Get(name) as string);

    public Task<string?> ReadThrough(IContextGrain other, string name) => other.Read(name);

    public Task Write(string name, string value)
    {
        RequestContext.Set(name, value);
        return Task.CompletedTask;
    }

    public async Task<string?> ReadAfterOtherWrote(IContextGrain other, string name)
    {
        await other.Write(name, "by the other");
        return RequestContext.Get(name) as string;
    }
}
