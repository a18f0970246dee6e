import { type Asking, baseFaults, type ControlKind, type Fault, listFaults, type Ordering } from '../control.ts';
import { knownCountry } from '../country.ts';
import { disableInstead } from './disable.ts';

/**
 * Refuses requests by where they come from and who asks. `deny`: the countries listed are refused; `allow`: all others are.
 * An unknown country is refused either way. `authenticated` refuses everybody not signed in. Given both, either refuses.
 */
export interface Fence {
  readonly kind: 'fence';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
  readonly countries?: { readonly mode: 'deny' | 'allow'; readonly list: readonly string[] };
  readonly audience?: 'authenticated';
}

const COUNTRY = /^[A-Z]{2}$/;
/** ISO 3166-1 has 249 codes; every one of them may be listed. */
export const COUNTRY_LIMIT = 250;
function describe(control: Fence): string {
  const parts: string[] = [];
  const { countries } = control;
  if (countries !== undefined)
    parts.push(countries.mode === 'deny' ? `refuse ${countries.list.join(', ')}` : `only ${countries.list.join(', ')}`);
  if (control.audience !== undefined) parts.push('signed-in users only');
  const where = control.feature === undefined ? '' : ` for ${control.feature}`;
  return `fence: ${parts.join(' and ')}${where}`;
}

function check(control: Fence): readonly Fault[] {
  const faults: Fault[] = baseFaults(control);
  const { countries } = control;
  if (countries === undefined && control.audience === undefined)
    faults.push({ pointer: '', why: 'name countries, an audience, or both' });
  if (control.audience !== undefined && control.audience !== 'authenticated')
    faults.push({ pointer: '/audience', why: 'the only audience is "authenticated"' });
  if (countries === undefined) return faults;
  if (countries?.mode !== 'deny' && countries?.mode !== 'allow')
    faults.push({ pointer: '/countries/mode', why: 'say "deny" or "allow"' });
  return [...faults, ...listFaults('/countries/list', countries?.list, COUNTRY_LIMIT, 'countries', countryFaults)];
}

function countryFaults(pointer: string, country: unknown): Fault[] {
  const good = typeof country === 'string' && COUNTRY.test(country);
  return good ? [] : [{ pointer, why: 'use the two capital letters of ISO 3166-1, for example DE' }];
}

function apply(control: Fence, request: Asking): 'deny' | undefined {
  if (control.audience !== undefined && request.authenticated !== true) return 'deny';
  const { countries } = control;
  if (countries === undefined) return undefined;
  const country = knownCountry(request.country);
  if (country === undefined) return 'deny';
  return countries.list.includes(country) === (countries.mode === 'deny') ? 'deny' : undefined;
}

export const fence: ControlKind<Fence> = { kind: 'fence', check, apply };
export const orderingFence: Ordering<Fence> = { describe, safeSuperset: disableInstead };
