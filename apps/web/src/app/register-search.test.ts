import { describe, expect, it } from 'vitest';
import { registerSearch } from './register-search.ts';

describe('the filters of the register in an address', () => {
  it.each([
    [{}, {}],
    [{ show: 'all', kind: 'near-miss', system: 'bot', archetype: 'vendor-outage' }, 'itself'],
    [{ archetype: 'outside' }, 'itself'],
    [{ archetype: 'unknown' }, 'itself'],
    [{ show: 'open', kind: 'drill', system: '', archetype: 'gremlins', other: 1 }, {}],
    [{ show: 1, kind: null, system: 7, archetype: ['outside'] }, {}],
  ])('%o', (search, read) => {
    expect(registerSearch(search)).toEqual(read === 'itself' ? search : read);
  });
});
