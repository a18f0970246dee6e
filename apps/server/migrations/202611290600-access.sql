-- What is remembered of those who ask each system and of what is usual among them: telemetry, by salted digest, no board.
create table access_principal (
  system text not null,
  kind text not null,
  principal text not null,
  at text not null,
  data jsonb not null,
  primary key (system, kind, principal)
);
create index access_principal_old on access_principal (at);
create table access_crowd (
  system text not null,
  kind text not null,
  data jsonb not null,
  primary key (system, kind)
);
-- Sign-ins and uses of keys, as applications report them and Firebreak's own.
create table sign_in (
  id text primary key,
  system text not null,
  given text,
  at text not null,
  data jsonb not null,
  unique (system, given)
);
create index sign_in_old on sign_in (at);
-- What was told, with what it is made of.
create table access_told (
  id text primary key,
  system text not null,
  at text not null,
  signal text not null,
  data jsonb not null
);
create index access_told_by_time on access_told (at, id);
