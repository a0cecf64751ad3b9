using System.Reflection;

namespace Orleans.Runtime;

/// <summary>A call on its way through the incoming filters: the silo's in order, then the grain itself if it is one, then the method.</summary>
internal sealed class IncomingCall(ActivationData activation, object target, GrainMethod method, object?[] arguments, GrainId source, IReadOnlyList<IIncomingGrainCallFilter> filters)
    : IIncomingGrainCallContext
{
    private int _next;
    private bool _grainAsked;

    public object Grain => activation.GrainInstance!;

    public GrainId TargetId => activation.GrainId;

    public GrainId? SourceId => ClientIds.IsClient(source) || source.IsDefault ? null : source;

    public string InterfaceName => method.Interface.Type.FullName!;

    public string MethodName => method.Name;

    public MethodInfo InterfaceMethod => method.Info;

    public MethodInfo ImplementationMethod
    {
        get
        {
            var map = target.GetType().GetInterfaceMap(method.Info.DeclaringType!);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, method.Info)];
        }
    }

    public IGrainContext TargetContext => activation;

    public object? Result { get; set; }

    public async Task<object?> Run()
    {
        await Invoke();
        return Result;
    }

    public async Task Invoke()
    {
        if (_next < filters.Count)
        {
            await filters[_next++].Invoke(this);
        }
        else if (!_grainAsked && Grain is IIncomingGrainCallFilter grain)
        {
            _grainAsked = true;
            await grain.Invoke(this);
        }
        else
        {
            Result = await method.Invoke(target, arguments);
        }
    }
}
