using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Timers;

public interface IAlarmGrain : IGrainWithStringKey
{
    Task WakeIn(TimeSpan time);
}

[GrainType("alarm")]
public sealed class AlarmGrain : Grain, IAlarmGrain
{
    public Task WakeIn(TimeSpan time)
    {
        this.RegisterGrainTimer(
            () =>
            {
                Journal.Note(this.GetPrimaryKeyString(), "awake");
                return Task.CompletedTask;
            },
            time,
            Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }
}

public sealed class HostClockTests
{
    [Fact, Trait("Section", "2.7")]
    public async Task Timers_run_on_the_clock_of_the_host()
    {
        var key = Unique.Key("alarm");
        using var silo = Hosts.Build(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(new HurriedTime());
            var ports = Ports.ForSilo();
            builder.UseOrleans(configure => configure.UseLocalhostClustering(ports.Silo, ports.Gateway));
        });
        await silo.StartAsync();

        await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IAlarmGrain>(key).WakeIn(TimeSpan.FromMinutes(1));

        await Journal.Has(key, "awake");
        await silo.StopAsync();
    }

    /// <summary>Its timers come 30 times too early.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(base.CreateTimer(callback, state, Hurry(dueTime), Hurry(period)));

        private static TimeSpan Hurry(TimeSpan time) => time > TimeSpan.Zero ? time / 30 : time;

        private sealed class Timer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Hurry(dueTime), Hurry(period));

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
