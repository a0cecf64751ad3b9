namespace MiniOrleans.Tests.Client;

[Collection(nameof(TwoSilos))]
public sealed class ResolutionTests(TwoSilos silos)
{
    [Fact, Trait("Case", "65")]
    public void An_interface_that_no_class_implements_has_no_grains()
    {
        foreach (var caller in silos.Callers) Assert.ThrowsAny<ArgumentException>(() => caller.GetGrain<IOrphanGrain>("orphan"));
    }

    [Fact, Trait("Case", "65")]
    public void An_interface_that_two_classes_implement_is_ambiguous()
    {
        foreach (var caller in silos.Callers) Assert.ThrowsAny<ArgumentException>(() => caller.GetGrain<IAmbiguousGrain>("either"));
    }

    [Fact, Trait("Case", "65")]
    public async Task The_class_name_resolves_the_ambiguity()
    {
        foreach (var caller in silos.Callers)
        {
            Assert.Equal("first", await caller.GetGrain<IAmbiguousGrain>("either", typeof(FirstAmbiguousGrain).FullName).Name());
            Assert.Equal("second", await caller.GetGrain<IAmbiguousGrain>("either", typeof(SecondAmbiguousGrain).FullName).Name());
        }
    }
}
