-- Orders that instances of another server are asked to try first; a row lives for as long as somebody waits.
create table far_trial (
  trial text primary key,
  hub text not null,
  instance text not null,
  message jsonb not null,
  answer jsonb,
  at text not null
);
