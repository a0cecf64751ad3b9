using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Api.Requests;

public sealed class LastKnownTests
{
    private readonly ManualTime _time = new();
    private Func<Task<string>> _read = () => Task.FromResult("first");
    private int _reads;

    [Fact]
    public async Task It_is_asked_again_when_it_is_no_longer_fresh()
    {
        var known = New(TimeSpan.FromSeconds(1));
        await known.Get(default);
        _read = () => Task.FromResult("second");

        Assert.Equal(("first", false), await known.Get(default));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("second", false), await known.Get(default));
    }

    [Fact]
    public async Task While_nothing_is_known_it_throws_what_reading_threw()
    {
        var known = New(TimeSpan.Zero);
        _read = () => Task.FromException<string>(new SiloUnavailableException("gone"));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => known.Get(default).AsTask());
    }

    [Fact]
    public async Task Who_waits_in_vain_gets_the_last_value_after_two_seconds_and_who_comes_after_gets_it_at_once()
    {
        var known = New(TimeSpan.Zero);
        await known.Get(default);
        var never = new TaskCompletionSource<string>();
        _read = () => never.Task;

        var first = known.Get(default).AsTask();
        Assert.False(first.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("first", true), await first);

        Assert.Equal(("first", true), await known.Get(default));
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task One_attempt_a_second_finds_out_that_the_cluster_is_back()
    {
        var known = New(TimeSpan.Zero);
        await known.Get(default);
        _read = () => Task.FromException<string>(new SiloUnavailableException("gone"));
        await known.Get(default);
        for (var i = 0; i < 10; i++) await known.Get(default);
        Assert.Equal(2, _reads);

        _read = () => Task.FromResult("second");
        _time.Advance(TimeSpan.FromSeconds(1));
        await known.Get(default);
        for (var until = DateTimeOffset.UtcNow.AddSeconds(10); (await known.Get(default)).IsStale; await Task.Delay(10)) Assert.True(DateTimeOffset.UtcNow < until);

        Assert.Equal("second", (await known.Get(default)).Value);
    }

    private LastKnown<string> New(TimeSpan freshFor) => new("it", Read, freshFor, _time, NullLogger.Instance);

    private Task<string> Read()
    {
        _reads++;
        return _read();
    }
}
