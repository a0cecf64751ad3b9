using System.Reflection;

namespace Orleans;

/// <summary>Sees every request before the grain does.</summary>
public interface IIncomingGrainCallFilter
{
    /// <summary>Goes on with <see cref="IGrainCallContext.Invoke"/>.</summary>
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>Sees every request before it is sent.</summary>
public interface IOutgoingGrainCallFilter
{
    /// <summary>Goes on with <see cref="IGrainCallContext.Invoke"/>.</summary>
    Task Invoke(IOutgoingGrainCallContext context);
}

/// <summary>An <see cref="IIncomingGrainCallFilter"/> as a delegate.</summary>
public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

/// <summary>An <see cref="IOutgoingGrainCallFilter"/> as a delegate.</summary>
public delegate Task OutgoingGrainCallFilterDelegate(IOutgoingGrainCallContext context);

/// <summary>A call on its way.</summary>
public interface IGrainCallContext
{
    /// <summary>The grain, or the reference to it.</summary>
    object Grain { get; }

    /// <summary>Who is called.</summary>
    GrainId TargetId { get; }

    /// <summary>Which grain calls; null for others.</summary>
    GrainId? SourceId { get; }

    /// <summary>Full name of the interface.</summary>
    string InterfaceName { get; }

    /// <summary>Name of the method.</summary>
    string MethodName { get; }

    /// <summary>The method on the interface.</summary>
    MethodInfo InterfaceMethod { get; }

    /// <summary>The result, once there is one; may be set instead of invoking.</summary>
    object? Result { get; set; }

    /// <summary>Runs the next filter, or the call.</summary>
    Task Invoke();
}

/// <summary>A call that has arrived.</summary>
public interface IIncomingGrainCallContext : IGrainCallContext
{
    /// <summary>The method on the grain class.</summary>
    MethodInfo ImplementationMethod { get; }

    /// <summary>The activation.</summary>
    IGrainContext TargetContext { get; }
}

/// <summary>A call that leaves.</summary>
public interface IOutgoingGrainCallContext : IGrainCallContext;
