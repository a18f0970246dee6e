export type { Backtest, BacktestId } from './backtest-run.ts';
export {
  askBacktest,
  BACKTEST_FACTS,
  BACKTEST_LIMITS,
  endBacktest,
  foldBacktest,
  readRows,
} from './backtest-run.ts';
export type { Counted, DetectionFigures, Rate } from './figures.ts';
export { coherenceMs, detectionFigures } from './figures.ts';
