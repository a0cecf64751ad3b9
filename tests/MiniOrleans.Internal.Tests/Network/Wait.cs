using System.Runtime.CompilerServices;

namespace MiniOrleans.Internal.Tests.Network;

/// <summary>Polls with a deadline. A call that fails because a silo is away counts as "not yet".</summary>
internal static class Wait
{
    public static async Task Until(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var deadline = Environment.TickCount64 + (long)NetworkedSilos.Patience.TotalMilliseconds;
        while (!await HoldsNow(condition))
        {
            if (Environment.TickCount64 > deadline) Assert.Fail($"Not in time: {what}");
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
