using System.Reflection;
using System.Text;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A method of a grain interface: how to call it, and how its arguments and result travel.</summary>
internal sealed class GrainMethod
{
    private readonly Lazy<Slot?[]> _arguments;
    private readonly Lazy<Slot?> _result;
    private readonly Lazy<Func<object, object?[], object?>> _invoke;

    public GrainMethod(GrainInterface declaring, MethodInfo info)
    {
        if (info.IsGenericMethod) throw new NotSupportedException($"{info.DeclaringType}.{info.Name} is generic, which this engine does not have.");
        Interface = declaring;
        Info = info;
        var parameters = info.GetParameters();
        Id = StableHash.Compute(Encoding.UTF8.GetBytes(info.GetCustomAttribute<AliasAttribute>()?.Alias ?? SignatureOf(info, parameters)));
        CancellationIndex = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
        Return = ReturnShape.Of(info.ReturnType);
        AlwaysInterleave = info.IsDefined(typeof(AlwaysInterleaveAttribute));
        ReadOnly = info.IsDefined(typeof(ReadOnlyAttribute));
        OneWay = info.IsDefined(typeof(OneWayAttribute)) || info.ReturnType == typeof(void);
        Timeout = info.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        _arguments = new(() => [.. parameters.Select(parameter => parameter.ParameterType == typeof(CancellationToken) ? null : Codecs.SlotOf(parameter.ParameterType))], LazyThreadSafetyMode.PublicationOnly);
        _result = new(() => Return.ResultType is { } type ? Codecs.SlotOf(type) : null, LazyThreadSafetyMode.PublicationOnly);
        _invoke = new(() => MethodCompiler.Compile(info), LazyThreadSafetyMode.PublicationOnly);
    }

    public GrainInterface Interface { get; }

    public MethodInfo Info { get; }

    public string Name => Info.Name;

    /// <summary>From its alias, else its name and parameters.</summary>
    public uint Id { get; }

    /// <summary>Which argument is the cancellation token, or -1.</summary>
    public int CancellationIndex { get; }

    public ReturnShape Return { get; }

    public bool AlwaysInterleave { get; }

    public bool ReadOnly { get; }

    public bool OneWay { get; }

    public TimeSpan? Timeout { get; }

    public void WriteArguments(WireWriter writer, object?[] arguments)
    {
        var slots = _arguments.Value;
        for (var i = 0; i < slots.Length; i++) slots[i]?.WriteBoxed(writer, arguments[i]);
    }

    public object?[] ReadArguments(WireReader reader)
    {
        var slots = _arguments.Value;
        var arguments = new object?[slots.Length];
        for (var i = 0; i < slots.Length; i++) arguments[i] = slots[i] is { } slot ? slot.ReadBoxed(reader) : default(CancellationToken);
        return arguments;
    }

    public void WriteResult(WireWriter writer, object? result) => _result.Value?.WriteBoxed(writer, result);

    public object? ReadResult(WireReader reader) => _result.Value?.ReadBoxed(reader);

    /// <summary>Calls it and waits; the result is null when there is none.</summary>
    public ValueTask<object?> Invoke(object target, object?[] arguments) => Return.Await(_invoke.Value(target, arguments));

    /// <summary>What the method returns, unawaited: for iterators.</summary>
    public object? InvokeRaw(object target, object?[] arguments) => _invoke.Value(target, arguments);

    private static string SignatureOf(MethodInfo info, ParameterInfo[] parameters) =>
        $"{info.Name}({string.Join(',', parameters.Select(parameter => parameter.ParameterType.ToString()))})";
}
