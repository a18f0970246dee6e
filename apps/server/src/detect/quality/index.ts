import { createHash } from 'node:crypto';
import { quality as doors } from '@firebreak/contract/detect/quality';
import { TOPIC_NAMES } from '@firebreak/core/detect/backtest';
import { askBacktest, type Backtest, foldBacktest, readRows } from '@firebreak/core/detect/quality';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { type App, actWithin, announce, type Deps, route, type Slice } from '../../platform/index.ts';
import { backtestBoard, countWaiting, listBacktests, runBacktest } from './backtests.ts';
import { candidatesBehind, figuresOver } from './figures.ts';

/** Backtests that may wait at once. */
const MOST_WAITING = 5;
const shown = (it: Backtest) => ({ ...it, done: it.done && { ...it.done, scores: { ...it.done.scores } } });

function routes(app: App, deps: Deps): void {
  route(app, doors.figures, ({ query }) => figuresOver(deps.db, query, deps.now()));
  route(app, doors.candidates, async ({ query: { figure, ...over } }) => ({
    items: await candidatesBehind(deps.db, figure, over, deps.now()),
  }));
  route(app, doors.backtests, async () => ({
    backtests: (await listBacktests(deps.db)).map(shown),
    topics: [...TOPIC_NAMES],
  }));
  route(app, doors.ask, async ({ body, caller }) => {
    const { topic, name, rows: text, corpus } = body;
    const rows = readRows(text, '/rows');
    if (isRefusal(rows)) return rows;
    if (corpus !== null) {
      const searched = readRows(corpus, '/corpus');
      if (isRefusal(searched)) return searched;
    } else if (topic === 'similar')
      return refuse('backtest.unreadable', 'This topic searches a corpus: send the incidents to search.', '/corpus');
    if ((await countWaiting(deps.db)) >= MOST_WAITING)
      return refuse('backtest.too-many', `${MOST_WAITING} backtests wait already. Wait until one is done.`);
    const backtest = deps.mint('bkt');
    const digest = createHash('sha256').update(text).digest('hex');
    const done = await deps.db.transaction(async (tx) => {
      const asked = await actWithin(tx, deps, {
        stream: backtest,
        by: caller,
        may: 'candidate.judge',
        fold: foldBacktest,
        decide: (state) => askBacktest(state, { backtest, topic, name, rows: rows.length, digest }),
      });
      if (isRefusal(asked)) return asked;
      await tx.query('insert into backtest_input (backtest, rows, corpus) values ($1, $2, $3)', [
        backtest,
        text,
        corpus,
      ]);
      return asked;
    });
    if (isRefusal(done)) return done as Refusal;
    await announce(deps, done.facts);
    return { backtest: shown(done.state!) };
  });
}

/** How good detection is, in figures of what happened and on labelled history. */
export const quality: Slice = {
  name: 'quality',
  routes,
  boards: [backtestBoard],
  jobs: { 'backtest.run': runBacktest },
  effectsOf: ({ type, data }) =>
    type === 'backtest.asked' ? [{ kind: 'backtest.run', payload: { backtest: data.backtest } }] : [],
};
