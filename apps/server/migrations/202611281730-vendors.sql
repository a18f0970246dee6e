-- Vendors, derived from facts.
create table vendor_board (
  id text primary key,
  retired boolean not null,
  name text not null,
  -- Every name it goes by, as they are compared.
  names jsonb not null,
  data jsonb not null
);

-- What each system runs, which the board of systems did not hold before.
update system_board s set data = data || jsonb_build_object('running', (
  select coalesce(jsonb_agg(d.versions), '[]'::jsonb) from (
    select distinct on (f.data ->> 'deployment') f.data -> 'versions' as versions
    from fact f where f.stream = s.id and f.type = 'version.deployed'
    order by f.data ->> 'deployment', f.data ->> 'occurredAt' desc, f.version desc) d))
where data is not null;
