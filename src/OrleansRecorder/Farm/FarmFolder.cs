using System.Security.Cryptography;

namespace OrleansRecorder.Farm;

/// <summary>What a farm on one machine keeps while it runs, and removes when it ends: the database, secrets, configurations. Recordings and logs are elsewhere.</summary>
internal sealed class FarmFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a new one.</summary>
    public FarmFolder()
    {
        Path = Directory.CreateTempSubdirectory("recorder-farm-").FullName;
        // The database's user must get through to its own folder; it cannot list this one.
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>A path inside.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file that only its owner can read.</summary>
    public string Write(string name, string content)
    {
        using var file = new FileStream(this[name], new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        using var writer = new StreamWriter(file);
        writer.Write(content);
        return this[name];
    }

    /// <summary>A new secret, and the file that holds it.</summary>
    public (string Secret, string File) NewSecret(string name)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return (secret, Write(name, secret + "\n"));
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
