namespace MiniOrleans.Tests.Client;

public interface IOracle : IGrainObserver
{
    Task<string> Answer(string question);
}

public interface IAskingGrain : IGrainWithStringKey
{
    Task<string> Ask(IOracle oracle, string question);
}

[GrainType("asking")]
public sealed class AskingGrain : Grain, IAskingGrain
{
    public async Task<string> Ask(IOracle oracle, string question) => $"it said {await oracle.Answer(question)}";
}

/// <summary>An object of a client that answers.</summary>
public sealed class Oracle : IOracle
{
    public Task<string> Answer(string question) =>
        question == "?" ? throw new InvalidOperationException("no answer") : Task.FromResult(question.ToUpperInvariant());
}
