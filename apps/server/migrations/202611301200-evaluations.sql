-- What evaluators said about interactions: telemetry, with retention, sealed like the rest.
create table evaluation (
  id text primary key,
  -- Of the interaction it judges, once that is known; until then of its sender.
  system text not null,
  key text not null unique,
  received_at text not null,
  name text not null,
  score double precision,
  label text,
  outcome text not null,
  response_id text,
  trace_id text,
  span_id text,
  interaction text,
  -- When to look for its interaction again; null: found, or given up.
  due_at text,
  -- Whether its failure was raised as a signal.
  told boolean not null default false,
  data jsonb not null
);
create index evaluation_by_time on evaluation (received_at, id);
create index evaluation_of_system on evaluation (system, received_at, id);
create index evaluation_due on evaluation (due_at) where due_at is not null;
create index evaluation_of_interaction on evaluation (interaction) where interaction is not null;
