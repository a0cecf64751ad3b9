using System.Data.Common;

namespace Orleans.Configuration;

/// <summary>Reminders in a relational database whose tables and statements the application has made.</summary>
public class AdoNetReminderTableOptions
{
    /// <summary>The driver: <c>Npgsql</c>.</summary>
    public string Invariant { get; set; } = "";

    /// <summary>The database; exactly one of this and <see cref="DataSource"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The database; exactly one of this and <see cref="ConnectionString"/>. Stays its owner's.</summary>
    public DbDataSource? DataSource { get; set; }
}
