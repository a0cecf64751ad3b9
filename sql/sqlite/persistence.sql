-- Grain state on one machine, for the ADO.NET grain storage of Orleans (invariant "System.Data.SQLite", driver Microsoft.Data.Sqlite).
-- Safe to run at every start: tables and indexes are made when they are missing, rows are kept, query texts are brought up to date.
--
-- Concurrency: every text below changes rows with a single atomic statement. SQLite lets one connection write at a time; the driver
-- retries a busy database until its command timeout (30 s, "Default Timeout" in the connection string), which serves as the busy timeout.
-- Write-ahead logging lets readers go on during a write. It is a property of the file, so setting it once here is enough;
-- PRAGMA synchronous stays FULL, the default: an acknowledged write survives a power cut.
PRAGMA journal_mode = WAL;

-- The provider's statements: it loads them at start and sends nothing else.
CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey  TEXT NOT NULL PRIMARY KEY, -- the name by which the provider asks for a statement
    QueryText TEXT NOT NULL              -- the statement, with @Parameters
);

-- One row a piece of grain state. The first seven columns are its key; the grain's type and the provider's name are not part of it,
-- so state names must be unique per grain class.
CREATE TABLE IF NOT EXISTS OrleansStorage
(
    GrainIdHash            INTEGER NOT NULL, -- 32-bit hash of the grain's key: an index aid, never trusted alone
    GrainIdN0              INTEGER NOT NULL, -- Guid keys: bytes 0-7 as a little-endian integer; otherwise 0
    GrainIdN1              INTEGER NOT NULL, -- Guid keys: bytes 8-15 likewise; integer keys: the integer; string keys: 0
    GrainTypeHash          INTEGER NOT NULL, -- 32-bit hash of GrainTypeString
    GrainTypeString        TEXT    NOT NULL, -- the state's name, as in [PersistentState("name")]
    GrainIdExtensionString TEXT        NULL, -- string keys: the whole key; compound keys: the part after '+'; otherwise NULL
    ServiceId              TEXT    NOT NULL, -- ClusterOptions.ServiceId: several services can share one file
    PayloadBinary          BLOB        NULL, -- the serialized state (UTF-8 JSON); NULL once the state was cleared
    ModifiedOn             TEXT    NOT NULL, -- UTC time of the last change, for people who look into the file
    Version                INTEGER NOT NULL  -- the etag: 1 at the first write, one more with each write or clear
);

-- Makes racing first writes of one key yield one winner. NULLs never collide in a unique index, hence the stand-in for a missing extension:
-- an empty blob, which no text equals, so a missing extension and an empty one stay two keys.
CREATE UNIQUE INDEX IF NOT EXISTS UX_OrleansStorage ON OrleansStorage
    (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ServiceId, IFNULL(GrainIdExtensionString, x''));

-- Read: no row, or one with the state and its version.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', '
    SELECT PayloadBinary, Version
    FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
        AND ServiceId = @ServiceId AND GrainIdExtensionString IS @GrainIdExtensionString;
') ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Write: with a version only the first statement can match, without one only the second, so the pair needs no transaction.
-- Returns the new version, or no row on a conflict.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', '
    UPDATE OrleansStorage
    SET PayloadBinary = @PayloadBinary, ModifiedOn = CURRENT_TIMESTAMP, Version = Version + 1
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
        AND ServiceId = @ServiceId AND GrainIdExtensionString IS @GrainIdExtensionString
        AND Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion;

    INSERT INTO OrleansStorage
        (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, ModifiedOn, Version)
    SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, CURRENT_TIMESTAMP, 1
    WHERE @GrainStateVersion IS NULL
    ON CONFLICT DO NOTHING
    RETURNING Version AS NewGrainStateVersion;
') ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Clear: keeps the row and its version, so a late writer is still found out. Returns the new version, or no row on a conflict.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', '
    UPDATE OrleansStorage
    SET PayloadBinary = NULL, ModifiedOn = CURRENT_TIMESTAMP, Version = Version + 1
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
        AND ServiceId = @ServiceId AND GrainIdExtensionString IS @GrainIdExtensionString
        AND Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion;
') ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Delete: takes the place of Clear when DeleteStateOnClear is set. Returns the version after the last, or no row on a conflict.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteStorageKey', '
    DELETE FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
        AND ServiceId = @ServiceId AND GrainIdExtensionString IS @GrainIdExtensionString
        AND Version = @GrainStateVersion
    RETURNING Version + 1 AS NewGrainStateVersion;
') ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
