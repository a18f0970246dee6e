-- Proposals to put a parent over incidents that add up, derived from facts.
create table parent_proposal_board (
  id text primary key,
  system text not null,
  state text not null,
  proposed_at text not null,
  data jsonb not null
);
create index parent_proposal_by_state on parent_proposal_board (state, proposed_at desc, id desc);
