-- Which silo has a grain's one activation, for MiniOrleans' grain directory; Orleans itself keeps its directory in the silos' memory and takes no
-- notice of this table and its keys.
--
-- A registration is worth as much as its silo: one whose silo is dead in OrleansMembershipTable, or not there at all, counts as none, and whoever
-- registers next replaces it. A dead silo can register nothing any more.

-- Logged and committed like everything else: a registration that a crash of the database forgot would let a grain live twice.
CREATE TABLE IF NOT EXISTS MiniDirectory
(
    ClusterId  varchar(150) NOT NULL,       -- ClusterOptions.ClusterId
    GrainId    text         NOT NULL,       -- type/key
    Address    varchar(45)  NOT NULL,       -- the silo, as in OrleansMembershipTable
    Port       int          NOT NULL,
    Generation int          NOT NULL
);

-- One silo a grain. An index holds 2700 bytes at most, and a stream's URL may be longer: the grain is in here by its digest.
-- There is no other index: a cycle registers and unregisters every stream once, and only the death of a silo asks for all that it had.
CREATE UNIQUE INDEX IF NOT EXISTS UX_MiniDirectory ON MiniDirectory (ClusterId, md5(GrainId));

-- No row when the grain is registered nowhere, or with a silo that is no more.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MiniDirectoryLookupKey', $$
    SELECT held.Address, held.Port, held.Generation
    FROM MiniDirectory AS held
    JOIN OrleansMembershipTable AS holder
        ON holder.DeploymentId = held.ClusterId AND holder.Address = held.Address AND holder.Port = held.Port AND holder.Generation = held.Generation
    WHERE held.ClusterId = @ClusterId AND md5(held.GrainId) = md5(@GrainId) AND held.GrainId = @GrainId AND holder.Status <> 6;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Who has the grain from now on: the silo that asks, or the living one that was there before. No row when the silo that asks is dead or unknown.
-- Of two that ask at once the second waits for the first one's row, and decides on it as it is then.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MiniDirectoryRegisterKey', $$
    INSERT INTO MiniDirectory AS held (ClusterId, GrainId, Address, Port, Generation)
    SELECT asking.DeploymentId, @GrainId, asking.Address, asking.Port, asking.Generation
    FROM OrleansMembershipTable AS asking
    WHERE asking.DeploymentId = @ClusterId AND asking.Address = @Address AND asking.Port = @Port AND asking.Generation = @Generation AND asking.Status <> 6
    ON CONFLICT (ClusterId, md5(GrainId)) DO UPDATE
    SET (Address, Port, Generation) =
    (
        SELECT
            CASE WHEN IsAlive THEN held.Address ELSE excluded.Address END,
            CASE WHEN IsAlive THEN held.Port ELSE excluded.Port END,
            CASE WHEN IsAlive THEN held.Generation ELSE excluded.Generation END
        FROM
        (
            SELECT EXISTS
            (
                SELECT 1 FROM OrleansMembershipTable
                WHERE DeploymentId = held.ClusterId AND OrleansMembershipTable.Address = held.Address
                    AND OrleansMembershipTable.Port = held.Port AND OrleansMembershipTable.Generation = held.Generation AND Status <> 6
            ) AS IsAlive
        ) AS holder
    )
    RETURNING held.Address, held.Port, held.Generation;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- A silo takes back its own registration only.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MiniDirectoryUnregisterKey', $$
    DELETE FROM MiniDirectory
    WHERE ClusterId = @ClusterId AND md5(GrainId) = md5(@GrainId) AND GrainId = @GrainId
        AND Address = @Address AND Port = @Port AND Generation = @Generation;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- All that a silo had. Several silos ask at once when one has died: who finds a row held by another leaves it to that one.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MiniDirectoryUnregisterSiloKey', $$
    WITH held AS
    (
        SELECT ClusterId, GrainId
        FROM MiniDirectory
        WHERE ClusterId = @ClusterId AND Address = @Address AND Port = @Port AND Generation = @Generation
        FOR UPDATE SKIP LOCKED
    )
    DELETE FROM MiniDirectory AS gone
    USING held
    WHERE gone.ClusterId = held.ClusterId AND md5(gone.GrainId) = md5(held.GrainId) AND gone.GrainId = held.GrainId;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
