namespace Orleans.Runtime;

/// <summary>Base of the generated types behind grain interfaces: an identity, and how to call it.</summary>
internal abstract class GrainReference(Caller caller, GrainId id, GrainInterface type) : IAddressable, IEquatable<GrainReference>
{
    public Caller Caller => caller;

    public GrainId Id => id;

    public GrainInterface Interface => type;

    public void CallVoid(int method, object?[] arguments) => _ = caller.Call(this, type.Methods[method], arguments);

    public Task CallTask(int method, object?[] arguments) => caller.Call(this, type.Methods[method], arguments);

    public ValueTask CallValueTask(int method, object?[] arguments) => new(caller.Call(this, type.Methods[method], arguments));

    public async Task<T> CallTaskOf<T>(int method, object?[] arguments) => (T)(await caller.Call(this, type.Methods[method], arguments).ConfigureAwait(false))!;

    public async ValueTask<T> CallValueTaskOf<T>(int method, object?[] arguments) => (T)(await caller.Call(this, type.Methods[method], arguments).ConfigureAwait(false))!;

    public IAsyncEnumerable<T> CallSequence<T>(int method, object?[] arguments) => new GrainAsyncEnumerable<T>(this, type.Methods[method], arguments);

    public bool Equals(GrainReference? other) => other is not null && id.Equals(other.Id);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => id.GetHashCode();

    public override string ToString() => $"{type.Name} {id}";
}
