import type { Asking } from './control.ts';
import { knownCountry } from './country.ts';

/** Whom a hold lets go first, on its way to being lifted. A request is let go by either. */
export interface Release {
  /** Of the subjects, chosen by their names and so the same ones each time; 0 to 100. */
  readonly percent: number;
  /** ISO 3166-1 alpha-2. */
  readonly countries?: readonly string[];
  /** Counts the steps, from 1: what instances acknowledge. */
  readonly step: number;
}

const OFFSET = 2_166_136_261;
const PRIME = 16_777_619;

/** FNV-1a, 32 bit, over the UTF-16 code units. */
export function mixed(hash: number, text: string): number {
  let mix = hash;
  for (let index = 0; index < text.length; index += 1) mix = Math.imul(mix ^ text.charCodeAt(index), PRIME);
  return mix >>> 0;
}

/** Where a subject stands among a hundred, 0 to 99: another place for each hold, the same each time. */
export function placeOf(hold: string, subject: string): number {
  return mixed(mixed(OFFSET, hold), subject) % 100;
}

/** Whether a hold already lets this request go. A request that names nobody is let go with the last. */
export function isReleased(hold: string, release: Release, request: Asking): boolean {
  if (release.percent >= 100) return true;
  const { countries } = release;
  if (countries !== undefined) {
    const country = knownCountry(request.country);
    if (country !== undefined && countries.includes(country)) return true;
  }
  return release.percent > 0 && request.subject !== undefined && placeOf(hold, request.subject) < release.percent;
}
