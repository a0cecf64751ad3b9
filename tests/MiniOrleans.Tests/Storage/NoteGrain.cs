namespace MiniOrleans.Tests.Storage;

[GenerateSerializer]
public sealed class Note
{
    [Id(0)] public string Text { get; set; } = "blank";

    [Id(1)] public int Count { get; set; }
}

/// <summary>What a grain sees of its state.</summary>
[GenerateSerializer]
public sealed record NoteView(string Text, bool RecordExists, string? Etag, Guid Activation);

public interface INoteGrain : IGrainWithStringKey
{
    Task<NoteView> Look();

    /// <summary>Changes the state without writing it.</summary>
    Task<NoteView> Scribble(string text);

    Task<NoteView> Write(string text);

    Task<NoteView> Read();

    Task<NoteView> Clear();

    Task Leave();
}

/// <summary>A grain with one piece of state; subclasses say where it is kept.</summary>
public abstract class NoteGrain(IPersistentState<Note> note) : Grain, INoteGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<NoteView> Look() => Task.FromResult(new NoteView(note.State.Text, note.RecordExists, note.Etag, _activation));

    public Task<NoteView> Scribble(string text)
    {
        note.State.Text = text;
        return Look();
    }

    public async Task<NoteView> Write(string text)
    {
        note.State.Text = text;
        await note.WriteStateAsync();
        return await Look();
    }

    public async Task<NoteView> Read()
    {
        await note.ReadStateAsync();
        return await Look();
    }

    public async Task<NoteView> Clear()
    {
        await note.ClearStateAsync();
        return await Look();
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

[GrainType("note.memory")]
public sealed class MemoryNoteGrain([PersistentState("note-memory", "memory")] IPersistentState<Note> note) : NoteGrain(note);

[GrainType("note.sqlite")]
public sealed class SqliteNoteGrain([PersistentState("note-sqlite", "sqlite")] IPersistentState<Note> note) : NoteGrain(note);

[GrainType("note.deleting")]
public sealed class DeletingNoteGrain([PersistentState("note-deleting", "deleting")] IPersistentState<Note> note) : NoteGrain(note);

[GrainType("note.postgresql")]
public sealed class PostgreSqlNoteGrain([PersistentState("note-postgresql", "postgresql")] IPersistentState<Note> note) : NoteGrain(note);

[GrainType("note.postgresql-deleting")]
public sealed class PostgreSqlDeletingNoteGrain([PersistentState("note-postgresql-deleting", "postgresql-deleting")] IPersistentState<Note> note) : NoteGrain(note);

[GrainType("note.broken")]
public sealed class BrokenNoteGrain([PersistentState("note-broken", "broken")] IPersistentState<Note> note) : NoteGrain(note);

/// <summary>Its storage is nowhere configured.</summary>
[GrainType("note.homeless")]
public sealed class HomelessNoteGrain([PersistentState("note-homeless", "nowhere")] IPersistentState<Note> note) : NoteGrain(note);
