import { createHash } from 'node:crypto';
import type { reportGiven } from '@firebreak/contract/detect/reports';
import { plainLine, plainText, type ReportWords, referenceOf, saidIn, wordsKey } from '@firebreak/core/detect/reports';
import { USUAL_PROMISE_HOURS } from '@firebreak/core/detect/reviews';
import { UNNAMED_SYSTEM } from '@firebreak/core/detect/signals';
import { isRefusal, type Refusal, refuse, toMs } from '@firebreak/core/kernel';
import type { z } from 'zod';
import type { Deps } from '../../platform/index.ts';
import { promisesOf } from '../reviews/index.ts';
import { storable, storeFeedback, takingOut, telemetryOf } from '../signals/index.ts';
import { countsOf } from './counts.ts';
import { keepReference, readForm, waitOfAllMs } from './store.ts';

/** A refusal that is over after a while. */
export type Waiting = Refusal & { readonly afterMs?: number };

export const tooMany = (afterMs: number, why: string): Waiting => ({ ...refuse('report.too-many', why), afterMs });

const FULL = 'Nothing of this one was kept. Send it again later, or tell the organisation in another way.';

/** Whether one more report of this address may come in at all, before it is read. */
export async function mayReport(deps: Deps, address: string): Promise<Waiting | null> {
  // First what is in memory: a flood costs no question to the database.
  const wait = countsOf(deps).sent.waitMs(address, toMs(deps.now()));
  if (wait > 0) return tooMany(wait, `From your network came as many reports as are taken in an hour. ${FULL}`);
  const { on } = await readForm(deps.db);
  return on
    ? null
    : refuse('report.off', 'This organisation takes no reports at this address. Nothing of this one was kept.');
}

type Given = z.output<typeof reportGiven>;
const text = (it: string | null | undefined): string | null => storable(plainText(it ?? '')) || null;
const line = (it: string | null | undefined): string | null => storable(plainLine(it ?? '')) || null;

/** Keeps a report as feedback about the system its public name stands for, in one transaction with its reference. */
export async function takeReport(deps: Deps, given: Given, address: string) {
  const may = await mayReport(deps, address);
  if (may !== null) return may;
  const what = text(given.what);
  if (what === null) return refuse('request.invalid', 'Say what happened.', '/what');
  const counts = countsOf(deps);
  const now = deps.now();
  counts.sent.add(address, toMs(now));

  const product = line(given.product);
  const { names } = await readForm(deps.db);
  const named = names.find(({ name }) => name.toLowerCase() === product?.toLowerCase());
  const system = named?.system ?? UNNAMED_SYSTEM;
  const out = await takingOut(deps);
  const kept = (it: string | null): string | null => (it === null ? null : out.text(system, it));
  const words: ReportWords = {
    what: out.text(system, what),
    quote: kept(text(given.quote)),
    product: kept(product),
    link: kept(line(given.link)),
    when: kept(line(given.when)),
    harm: given.harm,
  };
  await out.counted();
  const contact = given.mayWrite ? line(given.contact) : null;
  const reference = referenceOf(deps.random(20));
  const { harm, link, when } = words;
  const stored = await deps.db.transaction(async (tx) => {
    const wait = await waitOfAllMs(tx, now);
    if (wait > 0) return tooMany(wait, `As many reports came in as are taken in an hour. ${FULL}`);
    const feedback = await storeFeedback(
      tx,
      deps,
      [
        {
          givenId: `report:${createHash('sha256').update(wordsKey(words)).digest('hex')}`,
          system,
          feature: named?.feature ?? null,
          at: now,
          kind: 'outside-report',
          text: saidIn(words),
          subject: null,
          ticket: null,
          traceId: null,
          responseId: null,
          interaction: null,
          report: { harm, product: words.product, link, when },
        },
      ],
      [null],
    );
    await keepReference(tx, { reference, feedback: feedback.ids[0]!, receivedAt: now, contact });
    return feedback;
  }, 'intake');
  if (isRefusal(stored)) return stored as Waiting;
  telemetryOf(deps).received.inc({ kind: 'report', outcome: stored.fresh > 0 ? 'accepted' : 'duplicate' });
  telemetryOf(deps).nudge();
  deps.hints.give({ kind: 'feedback', system });
  return {
    reference,
    state: 'received' as const,
    contactKept: contact !== null,
    promisedHours: (await promisesOf(deps.db)).get(system) ?? USUAL_PROMISE_HOURS,
  };
}
