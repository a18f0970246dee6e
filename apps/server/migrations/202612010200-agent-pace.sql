-- How many calls the agents of a system make in ten minutes, and what is usual. Not a board: it is telemetry.
create table agent_pace (
  system text primary key,
  at text not null,
  data jsonb not null
);
