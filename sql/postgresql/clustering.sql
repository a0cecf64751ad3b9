-- Who is in the cluster, for the ADO.NET clustering of Orleans.
--
-- Every change of a member that others must see counts the cluster's version up, and names the version that it was decided on: the row of
-- OrleansMembershipVersionTable is the lock and the referee. Statements lock members before the version, never the other way round.

-- One row a cluster.
CREATE TABLE IF NOT EXISTS OrleansMembershipVersionTable
(
    DeploymentId varchar(150) NOT NULL PRIMARY KEY,       -- ClusterOptions.ClusterId
    Timestamp    timestamptz  NOT NULL DEFAULT now(),     -- of the last change, for people who look
    Version      int          NOT NULL DEFAULT 0          -- one more with each insert and update of a member; not with signs of life and cleaning up
);

-- One row a life of a silo.
CREATE TABLE IF NOT EXISTS OrleansMembershipTable
(
    DeploymentId varchar(150) NOT NULL,     -- ClusterOptions.ClusterId
    Address      varchar(45)  NOT NULL,     -- the IP address that other silos use, as text
    Port         int          NOT NULL,     -- the port that other silos use
    Generation   int          NOT NULL,     -- tells the lives of one endpoint apart: seconds since 2022 at its start
    SiloName     varchar(150) NOT NULL,     -- the node's name
    HostName     varchar(150) NOT NULL,     -- the machine's name
    Status       int          NOT NULL,     -- 1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead
    ProxyPort    int          NULL,         -- the port that clients use, at the same address; 0 for none
    SuspectTimes text         NULL,         -- who suspects it, since when: address:port@generation,time GMT|...
    StartTime    timestamptz  NOT NULL,     -- when this life began
    IAmAliveTime timestamptz  NOT NULL,     -- its last sign of life, written by itself now and then

    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

-- Says 1 to the one who made the version row, 0 to all others, however many ask at once.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipVersionKey', $$
    WITH created AS
    (
        INSERT INTO OrleansMembershipVersionTable (DeploymentId, Version)
        VALUES (@DeploymentId, 0)
        ON CONFLICT (DeploymentId) DO NOTHING
        RETURNING 1
    )
    SELECT CAST(COUNT(*) AS int) AS Created FROM created;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- A race for one version is decided by the lock on its row: who comes second finds the version changed, and inserts nothing.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipKey', $$
    WITH counted AS
    (
        UPDATE OrleansMembershipVersionTable
        SET Version = Version + 1, Timestamp = now()
        WHERE DeploymentId = @DeploymentId AND Version = @Version
            AND NOT EXISTS
            (
                SELECT 1 FROM OrleansMembershipTable
                WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
            )
        RETURNING DeploymentId
    ),
    inserted AS
    (
        INSERT INTO OrleansMembershipTable
            (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
        SELECT DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        FROM counted
        RETURNING 1
    )
    SELECT CAST(COUNT(*) AS int) AS Inserted FROM inserted;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Holds the member before it counts: a member that is cleaned away meanwhile changes no version.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateMembershipKey', $$
    WITH member AS
    (
        SELECT DeploymentId
        FROM OrleansMembershipTable
        WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
        FOR NO KEY UPDATE
    ),
    counted AS
    (
        UPDATE OrleansMembershipVersionTable AS known
        SET Version = known.Version + 1, Timestamp = now()
        FROM member
        WHERE known.DeploymentId = member.DeploymentId AND known.Version = @Version
        RETURNING known.DeploymentId
    ),
    updated AS
    (
        UPDATE OrleansMembershipTable AS silo
        SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
        FROM counted
        WHERE silo.DeploymentId = counted.DeploymentId AND silo.Address = @Address AND silo.Port = @Port AND silo.Generation = @Generation
        RETURNING 1
    )
    SELECT CAST(COUNT(*) AS int) AS Updated FROM updated;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- A sign of life is no change that others must see: the version stays.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateIAmAlivetimeKey', $$
    UPDATE OrleansMembershipTable
    SET IAmAliveTime = @IAmAliveTime
    WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- One row also when the member is not there: without a StartTime, with the version.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadRowKey', $$
    SELECT silo.Address, silo.Port, silo.Generation, silo.SiloName, silo.HostName, silo.Status, silo.ProxyPort, silo.SuspectTimes,
        silo.StartTime, silo.IAmAliveTime, known.Version
    FROM OrleansMembershipVersionTable AS known
    LEFT JOIN OrleansMembershipTable AS silo
        ON silo.DeploymentId = known.DeploymentId AND silo.Address = @Address AND silo.Port = @Port AND silo.Generation = @Generation
    WHERE known.DeploymentId = @DeploymentId;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- One row also when there is no member at all, as above. Members and version are of one moment: a single statement sees one snapshot.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadAllKey', $$
    SELECT silo.Address, silo.Port, silo.Generation, silo.SiloName, silo.HostName, silo.Status, silo.ProxyPort, silo.SuspectTimes,
        silo.StartTime, silo.IAmAliveTime, known.Version
    FROM OrleansMembershipVersionTable AS known
    LEFT JOIN OrleansMembershipTable AS silo ON silo.DeploymentId = known.DeploymentId
    WHERE known.DeploymentId = @DeploymentId;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Forgets a cluster; for tests, and for people who give up one.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteMembershipTableEntriesKey', $$
    WITH forgotten AS
    (
        DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId
    )
    DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Where clients can connect: the silos of a status (active) that have a port for it.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('GatewaysQueryKey', $$
    SELECT Address, ProxyPort, Generation
    FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- Forgets the dead of long ago. Nobody decides anything on them, so the version stays.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId AND Status = 6 AND IAmAliveTime < @IAmAliveTime AND StartTime < @IAmAliveTime;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- The same for one of them, picked by who read it: if it still is as it was read.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntryKey', $$
    DELETE FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
        AND Status = 6
        AND SuspectTimes IS NOT DISTINCT FROM @SuspectTimes
        AND StartTime IS NOT DISTINCT FROM @StartTime
        AND IAmAliveTime IS NOT DISTINCT FROM @IAmAliveTime;
$$) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
