-- Makes, with psql and as a superuser, the logins of a new database named kronicle: its owner, which migrates it, and one for each lane.
-- `secrets` is the directory that make-secrets.sh has made.
\set ON_ERROR_STOP on
\if :{?secrets}
\else
\set secrets /run/secrets
\endif
\set urls `cat :'secrets'/database_url :'secrets'/*_database_url`

-- A statement that fails would else put a password into the log.
set log_statement = 'none';
set log_min_error_statement = 'panic';
select format('create role %I login password %L', login[1], login[2])
from regexp_matches(:'urls', 'postgres://(\w+):(\w+)@', 'g') as login
\gexec

alter role kronicle createrole;
grant kronicle_reader, kronicle_writer, kronicle_admin, kronicle_auth to kronicle with admin option;
alter database kronicle owner to kronicle;
create extension if not exists timescaledb;
