import { describe, expect, it } from 'vitest';
import { pathsTouchedBy, pathsTouchedByHint } from './follow.ts';

describe('what a fact makes old', () => {
  it.each([
    ['severity.called', '/api/v1/incidents'],
    ['candidate.joined', '/api/v1/candidates'],
    ['containment.confirmed', '/api/v1/holds'],
    ['version.deployed', '/api/v1/systems'],
    ['change.recorded', '/api/v1/systems'],
    ['channel.routed', '/api/v1/coverage'],
    ['key.revoked', '/api/v1/keys'],
    ['role.seated', '/api/v1/role-directory'],
    ['risk.described', '/api/v1/risks'],
    ['rubric.accepted', '/api/v1/moves'],
    ['playbook.adopted', '/api/v1/moves'],
    ['control.declared', '/api/v1/moves'],
  ])('%s → %s', (type, path) => expect(pathsTouchedBy(type)).toContain(path));
  it('leaves everything alone for a fact it does not know', () => expect(pathsTouchedBy('comet.seen')).toEqual([]));
});

it('reads what a measurement touches, and knows signals from acknowledgements', () => {
  expect(pathsTouchedByHint('signals')).toContain('/api/v1/candidates');
  expect(pathsTouchedByHint('guards')).toContain('/api/v1/guard');
  expect(pathsTouchedByHint('interactions')).toContain('/api/v1/telemetry');
});
