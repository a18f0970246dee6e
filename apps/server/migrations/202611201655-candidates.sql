-- Derived from facts: one row a candidate, the whole of it in `data`.
create table candidate_board (
  id text primary key,
  system text not null,
  state text not null,
  changed_at text not null,
  data jsonb not null
);
create index candidate_by_change on candidate_board (changed_at, id);
create index candidate_open on candidate_board (system) where state in ('forming', 'coherent');

-- What the grouping remembers of an open candidate. A cache: it can be made anew from the candidate's signals.
create table candidate_profile (
  candidate text primary key,
  system text not null,
  last_at text not null,
  profile jsonb not null
);
create index candidate_profile_of_system on candidate_profile (system, last_at);

-- What people split once: signals with this key do not join this candidate again.
create table candidate_never (
  candidate text not null,
  key text not null,
  primary key (candidate, key)
);
