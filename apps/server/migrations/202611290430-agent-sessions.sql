-- What is remembered of sessions of agents between their calls, for a day. Not a board: it is telemetry.
create table agent_session (
  system text not null,
  session text not null,
  at text not null,
  data jsonb not null,
  primary key (system, session)
);
create index agent_session_old on agent_session (at);
