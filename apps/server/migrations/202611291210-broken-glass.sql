-- Where one person let a hold go alone, derived from facts.
create table glass_board (
  glass text primary key,
  incident text not null,
  state text not null,
  until text not null,
  due text not null,
  approvals integer not null,
  overdue boolean not null,
  data jsonb not null
);
create index glass_of_incident on glass_board (incident);
create index glass_watched on glass_board (glass) where state = 'open' or approvals < 2;
