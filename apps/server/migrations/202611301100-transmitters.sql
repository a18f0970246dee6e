-- Which tokens of agents live, by their ids, so that somebody else can name one. The tokens themselves are not kept.
create table agent_token_live (
  id text primary key,
  system text not null,
  agent text not null,
  ends_at text not null
);
create index agent_token_live_agent on agent_token_live (agent, id);
create index agent_token_live_end on agent_token_live (ends_at);
-- Who may tell of revoked agents by Security Event Tokens (RFC 8417).
create table transmitter_board (
  id text primary key,
  data jsonb not null
);
-- Events of tokens that were taken: also which tokens were, so that none counts twice.
create table heard_event (
  transmitter text not null,
  token text not null,
  number int not null,
  type text not null,
  subject text not null,
  revoked int not null,
  why text not null,
  at text not null,
  primary key (transmitter, token, number)
);
create index heard_event_at on heard_event (at desc);
create index heard_event_of on heard_event (transmitter, at desc);
-- What was refused last at the address of each.
create table transmitter_refused (
  transmitter text primary key,
  at text not null,
  err text not null,
  description text not null
);
