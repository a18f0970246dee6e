-- Where alerts of other products come from: derived from facts.
create table source_board (
  id text primary key,
  product text not null,
  hash text not null unique,
  ended boolean not null,
  data jsonb not null
);

-- Not a board: what products sign with, encrypted with a key that is not in the database.
create table source_secret (
  source text primary key,
  sealed text not null
);

-- Deliveries as they came, the newest of each source; not facts.
create table source_delivery (
  id text primary key,
  source text not null,
  at text not null,
  outcome text not null,
  why text not null,
  signals jsonb not null,
  bytes integer not null
);
create index source_delivery_newest on source_delivery (source, at desc, id desc);

create table source_heard (
  source text primary key,
  last_at text,
  accepted bigint not null,
  ignored bigint not null,
  refused bigint not null
);

-- Signed deliveries that were taken, so that none is taken twice.
create table source_seen (
  source text not null,
  digest text not null,
  at text not null,
  primary key (source, digest)
);
create index source_seen_by_time on source_seen (at);

-- What became of a signal after it was raised.
alter table signal add column times integer not null default 1;
alter table signal add column last_at text;
alter table signal add column acknowledged_at text;
alter table signal add column resolved_at text;

-- The signal an alert raised last, by whoever sends it and the key it goes by.
create table alert (
  sender text not null,
  key text not null,
  signal text not null,
  began_at text,
  last_at text not null,
  primary key (sender, key)
);
create index alert_by_time on alert (last_at);
