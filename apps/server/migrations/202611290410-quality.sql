create index candidate_by_opening on candidate_board ((data->>'openedAt'));

-- Derived from facts.
create table backtest_board (
  id text primary key,
  asked_at text not null,
  waiting boolean not null,
  data jsonb not null
);

-- The rows of a backtest that has not ended, so that a crash loses none.
create table backtest_input (
  backtest text primary key,
  rows text not null,
  corpus text
);
