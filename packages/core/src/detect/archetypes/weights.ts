import type { LinearModel } from '../../text/index.ts';
import stored from './weights.json' with { type: 'json' };

export type Part = 'place' | 'intent' | 'harm';
const PARTS: readonly Part[] = ['place', 'intent', 'harm'];
/** Rarity is kept in hundredths, a weight as a signed byte of the scale of its part. */
const ZERO = 128;

/** The models as `tools/fit-archetypes` wrote them: for each term its rarity and, in two hex digits each, its weights. */
function read(): Readonly<Record<Part, LinearModel>> {
  const terms: Record<Part, Map<string, number[]>> = { place: new Map(), intent: new Map(), harm: new Map() };
  for (const [term, written] of Object.entries(stored.terms)) {
    const [rarity, digits] = written.split(' ') as [string, string];
    let at = 0;
    for (const part of PARTS) {
      const row = [Number(rarity) / 100];
      for (const _ of stored[part].classes) {
        row.push((Number.parseInt(digits.slice(at, at + 2), 16) - ZERO) * stored[part].scale);
        at += 2;
      }
      terms[part].set(term, row);
    }
  }
  const of = (part: Part): LinearModel => ({
    classes: stored[part].classes,
    bias: stored[part].bias,
    terms: terms[part],
  });
  return { place: of('place'), intent: of('intent'), harm: of('harm') };
}

let models: Readonly<Record<Part, LinearModel>> | null = null;

/** Read once, when first asked for. */
export function modelOf(part: Part): LinearModel {
  models ??= read();
  return models[part];
}
