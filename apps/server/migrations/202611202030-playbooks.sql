-- Derived from facts: one row for each playbook an organisation keeps itself. The shipped ones are no rows.
create table playbook_board (
  id text primary key,
  key text not null,
  name text not null,
  archetype text not null,
  system_type text not null,
  version integer not null,
  edition text,
  steps integer not null,
  source_id text,
  changed_at text not null,
  retired boolean not null
);
create unique index playbook_by_key on playbook_board (key) where not retired;
create index playbook_by_source on playbook_board (source_id) where not retired;
