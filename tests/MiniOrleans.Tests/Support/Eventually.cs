using System.Runtime.CompilerServices;

namespace MiniOrleans.Tests;

/// <summary>Polls with a deadline. A call that fails because a silo is going away counts as "not yet".</summary>
public static class Eventually
{
    public static Task IsTrue(Func<bool> condition, int withinSeconds = 15, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        IsTrue(() => Task.FromResult(condition()), withinSeconds, what);

    public static async Task IsTrue(Func<Task<bool>> condition, int withinSeconds = 15, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var deadline = Environment.TickCount64 + (withinSeconds * 1000L);
        while (!await HoldsNow(condition))
        {
            if (Environment.TickCount64 > deadline) Assert.Fail($"Not within {withinSeconds} s: {what}");
            await Task.Delay(20);
        }
    }

    private static async Task<bool> HoldsNow(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansMessageRejectionException)
        {
            return false;
        }
    }
}
