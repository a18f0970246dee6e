export type { Assessment, Calibration, Drift, Gap, Performance, Prediction } from './assess.ts';
export { assess, GAP_KINDS, PREDICTION_LIMITS, TOLERATED_GAP } from './assess.ts';
