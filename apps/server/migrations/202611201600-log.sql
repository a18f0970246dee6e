-- The log of facts: one dense sequence, one head row; nothing in it is ever changed.
create table log_head (
  one boolean primary key default true check (one),
  seq bigint not null,
  generation text not null
);

create table stream (
  id text primary key
);

create table fact (
  seq bigint primary key,
  stream text not null,
  version integer not null,
  type text not null,
  at text not null,
  by jsonb not null,
  incident text,
  data jsonb not null,
  leaf bytea not null,
  unique (stream, version)
);
create index fact_of_incident on fact (incident, seq) where incident is not null;
create index fact_of_type on fact (type, seq);

-- Personal content of facts: the fact holds a salted digest, the value can be shredded without breaking a proof.
create table disclosure (
  digest text primary key,
  seq bigint not null,
  salt text not null,
  value jsonb not null
);
create index disclosure_of_fact on disclosure (seq);

create table checkpoint (
  size bigint primary key,
  root bytea not null,
  at text not null,
  note text not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only: % on % refused', tg_op, tg_table_name;
end $$;
create trigger fact_is_append_only before update or delete on fact for each row execute function refuse_change();
create trigger fact_is_not_truncated before truncate on fact for each statement execute function refuse_change();
create trigger checkpoint_is_append_only before update or delete on checkpoint for each row execute function refuse_change();
create trigger checkpoint_is_not_truncated before truncate on checkpoint for each statement execute function refuse_change();
revoke update, delete, truncate on fact, checkpoint from public;
revoke update, delete, truncate on fact, checkpoint from current_user;

-- Durable work: outbox and timers. A row is deleted when it is done.
create table job (
  id text primary key,
  kind text not null,
  payload jsonb not null,
  due_at text not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'dead')),
  attempts integer not null default 0,
  fence bigint not null default 0,
  lease_until text,
  last_error text,
  once text unique
);
create index job_due on job (due_at) where state <> 'dead';
