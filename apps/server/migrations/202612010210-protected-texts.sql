create table protected_text_board (
  id text primary key,
  system text not null,
  removed boolean not null,
  data jsonb not null
);
create index protected_text_of_system on protected_text_board (system) where not removed;

create table protected_print (
  system text not null,
  print text not null,
  id text not null,
  primary key (system, print, id)
);
create index protected_print_of_text on protected_print (id);
