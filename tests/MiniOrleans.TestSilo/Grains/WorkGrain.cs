namespace MiniOrleans.TestSilo.Grains;

/// <summary>What <see cref="WorkGrain"/> keeps.</summary>
[GenerateSerializer, Alias("test.WorkState")]
public sealed class WorkState
{
    /// <summary>A text.</summary>
    [Id(0)] public string? Text { get; set; }
}

/// <inheritdoc cref="IWorkGrain"/>
[GrainType("test.work")]
public sealed class WorkGrain([PersistentState("work")] IPersistentState<WorkState> state) : Grain, IWorkGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private int _count;

    /// <inheritdoc/>
    public Task<int> Add() => Task.FromResult(++_count);

    /// <inheritdoc/>
    public Task<Guid> Activation() => Task.FromResult(_activation);

    /// <inheritdoc/>
    public Task<string> Silo() => Task.FromResult(RuntimeIdentity);

    /// <inheritdoc/>
    public async Task<string> Sleep(TimeSpan time)
    {
        await Task.Delay(time);
        return RuntimeIdentity;
    }

    /// <inheritdoc/>
    public Task Store(string text)
    {
        state.State.Text = text;
        return state.WriteStateAsync();
    }

    /// <inheritdoc/>
    public Task<string?> Load() => Task.FromResult(state.State.Text);

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Say.Line($"deactivated {this.GetPrimaryKeyString()} {reason.ReasonCode}");
        return Task.CompletedTask;
    }
}
