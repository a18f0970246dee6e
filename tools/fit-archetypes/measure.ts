import { DOMAINS, INTENTS, PLACES, rankArchetypes } from '@firebreak/core/detect/archetypes';
import { CLASSES, classesOf } from './reports.ts';

/** What a model that had not seen a report said of it, beside its labels. */
export interface Told {
  readonly subdomain: string | null;
  readonly intent: string | null;
  readonly harm: number | null;
  readonly places: readonly number[];
  readonly intents: readonly number[];
  readonly harms: readonly number[];
}

const likeliest = (chances: readonly number[]): number =>
  chances.reduce((best, chance, k) => (chance > chances[best]! ? k : best), 0);
const nameOf = (k: number): string => PLACES[CLASSES[k]!]!.archetype ?? 'outside';
const share = (right: number, of: number): number => Math.round((right / of) * 1_000) / 1_000;

function sharpen(chances: readonly number[], by: number): number[] {
  const powers = chances.map((chance) => Math.max(chance, 1e-9) ** by);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** The temperature at which the chances fit best what was true. */
function temperature(rows: readonly { places: readonly number[]; may: readonly number[] }[]): number {
  let best = { by: 1, loss: Number.POSITIVE_INFINITY };
  for (let by = 0.5; by <= 4; by += 0.05) {
    let loss = 0;
    for (const { places, may } of rows) {
      const sharp = sharpen(places, by);
      loss -= Math.log(may.reduce((sum, k) => sum + sharp[k]!, 0) + 1e-9);
    }
    if (loss < best.loss) best = { by, loss };
  }
  return best.by;
}

function macroF1(pairs: readonly (readonly [gold: number, told: number])[], classes: number): number {
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    const hit = pairs.filter(([gold, told]) => gold === k && told === k).length;
    const all = pairs.filter(([gold]) => gold === k).length + pairs.filter(([, told]) => told === k).length;
    sum += all === 0 ? 0 : (2 * hit) / all;
  }
  return share(sum, classes);
}

/** The figures of the model card, from cross-validation, and how much sharper the chances should be. */
export function measure(told: readonly Told[]): { readonly sharper: number; readonly figures: object } {
  const rows = told.flatMap((row) => {
    const may = classesOf(row.subdomain ?? undefined);
    return may.length === 0 ? [] : [{ ...row, may }];
  });
  const sharper = temperature(rows);
  const judged = rows.map((row) => {
    const chances = sharpen(row.places, sharper);
    const domains = DOMAINS.map(() => 0);
    for (const [k, chance] of chances.entries()) {
      const { domain } = PLACES[CLASSES[k]!]!;
      if (domain !== null) domains[domain - 1]! += chance;
    }
    const [named, confidence] = rankArchetypes(CLASSES, chances)[0]!;
    const archetype = named ?? 'outside';
    const gold = new Set(row.may.map(nameOf));
    if (gold.has('unsafe-automated-decision')) gold.add('quality-drift');
    return { row, archetype, confidence, right: gold.has(archetype), gold, domain: likeliest(domains) };
  });
  const outside = judged.filter(({ gold }) => gold.has('outside'));
  const inside = judged.filter(({ gold }) => !gold.has('outside'));
  const sure = judged.filter(({ confidence }) => confidence >= 0.4);
  const right = (of: readonly { readonly right: boolean }[]) => share(of.filter((it) => it.right).length, of.length);
  const domains = judged.map(({ row, domain }) => [Number(row.subdomain![0]) - 1, domain] as const);
  const intents = told.flatMap((it) => {
    const gold = INTENTS.findIndex((each) => each === it.intent);
    return gold < 0 ? [] : [[gold, likeliest(it.intents)] as const];
  });
  const harms = told.flatMap((it) => (it.harm === null ? [] : [[it.harm, likeliest(it.harms)] as const]));
  const same = (pairs: readonly (readonly [number, number])[]) =>
    share(pairs.filter(([a, b]) => a === b).length, pairs.length);
  const bins = Array.from({ length: 10 }, (_, i) =>
    judged.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === i),
  );
  const gap = bins.reduce((sum, bin) => {
    const mean = bin.reduce((s, { confidence }) => s + confidence, 0);
    return sum + Math.abs(mean - bin.filter((it) => it.right).length);
  }, 0);
  const figures = {
    rows: rows.length,
    sharper,
    archetype: {
      accuracy: right(judged),
      outsideAnsweredOutside: right(outside),
      insideAnsweredRight: right(inside),
      sureShare: share(sure.length, judged.length),
      accuracyWhenSure: right(sure),
      calibrationError: share(gap, judged.length),
      recall: Object.fromEntries(
        [...new Set(judged.flatMap(({ gold }) => [...gold]))]
          .sort()
          .map((name) => [
            name,
            `${judged.filter((it) => it.gold.has(name) && it.right).length} of ${judged.filter((it) => it.gold.has(name)).length}`,
          ]),
      ),
    },
    domain: { accuracy: same(domains), macroF1: macroF1(domains, DOMAINS.length) },
    intent: { rows: intents.length, accuracy: same(intents), macroF1: macroF1(intents, INTENTS.length) },
    harm: { rows: harms.length, accuracy: same(harms), macroF1: macroF1(harms, 3) },
  };
  return { sharper, figures };
}
