-- The farm's database, PostgreSQL 15 or newer. The scripts of this folder run in the order of their names, in one transaction
-- (`recorder db init`; by hand: cat *.sql | psql -1 -v ON_ERROR_STOP=1). Safe to run again and again: tables and indexes are made when they
-- are missing, rows are kept, query texts are brought up to date. A change of a table goes beside it, in the form "ALTER TABLE … ADD COLUMN IF NOT
-- EXISTS", so that the same scripts make a new database and mend an old one; it must leave the table usable to the version before.

-- Which versions of these scripts have run here; the highest one is what the database is at. Programs refuse to start on any other than theirs.
CREATE TABLE IF NOT EXISTS RecorderSchema
(
    Version   int         NOT NULL PRIMARY KEY,     -- raise it below with every change of a table or a text, and FarmSchema.Version with it
    AppliedOn timestamptz NOT NULL DEFAULT now()    -- when it first ran here
);

INSERT INTO RecorderSchema (Version) VALUES (1) ON CONFLICT (Version) DO NOTHING;

-- The statements of the silos and clients: they load them once, at their start, and send nothing else.
-- Each text is atomic by itself under READ COMMITTED, PostgreSQL's default: nobody opens a transaction around it.
CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey  varchar(64) NOT NULL PRIMARY KEY,     -- the name by which a statement is asked for
    QueryText text        NOT NULL                  -- the statement, with @Parameters
);
