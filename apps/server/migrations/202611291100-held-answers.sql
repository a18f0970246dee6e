create table held_answer_board (
  held text primary key,
  system text not null,
  state text not null,
  at text not null,
  decided_at text
);
create index held_answer_waiting on held_answer_board (system, at) where state = 'pending';
create index held_answer_decided on held_answer_board (decided_at, held) where state <> 'pending';

-- When the application last said that it waits; not facts.
create table held_answer_asked (
  held text primary key,
  at text not null
);
