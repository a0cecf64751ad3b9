using System.Data.Common;
using Orleans.Storage;

namespace Orleans.Configuration;

/// <summary>Grain state in a relational database whose tables and statements the application has made.</summary>
public class AdoNetGrainStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>The driver: <c>Npgsql</c>, or <c>System.Data.SQLite</c> for Microsoft.Data.Sqlite.</summary>
    public string Invariant { get; set; } = "Microsoft.Data.SqlClient";

    /// <summary>The database; exactly one of this and <see cref="DataSource"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The database; exactly one of this and <see cref="ConnectionString"/>. Stays its owner's.</summary>
    public DbDataSource? DataSource { get; set; }

    /// <summary>Clearing deletes the row; otherwise it stays, without content, and keeps counting versions.</summary>
    public bool DeleteStateOnClear { get; set; }

    /// <summary>The stage of the silo's start at which the statements are loaded.</summary>
    public int InitStage { get; set; } = 10000;

    /// <inheritdoc/>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}
