namespace Orleans.Runtime;

/// <summary>Starts work that does not inherit the ambient values of who starts it, as on another machine.</summary>
internal static class Ambient
{
    public static T Without<T>(Func<T> start)
    {
        if (ExecutionContext.IsFlowSuppressed()) return start();
        using (ExecutionContext.SuppressFlow()) return start();
    }
}
