using Orleans.Serialization;

namespace MiniOrleans.Tests.Calls;

[Collection(nameof(TwoSilos))]
public sealed class ExceptionTests(TwoSilos silos)
{
    private readonly string _key = Unique.Key("failing");

    [Fact, Trait("Case", "14")]
    public async Task A_marked_exception_arrives_with_type_message_and_fields()
    {
        foreach (var caller in silos.Callers)
        {
            var thrown = await Assert.ThrowsAsync<MarkedException>(() => caller.GetGrain<IFailingGrain>(_key).ThrowMarked("no signal", 42));
            Assert.Equal("no signal", thrown.Message);
            Assert.Equal(42, thrown.Code);
        }
    }

    [Fact, Trait("Case", "15")]
    public async Task Types_of_an_exception_and_its_inner_exception_are_preserved()
    {
        foreach (var caller in silos.Callers)
        {
            var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => caller.GetGrain<IFailingGrain>(_key).ThrowNested());
            Assert.Equal("outer", thrown.Message);
            var inner = Assert.IsType<FormatException>(thrown.InnerException);
            Assert.Equal("inner", inner.Message);
        }
    }

    [Fact, Trait("Case", "15")]
    public async Task A_method_that_throws_before_it_returns_a_task_fails_the_same_way() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => silos.Client.GetGrain<IFailingGrain>(_key).ThrowBeforeAnyAwait());

    [Fact, Trait("Case", "16")]
    public async Task An_exception_without_a_serializer_becomes_CodecNotFoundException_at_a_client() =>
        await Assert.ThrowsAsync<CodecNotFoundException>(() => silos.Client.GetGrain<IFailingGrain>(_key).ThrowUnmarked());
}
