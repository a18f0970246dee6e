create table person_board (
  id text primary key,
  name text not null,
  email text not null unique,
  roles jsonb not null,
  active boolean not null,
  joined boolean not null
);

create table key_board (
  id text primary key,
  name text not null,
  scopes jsonb not null,
  hash text not null unique,
  created_at text not null,
  created_by text not null,
  revoked boolean not null
);

-- Not boards: secrets, and what is used up.
create table credential (
  person text primary key,
  argon2 text not null,
  set_at text not null
);

create table one_time_link (
  hash text primary key,
  person text,
  expires_at text not null
);

create table session (
  hash text primary key,
  person text not null,
  opened_at text not null,
  expires_at text not null,
  seen_at text not null
);
create index session_of_person on session (person);

create table key_use (
  id text primary key,
  used_at text not null
);
