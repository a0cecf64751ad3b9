using System.Collections.Concurrent;

namespace MiniOrleans.Tests.Reminders;

public interface IReminderGrain : IGrainWithStringKey
{
    Task Register(string name, TimeSpan dueTime, TimeSpan period);

    Task Unregister(string name);

    Task<string[]> Names();

    Task<Guid> Activation();

    Task Leave();
}

/// <summary>A tick as the grain saw it.</summary>
public sealed record Tick(string Name, TickStatus Status, Guid Activation);

[GrainType("reminder")]
public sealed class ReminderGrain : Grain, IReminderGrain, IRemindable
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<Tick>> AllTicks = new();

    private readonly Guid _activation = Guid.NewGuid();

    public static Tick[] TicksOf(string key) => AllTicks.TryGetValue(key, out var ticks) ? [.. ticks] : [];

    public Task Register(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task Unregister(string name)
    {
        if (await this.GetReminder(name) is { } reminder) await this.UnregisterReminder(reminder);
    }

    public async Task<string[]> Names() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        AllTicks.GetOrAdd(this.GetPrimaryKeyString(), _ => new()).Enqueue(new Tick(reminderName, status, _activation));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Journal.Note(this.GetPrimaryKeyString(), "left");
        return Task.CompletedTask;
    }
}

public interface IForgetfulGrain : IGrainWithStringKey
{
    Task Register();
}

/// <summary>Asks for a reminder without being able to receive it.</summary>
[GrainType("forgetful")]
public sealed class ForgetfulGrain : Grain, IForgetfulGrain
{
    public Task Register() => this.RegisterOrUpdateReminder("never", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));
}

/// <summary>Its class has the short name of the hash vectors.</summary>
[GrainType("s")]
public sealed class ShortNameGrain : Grain, IShortNameGrain, IRemindable
{
    public Task Register(string name) => this.RegisterOrUpdateReminder(name, TimeSpan.FromDays(60), TimeSpan.FromDays(60));

    public async Task Unregister(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}

public interface IShortNameGrain : IGrainWithStringKey
{
    Task Register(string name);

    Task Unregister(string name);
}
