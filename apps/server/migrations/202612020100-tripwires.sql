-- Rules that pull a control before anybody looks.
create table tripwire_board (
  id text primary key,
  system text not null,
  state text not null,
  set_at text not null,
  data jsonb not null
);
create index tripwire_board_armed on tripwire_board (system) where state = 'armed';
