using System.Runtime.InteropServices;

namespace Orleans.Runtime;

/// <summary>What happens to a silo that the cluster has given up while it lives.</summary>
internal interface ISiloFate
{
    /// <summary>The silo must do nothing more, at once.</summary>
    void End(SiloAddress silo, string why);
}

/// <summary>The process ends without any farewell: whatever it still did would be done twice. Its supervisor starts it again.</summary>
internal sealed partial class ProcessFate : ISiloFate
{
    /// <summary>EX_UNAVAILABLE of sysexits.h.</summary>
    public const int ExitCode = 69;

    public void End(SiloAddress silo, string why)
    {
        // Beside the log, whose writers may still hold lines back when the process is gone.
        Console.Error.WriteLine($"silo {silo} ends its process: {why}");
        Console.Error.Flush();
        ExitNow(ExitCode);
    }

    // Environment.Exit would wait for handlers, and for threads that may be stuck.
    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void ExitNow(int status);
}
