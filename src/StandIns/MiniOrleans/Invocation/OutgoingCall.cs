using System.Reflection;

namespace Orleans.Runtime;

/// <summary>A call on its way through the outgoing filters.</summary>
internal sealed class OutgoingCall(Caller caller, GrainReference target, GrainMethod method, object?[] arguments, IOutgoingGrainCallFilter[] filters) : IOutgoingGrainCallContext
{
    private int _next;

    public object Grain => target;

    public GrainId TargetId => target.Id;

    public GrainId? SourceId => ActivationData.Current?.GrainId;

    public string InterfaceName => method.Interface.Type.FullName!;

    public string MethodName => method.Name;

    public MethodInfo InterfaceMethod => method.Info;

    public object? Result { get; set; }

    public async Task<object?> Run()
    {
        await Invoke();
        return Result;
    }

    public async Task Invoke()
    {
        if (_next < filters.Length) await filters[_next++].Invoke(this);
        else Result = await caller.Send(target, method, arguments);
    }
}
