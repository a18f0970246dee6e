import type { Aids } from '@firebreak/core/detect/detectors';
import { type Feedback, type Interaction, isPraise, markOf } from '@firebreak/core/detect/signals';
import { addMs, toMs } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';
import { lookTogether, type Onlookers, type SeenFeedback, tellEach } from './onlooker.ts';
import { findReferred, type Raised, storeSignals } from './store-signals.ts';

export const FEEDBACK_AT_ONCE = 200;
const REFER_EVERY_MS = 2_000;
const REFER_FOR_MS = 30_000;

const KIND_TEXT: Readonly<Record<Feedback['kind'], string>> = {
  'thumbs-up': 'Somebody liked an answer.',
  'thumbs-down': 'Somebody did not like an answer.',
  abuse: 'Somebody reported an answer as abusive.',
  comment: 'Somebody commented.',
  ticket: 'Somebody opened a ticket.',
  'outside-report': 'Somebody reported a failure.',
};

/** What somebody said, as a signal. Praise is kept and counted, but is no signal. */
export function signalOfFeedback(it: Feedback, about: Interaction | null, aids: Aids): Raised | null {
  if (it.kind === 'thumbs-up' || (it.kind === 'comment' && it.text !== null && isPraise(it.text))) return null;
  const subject = it.subject ?? about?.subject ?? null;
  const mark = markOf(it.givenId);
  return {
    ...(mark !== undefined && { mark }),
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
    // Unsure is Sev 2, and no proof is asked for. It is weak evidence all the same, which pages nobody alone.
    severityHint: it.report !== undefined && it.report.harm !== 'no' ? 2 : null,
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
export async function readFeedback(deps: Deps, aids: Aids, onlookers: Onlookers): Promise<number> {
  const now = deps.now();
  if ((await deps.db.query('select 1 from feedback where due_at <= $1 limit 1', [now])).count === 0) return 0;
  const work = async (tx: Sql): Promise<number> => {
    const { rows } = await tx.query<FeedbackRow>(
      `select id, refers, data from feedback where due_at <= $1 order by due_at limit ${FEEDBACK_AT_ONCE} for update skip locked`,
      [now],
    );
    const raised: Raised[] = [];
    const seen: SeenFeedback[] = [];
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
      if (!mayCome) seen.push({ data, about });
      const signal = mayCome ? null : signalOfFeedback(data, about, aids);
      if (signal !== null) raised.push(signal);
    }
    if (done.length > 0)
      await tx.query(
        'update feedback f set due_at = r.due_at, interaction = r.interaction from jsonb_to_recordset($1::jsonb) as r(id text, interaction text, due_at text) where f.id = r.id',
        [JSON.stringify(done)],
      );
    if (seen.length > 0) await tellEach(tx, deps, onlookers, [], { interactions: [], feedback: seen });
    await storeSignals(tx, deps, raised);
    return rows.length;
  };
  return lookTogether(deps, () => deps.db.transaction(work, 'bulk'));
}
