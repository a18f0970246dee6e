-- Telemetry: rows with retention, not facts. One row an interaction, whole in `data` as canonical JSON; the columns
-- beside it are for finding.
create table interaction (
  id text primary key,
  system text not null,
  key text not null,
  given_id text,
  received_at text not null,
  at text not null,
  feature text,
  prompt text,
  model text,
  session text,
  trace_id text,
  response_id text,
  intake text not null,
  data jsonb not null,
  unique (system, key)
);
create index interaction_of_system on interaction (system, received_at, id);
create index interaction_by_time on interaction (received_at, id);
create index interaction_of_trace on interaction (trace_id) where trace_id is not null;
create index interaction_as_given on interaction (given_id) where given_id is not null;

create table signal (
  id text primary key,
  system text not null,
  dedup_key text not null unique,
  received_at text not null,
  at text not null,
  channel text not null,
  detector text not null,
  feature text,
  interaction text,
  -- new: not looked at by the grouping; loose: too weak to stand alone; placed: belongs to a candidate; expired: stayed alone.
  placement text not null default 'new' check (placement in ('new', 'loose', 'placed', 'expired')),
  candidate text,
  data jsonb not null
);
create index signal_by_time on signal (received_at, id);
create index signal_of_system on signal (system, received_at, id);
create index signal_to_place on signal (received_at, id) where placement = 'new';
create index signal_loose on signal (system, received_at) where placement = 'loose';
create index signal_of_candidate on signal (candidate, received_at, id) where candidate is not null;
create index signal_of_interaction on signal (interaction) where interaction is not null;

create table feedback (
  id text primary key,
  system text not null,
  key text not null,
  received_at text not null,
  at text not null,
  kind text not null,
  -- What the sender calls the interaction it speaks of, and which one that turned out to be.
  refers text,
  interaction text,
  -- When to make a signal of it, or to look again for the interaction it speaks of; null: done.
  due_at text,
  data jsonb not null,
  unique (system, key)
);
create index feedback_by_time on feedback (received_at, id);
create index feedback_due on feedback (due_at) where due_at is not null;
create index feedback_of_interaction on feedback (interaction) where interaction is not null;

-- What came in together: the queue of the detectors, and the leaves of the next seal.
create table telemetry_intake (
  id text primary key,
  kind text not null,
  received_at text not null,
  count integer not null,
  ids jsonb not null,
  -- RFC 6962 leaf hashes of the rows, 32 bytes each, base64, in the order of `ids`.
  leaves text not null,
  inspected boolean not null,
  batch bigint
);
create index telemetry_to_inspect on telemetry_intake (id) where not inspected;
create index telemetry_to_seal on telemetry_intake (id) where batch is null;
create index telemetry_of_batch on telemetry_intake (batch, id) where batch is not null;

-- Derived from facts.
create table telemetry_batch (
  number bigint primary key,
  kind text not null,
  count integer not null,
  root text not null,
  at text not null,
  seq bigint not null
);
create table telemetry_deletion (
  seq bigint primary key,
  kind text not null,
  count integer not null,
  at text not null
);

-- Requests by minute, for "what would this order touch" and "is traffic still seen". Feature '' is an unknown one.
create table traffic (
  system text not null,
  feature text not null,
  minute text not null,
  requests integer not null,
  refused integer not null,
  rerouted integer not null,
  errors integer not null,
  primary key (system, minute, feature)
);

-- Salts the digests of people and secrets. Never leaves the database.
create table telemetry_salt (
  one boolean primary key default true check (one),
  salt text not null
);
