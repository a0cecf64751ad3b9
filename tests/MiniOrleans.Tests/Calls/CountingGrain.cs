using System.Runtime.CompilerServices;

namespace MiniOrleans.Tests.Calls;

public interface ICountingGrain : IGrainWithStringKey
{
    IAsyncEnumerable<int> Count(int to, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> CountAndFail(int to, CancellationToken cancellationToken = default);
}

[GrainType("counting")]
public sealed class CountingGrain : Grain, ICountingGrain
{
    public async IAsyncEnumerable<int> Count(int to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var n = 1; n <= to; n++)
            {
                if (n % 50 == 0) await Task.Delay(1, cancellationToken);
                yield return n;
            }
        }
        finally
        {
            Journal.Note(this.GetPrimaryKeyString(), "finally");
        }
    }

    public async IAsyncEnumerable<int> CountAndFail(int to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var n = 1; n <= to; n++)
        {
            await Task.Yield();
            yield return n;
        }

        throw new InvalidOperationException("that was all");
    }
}
