namespace MiniOrleans.Tests.Client;

public interface IWatcher : IGrainObserver
{
    void Heard(string news);
}

public interface INewsGrain : IGrainWithStringKey
{
    Task Subscribe(IWatcher watcher);

    Task Publish(string news);
}

[GrainType("news")]
public sealed class NewsGrain : Grain, INewsGrain
{
    private readonly List<IWatcher> _watchers = [];

    public Task Subscribe(IWatcher watcher)
    {
        _watchers.Add(watcher);
        return Task.CompletedTask;
    }

    public Task Publish(string news)
    {
        foreach (var watcher in _watchers) watcher.Heard(news);
        return Task.CompletedTask;
    }
}
