import { type Aids, inspect, signalOf } from '@firebreak/core/detect/detectors';
import { type Feedback, type Interaction, isPraise } from '@firebreak/core/detect/signals';
import { addMs, toMs } from '@firebreak/core/kernel';
import type { Deps, Watch } from '../../platform/index.ts';
import { sightingsOf } from './heard.ts';
import { stateOf, waitingCount } from './state.ts';
import { findReferred, type Raised, storeSignals } from './store-signals.ts';

const INTERACTIONS_AT_ONCE = 250;
const FEEDBACK_AT_ONCE = 200;
/** How long one look may go on before others get their turn, milliseconds. */
const BUDGET_MS = 200;
/** The detectors let go of the event loop after so long; while senders send, for so long: a tenth of the time is theirs. */
const BREATH_MS = 8;
const GIVE_WAY_MS = 72;
const REFER_EVERY_MS = 2_000;
const REFER_FOR_MS = 30_000;

const breath = (giveWay: boolean): Promise<void> =>
  new Promise((resolve) => (giveWay ? setTimeout(resolve, GIVE_WAY_MS) : setImmediate(resolve)));

/** Runs the detectors over what came in, some at a time. Answers how many interactions were looked at. */
async function inspectSome(deps: Deps, aids: Aids): Promise<number> {
  const state = stateOf(deps);
  const waiting = await deps.db.query<{ id: string; ids: string[]; count: number }>(
    `select id, ids, count from (
       select id, ids, count, sum(count) over (order by id) as upto
       from telemetry_intake where not inspected order by id limit ${INTERACTIONS_AT_ONCE}) w
     where upto - count < ${INTERACTIONS_AT_ONCE}`,
  );
  const taken = waiting.rows;
  if (taken.length === 0) return 0;
  const count = taken.reduce((sum, intake) => sum + intake.count, 0);
  const found = new Map<string, Interaction>();
  const missing: string[] = [];
  for (const intake of taken)
    for (const id of intake.ids) {
      const held = state.take(intake.id, id);
      if (held === null) missing.push(id);
      else found.set(id, held);
    }
  if (missing.length > 0) {
    const { rows } = await deps.db.query<{ data: Interaction }>('select data from interaction where id = any($1)', [
      missing,
    ]);
    for (const { data } of rows) found.set(data.id, data);
  }
  const raised = new Map<string, Raised[]>();
  let breathedAt = performance.now();
  const sightings = sightingsOf(deps);
  for (const data of found.values()) {
    sightings.see(data);
    raised.set(
      data.id,
      inspect(data, aids).map((finding) => signalOf(finding, data, aids)),
    );
    if (performance.now() - breathedAt > BREATH_MS) {
      await breath(state.busy);
      breathedAt = performance.now();
    }
  }
  await deps.db.transaction(async (tx) => {
    // Another process may have looked at the same time: whoever marks it first raises the signals.
    const ours = await tx.query<{ ids: string[] }>(
      'update telemetry_intake set inspected = true where id = any($1) and not inspected returning ids',
      [taken.map((intake) => intake.id)],
    );
    await storeSignals(
      tx,
      deps,
      [...new Set(ours.rows.flatMap((row) => row.ids))].flatMap((id) => raised.get(id) ?? []),
    );
  }, 'bulk');
  if (state.waiting !== null) state.waiting = Math.max(0, state.waiting - count);
  return count;
}

const KIND_TEXT: Readonly<Record<Feedback['kind'], string>> = {
  'thumbs-up': 'Somebody liked an answer.',
  'thumbs-down': 'Somebody did not like an answer.',
  abuse: 'Somebody reported an answer as abusive.',
  comment: 'Somebody commented.',
  ticket: 'Somebody opened a ticket.',
};

/** What somebody said, as a signal. Praise is kept and counted, but is no signal. */
export function signalOfFeedback(it: Feedback, about: Interaction | null, aids: Aids): Raised | null {
  if (it.kind === 'thumbs-up' || (it.kind === 'comment' && it.text !== null && isPraise(it.text))) return null;
  const subject = it.subject ?? about?.subject ?? null;
  return {
    at: it.at,
    channel: 'feedback',
    kind: it.kind,
    detector: 'feedback',
    rule: it.kind,
    evidenceClass: it.kind === 'abuse' ? 'strong' : 'weak',
    // Nothing is said about what was wrong: it can only join what is known of the same conversation.
    score: it.text === null && it.kind !== 'abuse' ? 0 : null,
    system: it.system,
    feature: it.feature ?? about?.feature ?? null,
    deployment: about?.deployment ?? null,
    versions: about?.versions ?? { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    subjectHash: subject === null ? null : aids.digest(`subject|${subject}`),
    archetype: it.kind === 'abuse' ? 'toxicity-abuse' : null,
    severityHint: null,
    text: (it.text ?? KIND_TEXT[it.kind]).slice(0, 2_000),
    quotes: [],
    interaction: about?.id ?? null,
    dedupKey: it.id,
  };
}

interface FeedbackRow {
  readonly id: string;
  readonly refers: string | null;
  readonly data: Feedback;
}

/** Makes signals of what people said; waits a little for an interaction that is spoken of and not there yet. */
async function readFeedback(deps: Deps, aids: Aids): Promise<number> {
  const now = deps.now();
  if ((await deps.db.query('select 1 from feedback where due_at <= $1 limit 1', [now])).count === 0) return 0;
  return deps.db.transaction(async (tx) => {
    const { rows } = await tx.query<FeedbackRow>(
      `select id, refers, data from feedback where due_at <= $1 order by due_at limit ${FEEDBACK_AT_ONCE} for update skip locked`,
      [now],
    );
    const raised: Raised[] = [];
    const done: { id: string; interaction: string | null; due_at: string | null }[] = [];
    for (const { id, refers, data } of rows) {
      const speaks = refers !== null || data.traceId !== null || data.responseId !== null;
      const about = speaks
        ? await findReferred(tx, {
            system: data.system,
            interaction: refers,
            traceId: data.traceId,
            responseId: data.responseId,
          })
        : null;
      const mayCome = speaks && about === null && toMs(now) - toMs(data.receivedAt) < REFER_FOR_MS;
      done.push({ id, interaction: about?.id ?? null, due_at: mayCome ? addMs(now, REFER_EVERY_MS) : null });
      const signal = mayCome ? null : signalOfFeedback(data, about, aids);
      if (signal !== null) raised.push(signal);
    }
    if (done.length > 0)
      await tx.query(
        'update feedback f set due_at = r.due_at, interaction = r.interaction from jsonb_to_recordset($1::jsonb) as r(id text, interaction text, due_at text) where f.id = r.id',
        [JSON.stringify(done)],
      );
    await storeSignals(tx, deps, raised);
    return rows.length;
  }, 'bulk');
}

/** Everything that waits for the detectors, a bounded time at once; what is left asks for another look. */
export const inspection: Watch = {
  name: 'inspection',
  everyMs: 0,
  async look(deps) {
    const state = stateOf(deps);
    const aids = await state.aids();
    const began = performance.now();
    let said = FEEDBACK_AT_ONCE;
    let seen = 1;
    while ((said >= FEEDBACK_AT_ONCE || seen > 0) && performance.now() - began < BUDGET_MS) {
      said = said > 0 ? await readFeedback(deps, aids) : 0;
      seen = await inspectSome(deps, aids);
    }
    if (seen > 0 && state.busy) state.nudge();
    else if (seen > 0) deps.wake();
    if (seen === 0 && (await waitingCount(deps)) !== 0) state.waiting = null;
  },
};
