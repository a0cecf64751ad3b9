using System.Data.Common;

namespace Orleans.AdoNet;

/// <summary>The statements that one user of a database runs by their keys. They are loaded once, at the first use or before.</summary>
internal sealed class AdoNetStatements(AdoNetDatabase database, params string[] keys) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private Dictionary<string, string>? _texts;

    /// <summary>Loads the texts unless they are there; after a failure the next caller tries again.</summary>
    /// <exception cref="ArgumentException">A key is missing.</exception>
    public async Task<IReadOnlyDictionary<string, string>> Load(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _texts) is { } loaded) return loaded;
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return _texts ??= await database.LoadQueries(keys, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc cref="AdoNetDatabase.Query"/>
    public async Task<List<T>> Query<T>(string key, IEnumerable<AdoNetParameter> parameters, Func<DbDataReader, T> read, CancellationToken cancellation)
    {
        var texts = await Load(cancellation).ConfigureAwait(false);
        return await database.Query(texts[key], parameters, read, cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs a statement whose result is of no interest.</summary>
    public Task Run(string key, IEnumerable<AdoNetParameter> parameters, CancellationToken cancellation) => Query(key, parameters, _ => 0, cancellation);

    /// <summary>Runs a statement that answers yes or no, in one column of one row.</summary>
    public async Task<bool> Ask(string key, IEnumerable<AdoNetParameter> parameters, CancellationToken cancellation)
    {
        var answers = await Query(key, parameters, row => Convert.ToBoolean(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture), cancellation).ConfigureAwait(false);
        return answers.Any(yes => yes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        database.Dispose();
        _one.Dispose();
    }
}
