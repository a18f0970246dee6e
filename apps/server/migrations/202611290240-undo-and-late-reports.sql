-- Which signals a merge moved, so that it can be taken back.
create table candidate_moved (
  signal text primary key,
  origin text not null
);
create index candidate_moved_from on candidate_moved (origin);

-- What people parted once, as pairs of keys: signals with these two keys never join one candidate by themselves.
-- `deed` is the candidate that was parted; taking that back forgets its pairs.
create table candidate_apart (
  deed text not null,
  system text not null,
  one text not null,
  other text not null,
  primary key (deed, one, other)
);
create index candidate_apart_of_system on candidate_apart (system);
