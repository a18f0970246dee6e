-- Until when the last token of each agent lives, so that what a revocation cannot reach at once is said. The tokens themselves are not kept.
create table agent_token_end (
  system text not null,
  agent text not null,
  ends_at text not null,
  primary key (system, agent)
);
