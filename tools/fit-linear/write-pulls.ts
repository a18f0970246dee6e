import { writeFileSync } from 'node:fs';
import type { LinearModel } from '@firebreak/core/text';

/** Weights this near to nothing are left out. */
const FAINT = 0.08;

/** For each term its rarity in hundredths and, in two hex digits, what it adds to an attack and takes from none. */
export function writePulls(model: LinearModel, file: string): void {
  const pull = [...model.terms].map(([term, [rarity, no, yes]]) => ({ term, rarity: rarity!, pull: yes! - no! }));
  const kept = pull.filter(({ pull }) => Math.abs(pull) >= FAINT);
  const top = Math.max(...kept.map(({ pull }) => Math.abs(pull)));
  const scale = Number((top / 127).toPrecision(6));
  const terms = Object.fromEntries(
    kept.map(({ term, rarity, pull }) => [
      term,
      `${Math.round(rarity * 100)} ${(Math.round(pull / scale) + 128).toString(16).padStart(2, '0')}`,
    ]),
  );
  const bias = Number((model.bias[1]! - model.bias[0]!).toFixed(4));
  writeFileSync(
    new URL(`../../packages/core/src/detect/detectors/${file}`, import.meta.url),
    `${JSON.stringify({ bias, scale, terms }, null, 2)}\n`,
  );
  console.log(`${kept.length} of ${pull.length} terms written`);
}
