-- Moderation models that are asked for a second opinion, derived from facts.
create table moderator_board (
  id text primary key,
  removed boolean not null,
  active boolean not null,
  silent boolean not null,
  name text not null,
  data jsonb not null
);

-- Not a board: the key each is sent, sealed.
create table moderator_secret (
  moderator text primary key,
  sealed text not null
);

-- Questions that wait, and what was said, with retention.
create table moderation_opinion (
  moderator text not null,
  interaction text not null,
  system text not null,
  at text not null,
  state text not null,
  attempts integer not null default 0,
  why text,
  model text,
  latency_ms real,
  said jsonb,
  primary key (moderator, interaction)
);
create index moderation_waiting on moderation_opinion (moderator, at) where state = 'waiting';
create index moderation_newest on moderation_opinion (moderator, state, at desc);
create index moderation_old on moderation_opinion (at);

-- How it went, by the hour.
create table moderation_hour (
  moderator text not null,
  hour text not null,
  flagged integer not null default 0,
  clean integer not null default 0,
  none integer not null default 0,
  not_asked integer not null default 0,
  requests integer not null default 0,
  ms double precision not null default 0,
  primary key (moderator, hour)
);
