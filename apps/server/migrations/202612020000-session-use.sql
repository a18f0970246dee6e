-- What one session has used up, of systems that have budgets. Not a board: it is telemetry.
create table session_use (
  system text not null,
  session text not null,
  -- Digest of the person served.
  subject text,
  -- Whether its records name it: others stand for themselves.
  named boolean not null,
  at text not null,
  data jsonb not null,
  primary key (system, session)
);
create index session_use_of_person on session_use (system, subject, at) where named;
create index session_use_at on session_use (at);
