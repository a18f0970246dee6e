create table system_board (
  id text primary key,
  key text not null unique,
  name text not null,
  type text not null,
  owner text not null,
  risk_class text not null,
  features integer not null,
  deployments integer not null,
  last_change_at text,
  retired boolean not null
);

create table incident_board (
  id text primary key,
  label text not null unique,
  title text not null,
  severity integer not null,
  state text not null,
  systems jsonb not null,
  candidate text,
  declared_at text not null,
  commander text,
  drill boolean not null
);
create index incident_newest on incident_board (declared_at desc, id desc);
