-- What is watched outside, derived from facts.
create table monitor_board (
  id text primary key,
  removed boolean not null,
  active boolean not null,
  silent boolean not null,
  system text,
  vendor text,
  name text not null,
  data jsonb not null
);

-- Not a board: how the looks went, and what the source wants to hear the next time.
create table monitor_look (
  monitor text primary key,
  next_at text not null,
  looked_at text,
  good_at text,
  failures integer not null default 0,
  fault text,
  -- For which description and address the marks below were given.
  about text,
  etag text,
  last_modified text
);
create index monitor_due on monitor_look (next_at);

-- What was seen, with retention: so that nothing is told twice, and everybody can ask why something was dropped.
create table monitor_item (
  id text primary key,
  monitor text not null,
  -- Whom it is about: a system or a vendor.
  scope text not null,
  guid text not null,
  page text,
  words jsonb not null,
  first_seen_at text not null,
  last_seen_at text not null,
  about text not null,
  kept boolean not null,
  impact integer not null,
  signals jsonb not null,
  data jsonb not null,
  unique (monitor, guid)
);
create index monitor_item_newest on monitor_item (monitor, first_seen_at desc, id desc);
create index monitor_item_of_scope on monitor_item (scope, first_seen_at desc) where kept;
create index monitor_item_page on monitor_item (scope, page) where kept;
create index monitor_item_old on monitor_item (last_seen_at);

-- One request at a time to each host, by whichever process, and not before it may be asked again.
create table monitor_host (
  host text primary key,
  free_at text not null
);
