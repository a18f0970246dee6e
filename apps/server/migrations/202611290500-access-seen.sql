-- Requests that were read and not yet held against what is usual: some at a time, so that a flood costs each asker one row.
create table access_seen (
  id text primary key,
  at text not null,
  count int not null,
  data jsonb not null
);
