-- Open candidates include those somebody was told of.
drop index candidate_open;
create index candidate_open on candidate_board (system) where state in ('forming', 'coherent', 'paged');
create index candidate_of_incident on candidate_board ((data->>'incident')) where state in ('promoted', 'closed');

-- Derived from facts: what is silenced, and when signals begin to count for a page.
create table silence_board (
  id text primary key,
  over boolean not null,
  until text not null,
  set_at text not null,
  data jsonb not null
);
create index silence_in_force on silence_board (until) where not over;

create table condition_board (
  id text primary key,
  removed boolean not null,
  set_at text not null,
  data jsonb not null
);
