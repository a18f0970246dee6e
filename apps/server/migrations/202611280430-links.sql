-- What stands elsewhere about incidents, and which other tools are told: derived from facts.
create table link_board (
  id text primary key,
  incident text not null,
  url text not null,
  key text not null,
  tool text not null,
  data jsonb not null
);
create index link_of_incident on link_board (incident, id);
create index link_by_url on link_board (url);
create index link_by_key on link_board (lower(key), lower(tool)) where key <> '';

create table subscription_board (
  id text primary key,
  name text not null,
  url text not null,
  events jsonb not null,
  made_at text not null,
  made_by jsonb not null,
  ended jsonb
);

create table delivery_board (
  id text primary key,
  subscription text not null,
  event text not null,
  about text not null,
  state text not null,
  attempts integer not null,
  last text not null,
  at text not null,
  changed_at text not null
);
create index delivery_newest on delivery_board (at desc, id desc);
create index delivery_of_subscription on delivery_board (subscription, state);

-- Not a board: what deliveries are signed with.
create table subscription_secret (
  subscription text primary key,
  secret text not null
);
