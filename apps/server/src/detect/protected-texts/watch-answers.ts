import { type Finding, signalOf } from '@firebreak/core/detect/detectors';
import { printsOf, verbatimOf } from '@firebreak/core/detect/protected-texts';
import type { Interaction } from '@firebreak/core/detect/signals';
import type { Deps, Sql } from '../../platform/index.ts';
import { type Onlooker, storeSignals, talliesOf, telemetryOf } from '../signals/index.ts';
import { printsHeld } from './board.ts';

const NAME = 'verbatim';
/** Fifty words are longer than this. */
const LEAST_ANSWER = 150;

async function findingsOf(tx: Sql, it: Interaction, digest: (text: string) => string): Promise<Finding[]> {
  const said = printsOf(it.output ?? '', digest);
  const asked = (it.input ?? []).filter(({ role }) => role === 'user').map(({ content }) => content);
  // What the person sent is no news to them.
  const own = new Set(asked.flatMap((content) => printsOf(content, digest)).map(({ print }) => print));
  const answer = said.map((each) => (own.has(each.print) ? { ...each, print: '' } : each));
  const texts = await printsHeld(
    tx,
    it.system,
    answer.flatMap(({ print }) => (print === '' ? [] : [print])),
  );
  return [...texts].flatMap(([id, { name, held }]) => {
    const words = verbatimOf(answer, held);
    if (words === null) return [];
    return [
      {
        detector: NAME,
        version: '1',
        kind: 'protected-text-disclosed',
        archetype: 'data-exfiltration',
        evidenceClass: 'strong',
        score: 0.9,
        spans: [{ field: 'output', start: 0, end: it.output!.length, text: null }],
        rules: [id],
        explain: `The answer holds at least ${words} words in a row of the protected text “${name}”.`,
        same: id,
      } satisfies Finding,
    ];
  });
}

async function protectedAmong(tx: Sql, systems: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ system: string }>(
    'select distinct system from protected_text_board where not removed and system = any($1)',
    [systems],
  );
  return new Set(rows.map(({ system }) => system));
}

/** Holds answers of systems that have protected texts against them. */
export const watchAnswers: Onlooker = async (tx, deps: Deps, _interactions, seen) => {
  const fresh = seen.interactions
    .filter(({ data, news }) => (news === null || news.has('output')) && (data.output?.length ?? 0) >= LEAST_ANSWER)
    .map(({ data }) => data);
  if (fresh.length === 0) return;
  const held = await protectedAmong(tx, [...new Set(fresh.map(({ system }) => system))]);
  const asked = fresh.filter(({ system }) => held.has(system));
  if (asked.length === 0) return;
  const aids = await telemetryOf(deps).aids();
  let found = 0;
  for (const it of asked) {
    const findings = await findingsOf(tx, it, aids.digest);
    found += findings.length > 0 ? 1 : 0;
    await storeSignals(
      tx,
      deps,
      findings.map((finding) => signalOf(finding, it, aids)),
    );
  }
  talliesOf(deps).note(NAME, { ran: asked.length, found }, null, deps.now());
};
