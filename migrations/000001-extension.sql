-- A non-superuser may run this when the extension is there already (template1, or made by the operator).
create extension if not exists timescaledb;
