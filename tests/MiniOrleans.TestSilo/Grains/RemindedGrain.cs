using System.Globalization;

namespace MiniOrleans.TestSilo.Grains;

/// <inheritdoc cref="IRemindedGrain"/>
[GrainType("test.reminded")]
public sealed class RemindedGrain : Grain, IRemindedGrain, IRemindable
{
    /// <inheritdoc/>
    public Task Register(TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder("tick", due, period);

    /// <inheritdoc/>
    public Task<string> Silo() => Task.FromResult(RuntimeIdentity);

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Say.Line(string.Create(CultureInfo.InvariantCulture, $"tick {this.GetPrimaryKeyString()} {status.FirstTickTime:O} {status.CurrentTickTime:O}"));
        return Task.CompletedTask;
    }
}
