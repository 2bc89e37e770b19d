-- Brings the planner's statistics of the channels up to date once they take a tenth more room, and says whether it did. Without any the
-- planner takes 10,000 channels for a few, and sorts them all for each page. A server of its own has autovacuum for that; the embedded one
-- has not, and does not count changes either.
create function kronicle.analyze_channels()
returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (
    select from pg_class c
    where c.oid = 'kronicle.channel'::regclass
      and pg_relation_size(c.oid) / current_setting('block_size')::integer > 1.1 * c.relpages + 5
  ) then
    return false;
  end if;
  analyze kronicle.channel;
  return true;
end
$$;

revoke all on function kronicle.analyze_channels from public;
grant execute on function kronicle.analyze_channels to {{admin}};
