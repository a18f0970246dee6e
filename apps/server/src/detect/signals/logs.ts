import { createHash } from 'node:crypto';
import {
  type EvaluationsReading,
  errorsInLogs,
  evaluationsFromLogs,
  interactionsFromLogs,
  type LoggedError,
  type LogsReading,
  type Witnessed,
} from '@firebreak/core/detect/signals';
import { type Refusal, refuse } from '@firebreak/core/kernel';
import type { Deps } from '../../platform/index.ts';
import { evalTraffic } from './eval-mark.ts';
import { storable, storableWitnessed } from './given.ts';
import { holdLogCalls, LOG_CALLS_LIMIT, roomForLogCalls, waitsForTrace } from './log-calls.ts';
import type { Raised } from './store-signals.ts';
import { storeSignals } from './store-signals.ts';
import { takeOutOfTexts } from './take-out.ts';
import { toolsDigest } from './tools-digest.ts';

const short = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

/** A logged error as a signal: one for each kind of error, minute and system, however often it was logged. */
function signalOf(it: LoggedError): Raised {
  const kind = short(it.template);
  return {
    at: it.at,
    channel: 'telemetry',
    kind: 'logged-error',
    detector: 'logs',
    rule: `${it.level} ${kind}`,
    evidenceClass: 'weak',
    score: null,
    system: it.system,
    feature: it.feature === null ? null : storable(it.feature),
    deployment: it.deployment === null ? null : storable(it.deployment),
    versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    subjectHash: null,
    archetype: null,
    severityHint: null,
    text: storable(`${it.count > 1 ? `Logged ${it.count} times in a minute: ` : 'Logged: '}${it.text}`).slice(0, 2_000),
    quotes: [],
    interaction: null,
    dedupKey: `log|${it.system}|${it.feature ?? ''}|${it.at.slice(0, 16)}|${it.level}|${kind}`,
  };
}

export interface KeptLogs {
  /** Calls of models to be stored now; others wait for their trace. */
  readonly calls: readonly Witnessed[];
  readonly waiting: number;
  readonly errors: number;
  /** Calls that belong to evals. */
  readonly evals: number;
  /** What evaluators said, to be kept now. */
  readonly judged: EvaluationsReading;
}

/** Keeps what log records tell: errors as signals, events of generative AI as interactions or evaluations. Other records are counted only. */
export async function keepLogs(deps: Deps, { records }: LogsReading, fallback: string): Promise<KeptLogs | Refusal> {
  const now = deps.now();
  const ours = await evalTraffic(deps);
  const told = interactionsFromLogs(records, fallback, now, toolsDigest);
  const calls = told.filter((it) => !ours(it)).map(storableWitnessed);
  const held = calls.filter(waitsForTrace);
  if (held.length > 0 && (await roomForLogCalls(deps)) < held.length)
    return refuse(
      'telemetry.too-busy',
      `More than ${LOG_CALLS_LIMIT} calls of log records wait for their traces. Nothing of this request was kept; send it again in a few seconds.`,
    );
  const errors = errorsInLogs(records, fallback, now);
  if (errors.length > 0) {
    const raised = await takeOutOfTexts(deps, errors.map(signalOf));
    await deps.db.transaction((tx) => storeSignals(tx, deps, raised), 'bulk');
  }
  if (held.length > 0) await holdLogCalls(deps, held);
  return {
    calls: calls.filter((it) => !waitsForTrace(it)),
    waiting: held.length,
    errors: errors.length,
    evals: told.length - calls.length,
    judged: evaluationsFromLogs(records, fallback, now),
  };
}
