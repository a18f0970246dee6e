-- What was recommended and what was taken, derived from facts.
create table containment_choice_board (
  hold text primary key,
  incident text not null,
  system text not null,
  archetype text,
  taken text not null,
  recommended text,
  at text not null,
  data jsonb not null
);
create index containment_choice_of_system on containment_choice_board (system, at);
create index containment_choice_of_archetype on containment_choice_board (archetype, at);
