using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Storage;

namespace OrleansRecorder.Configuration;

/// <summary>
/// The farm's configuration. One turn an edit; every change is persisted with its version before it is acknowledged. At start the persisted
/// document wins, edits that were never saved included, unless somebody has changed the file by hand since it was last loaded or saved. Who reads never waits for
/// an edit that is held because the storage is away.
/// </summary>
[GrainType("config")]
internal sealed partial class ConfigGrain(
    [PersistentState("config")] IPersistentState<ConfigState> state,
    IOptions<ConfigOptions> options,
    TimeProvider time,
    ILogger<ConfigGrain> logger) : Grain, IConfigGrain
{
    private readonly ConfigOptions _options = options.Value;
    private readonly ConfigFile _file = new(options.Value.FilePath, options.Value.Rules);
    private readonly ConfigStore _store = new(state, new StorageOutage(options.Value.StoragePatience, time), time, logger);
    private ConfigDocument _document = null!;
    private ConfigVersion _current = null!;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store.Begin();
        var loaded = await Task.Run(_file.Load, cancellationToken);
        if (Persisted() is { } persisted) await Reconcile(persisted, loaded);
        else if (loaded.IsDone) await Keep(loaded.Document, HashOf(loaded.Document));
        else throw new ConfigUnavailableException(Sentence(loaded));
        await ApplyOutputDirectory();
    }

    /// <inheritdoc/>
    public Task<ConfigVersion> Get() => Task.FromResult(_current);

    /// <inheritdoc/>
    public Task<ConfigOutcome> Replace(string document) => Apply(_ => ConfigDocument.Parse(document, _options.Rules));

    /// <inheritdoc/>
    public Task<ConfigOutcome> UpdateGlobal(string patch) => Apply(document => document.WithGlobal(patch));

    /// <inheritdoc/>
    public Task<ConfigOutcome> AddStream(string stream) => Apply(document => document.AddStream(stream));

    /// <inheritdoc/>
    public Task<ConfigOutcome> UpdateStream(int index, string patch) => Apply(document => document.WithStream(index, patch));

    /// <inheritdoc/>
    public Task<ConfigOutcome> DeleteStream(int index) => Apply(document => document.RemoveStream(index));

    /// <inheritdoc/>
    public async Task<ConfigOutcome> Save(string? path)
    {
        var document = _document;
        if (IsTheFile(path) && await KeepHandEdits() is { } problem) return Outcome(new ConfigEdit { Result = ConfigResult.Failed, Problems = [problem] });
        var saved = await Task.Run(() => _file.Save(document, path));
        if (saved.IsDone && IsTheFile(path)) await Keep(document, HashOf(document));
        return Outcome(saved);
    }

    /// <inheritdoc/>
    public async Task<ConfigOutcome> Reload()
    {
        var loaded = await Task.Run(_file.Load);
        if (loaded.IsDone) await Keep(loaded.Document, HashOf(loaded.Document));
        return Outcome(loaded);
    }

    // An edit that was answered with an error may turn out to have been made: then this one is made on top of it.
    private async Task<ConfigOutcome> Apply(Func<ConfigDocument, ConfigEdit> change)
    {
        while (true)
        {
            var edit = change(_document);
            if (!edit.IsDone || await TryKeep(edit.Document, _store.State.FileHash)) return Outcome(edit);
        }
    }

    private ConfigOutcome Outcome(ConfigEdit edit) => new()
    {
        Result = edit.Result,
        Problems = edit.Problems,
        Current = _current,
        StreamIndex = edit.StreamIndex,
        FilePath = edit.FilePath,
    };

    private async Task Keep(ConfigDocument document, string fileHash)
    {
        while (!await TryKeep(document, fileHash))
        {
        }
    }

    // What cannot be persisted is not done: the grain goes on with what was, and the caller hears why. False: the grain goes on with an edit of before that was made after all.
    private async Task<bool> TryKeep(ConfigDocument document, string fileHash)
    {
        var before = _store.State;
        var changed = document.Text != before.Document;
        if (changed || fileHash != before.FileHash || _store.IsUnsure)
        {
            var isWritten = await _store.Write(new ConfigState { Version = before.Version + (changed ? 1 : 0), Document = document.Text, FileHash = fileHash });
            if (!isWritten)
            {
                Adopt(ConfigDocument.Parse(_store.State.Document, _options.Rules).Document!); // an edit of this activation, so it is valid
                return false;
            }
        }

        Adopt(document);
        return true;
    }

    private void Adopt(ConfigDocument document)
    {
        _document = document;
        _current = new ConfigVersion(_store.State.Version, document.Text, document.Warnings);
    }

    private ConfigDocument? Persisted()
    {
        if (_store.State.Version == 0) return null;
        var edit = ConfigDocument.Parse(_store.State.Document, _options.Rules);
        if (!edit.IsDone) LogPersistedInvalid(Sentence(edit));
        return edit.Document;
    }

    private async Task Reconcile(ConfigDocument persisted, ConfigEdit loaded)
    {
        Adopt(persisted);
        if (!loaded.IsDone)
        {
            LogFileBroken(Sentence(loaded));
            return;
        }

        var fileHash = HashOf(loaded.Document);
        if (fileHash == _store.State.FileHash) return;
        if (HashOf(persisted) != _store.State.FileHash && persisted.Text != loaded.Document.Text && !await SetAside(persisted)) return;
        await Keep(loaded.Document, fileHash);
        LogFileWins(_options.FilePath, _current.Version);
    }

    // What was written into the file by hand since it was last read or saved, and that a save would overwrite.
    private async Task<LocalizedText?> KeepHandEdits()
    {
        var loaded = await Task.Run(_file.Load);
        if (loaded.Result == ConfigResult.FileNotFound) return null;
        if (loaded.IsDone && (HashOf(loaded.Document) == _store.State.FileHash || loaded.Document.Text == _document.Text)) return null;

        var name = FreeName("replaced");
        var problem = await Task.Run(() => _file.CopyAside(name));
        if (problem is null) LogHandEditsKept(_options.FilePath, name);
        return problem;
    }

    // Edits that were never saved, and that a file changed by hand displaces.
    private async Task<bool> SetAside(ConfigDocument displaced)
    {
        var name = FreeName("unsaved");
        var saved = await Task.Run(() => _file.Save(displaced, name));
        if (saved.IsDone) LogSetAside(_options.FilePath, name);
        else LogNotSetAside(_options.FilePath, Sentence(saved));
        return saved.IsDone;
    }

    private string FreeName(string why)
    {
        var stem = $"{Path.GetFileNameWithoutExtension(_options.FilePath)}.{why}-{time.GetLocalNow():yyyyMMdd_HHmmss}";
        var directory = Path.GetDirectoryName(Path.GetFullPath(_options.FilePath))!;
        var name = $"{stem}.json";
        for (var i = 2; File.Exists(Path.Combine(directory, name)); i++) name = $"{stem}-{i}.json";
        return name;
    }

    private async Task ApplyOutputDirectory()
    {
        if (_options.OutputDirectory is not { } wanted || _document.Config.Global.OutputDirectory == wanted) return;
        var edit = _document.WithGlobal(new JsonObject { ["output_directory"] = wanted }.ToJsonString());
        if (!edit.IsDone) throw new ConfigUnavailableException(Sentence(edit));
        await Keep(edit.Document, _store.State.FileHash);
    }

    private bool IsTheFile(string? path)
    {
        var file = Path.GetFullPath(_options.FilePath);
        return string.IsNullOrEmpty(path) || path == _options.FilePath || Path.GetFullPath(path, Path.GetDirectoryName(file)!) == file;
    }

    private static string HashOf(ConfigDocument document) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(document.Text)));

    private static string Sentence(ConfigEdit edit) => string.Join("; ", edit.Problems.Select(p => p.English));

    [LoggerMessage(4001, LogLevel.Error, "The configuration file cannot be used, and the last good configuration stays: {Problems}")]
    private partial void LogFileBroken(string problems);

    [LoggerMessage(4002, LogLevel.Warning, "{File} was changed by hand and is now version {Version} of the configuration.")]
    private partial void LogFileWins(string file, long version);

    [LoggerMessage(4010, LogLevel.Warning, "{File} had been changed by hand and was saved over; what it held is kept in {Aside}.")]
    private partial void LogHandEditsKept(string file, string aside);

    [LoggerMessage(4003, LogLevel.Warning, "{File} was changed by hand while there were edits that had not been saved; these are kept in {Aside}.")]
    private partial void LogSetAside(string file, string aside);

    [LoggerMessage(4004, LogLevel.Error, "{File} was changed by hand, but is not taken: the edits that it would displace cannot be set aside: {Problems}")]
    private partial void LogNotSetAside(string file, string problems);

    [LoggerMessage(4005, LogLevel.Error, "The configuration that was persisted is not valid any more, and the file takes its place: {Problems}")]
    private partial void LogPersistedInvalid(string problems);
}
