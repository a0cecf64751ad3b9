namespace MiniOrleans.Tests.Serialization;

public interface IEchoGrain : IGrainWithStringKey
{
    Task<Everything> Echo(Everything everything);

    Task<Frozen> EchoFrozen(Frozen frozen);

    Task<Shape?> EchoShape(Shape? shape);

    ValueTask<int> Add(int left, int right = 5);

    ValueTask Nothing();

    /// <summary>Changes what it was given.</summary>
    Task Scribble(Mutable mutable);

    /// <summary>Lets a second grain change what it gives it, and tells whether it notices.</summary>
    Task<string> LendTo(IEchoGrain other);

    Task Add(string item);

    /// <summary>The grain's own list.</summary>
    Task<List<string>> Items();

    Task<bool> AreSame(Link link);

    Task<IEchoGrain> Me();
}

[GrainType("echo")]
public sealed class EchoGrain : Grain, IEchoGrain
{
    private readonly List<string> _items = [];

    public Task<Everything> Echo(Everything everything) => Task.FromResult(everything);

    public Task<Frozen> EchoFrozen(Frozen frozen) => Task.FromResult(frozen);

    public Task<Shape?> EchoShape(Shape? shape) => Task.FromResult(shape);

    public ValueTask<int> Add(int left, int right) => new(left + right);

    public ValueTask Nothing() => default;

    public Task Scribble(Mutable mutable)
    {
        mutable.Text = "scribbled";
        mutable.Items.Add("scribbled");
        return Task.CompletedTask;
    }

    public async Task<string> LendTo(IEchoGrain other)
    {
        var mutable = new Mutable { Text = "mine" };
        await other.Scribble(mutable);
        return mutable.Text;
    }

    public Task Add(string item)
    {
        _items.Add(item);
        return Task.CompletedTask;
    }

    public Task<List<string>> Items() => Task.FromResult(_items);

    public Task<bool> AreSame(Link link) => Task.FromResult(ReferenceEquals(link.Left, link.Right));

    public Task<IEchoGrain> Me() => Task.FromResult(this.AsReference<IEchoGrain>());
}
