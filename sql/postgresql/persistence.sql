-- Grain state, for the ADO.NET grain storage of Orleans (invariant "Npgsql").

-- One row a piece of grain state. Seven columns are its key; the grain's type and the provider's name are not part of it,
-- so state names must be unique per grain class.
CREATE TABLE IF NOT EXISTS OrleansStorage
(
    GrainIdHash            int           NOT NULL,  -- hash of the grain's key: an index aid, never trusted alone
    GrainIdN0              bigint        NOT NULL,  -- Guid keys: bytes 0-7 as a little-endian integer; otherwise 0
    GrainIdN1              bigint        NOT NULL,  -- Guid keys: bytes 8-15 likewise; integer keys: the integer; string keys: 0
    GrainTypeHash          int           NOT NULL,  -- hash of GrainTypeString
    GrainTypeString        varchar(512)  NOT NULL,  -- the state's name, as in [PersistentState("name")]
    GrainIdExtensionString text          NULL,      -- string keys: the whole key, a camera's URL say; compound keys: the part after '+'; otherwise NULL
    ServiceId              varchar(150)  NOT NULL,  -- ClusterOptions.ServiceId: several services can share one database
    PayloadBinary          bytea         NULL,      -- the serialized state (UTF-8 JSON); NULL once the state was cleared
    ModifiedOn             timestamptz   NOT NULL,  -- of the last change, for people who look
    Version                int           NOT NULL   -- the etag: 1 at the first write, one more with each write or clear
);

-- Makes racing first writes of one key yield one winner, keys without an extension included: NULL equals NULL here.
-- An index holds 2700 bytes at most, and a URL may be longer: it is in here by its digest.
CREATE UNIQUE INDEX IF NOT EXISTS UX_OrleansStorage ON OrleansStorage
    (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ServiceId, md5(GrainIdExtensionString)) NULLS NOT DISTINCT;

-- Read: no row, or one with the state and its version.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', $$
    SELECT PayloadBinary, Version
    FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
        AND ServiceId = @ServiceId AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Write: with a version only the update can match, without one only the insert. Returns the new version, or no row on a conflict.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', $$
    WITH changed AS
    (
        UPDATE OrleansStorage
        SET PayloadBinary = @PayloadBinary, ModifiedOn = now(), Version = Version + 1
        WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
            AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
            AND ServiceId = @ServiceId AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
            AND Version = @GrainStateVersion
        RETURNING Version
    ),
    created AS
    (
        INSERT INTO OrleansStorage
            (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, ModifiedOn, Version)
        SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, now(), 1
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING Version
    )
    SELECT Version AS NewGrainStateVersion FROM changed
    UNION ALL
    SELECT Version FROM created;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Clear: keeps the row and its version, so a late writer is still found out. Returns the new version, or no row on a conflict.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', $$
    UPDATE OrleansStorage
    SET PayloadBinary = NULL, ModifiedOn = now(), Version = Version + 1
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
        AND ServiceId = @ServiceId AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
        AND Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Delete: takes the place of Clear when DeleteStateOnClear is set. Returns the version after the last, or no row on a conflict.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteStorageKey', $$
    DELETE FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
        AND ServiceId = @ServiceId AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
        AND Version = @GrainStateVersion
    RETURNING Version + 1 AS NewGrainStateVersion;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
