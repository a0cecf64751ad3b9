namespace MiniOrleans.Tests.Client;

[Collection(nameof(TwoSilos))]
public sealed class ObserverTests(TwoSilos silos)
{
    [Fact, Trait("Case", "64")]
    public async Task A_grain_calls_an_object_of_the_client_until_its_reference_is_deleted()
    {
        var key = Unique.Key("news");
        var grain = silos.Client.GetGrain<INewsGrain>(key);
        var watcher = new Watcher(key);
        var reference = silos.Client.CreateObjectReference<IWatcher>(watcher);
        await grain.Subscribe(reference);

        await grain.Publish("first");
        await Journal.Has(key, "first");

        silos.Client.DeleteObjectReference<IWatcher>(reference);
        await grain.Publish("second");
        await Task.Delay(500);
        Assert.Equal(["first"], Journal.Of(key));
        GC.KeepAlive(watcher);
    }

    private sealed class Watcher(string key) : IWatcher
    {
        public void Heard(string news) => Journal.Note(key, news);
    }
}
