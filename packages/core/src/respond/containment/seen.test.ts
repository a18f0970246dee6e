import { describe, expect, it } from 'vitest';
import type { Control } from './kinds/registry.ts';
import { callsPast, type SeenRequest, seenAs } from './seen.ts';
import { DEFAULT_MESSAGE } from './verdict.ts';

const BLANK: SeenRequest = {
  feature: 'answers',
  model: null,
  modelAsked: null,
  prompt: null,
  provider: null,
  country: null,
  subject: null,
  agent: null,
  index: null,
  found: false,
  called: [],
  asked: ['How many devices?'],
  answer: 'Only one.',
  failed: false,
  verdict: null,
};
const PIN: Control = { kind: 'route', feature: 'answers', from: { prompt: 'v41' }, to: { prompt: 'v40' } };
const REVOKE: Control = { kind: 'revoke', tools: ['refund'] };
const FENCE: Control = { kind: 'fence', countries: { mode: 'deny', list: ['DE'] } };

describe('what a record says of a hold', () => {
  it.each<[string, Control, Partial<SeenRequest>, string]>([
    ['answered though disabled', { kind: 'disable', feature: 'answers' }, {}, 'contrary'],
    ['another feature', { kind: 'disable', feature: 'answers' }, { feature: 'search' }, 'unrelated'],
    ['no feature said', { kind: 'disable', feature: 'answers' }, { feature: null }, 'unrelated'],
    ['the whole system', { kind: 'disable' }, { feature: null }, 'contrary'],
    ['it failed', { kind: 'disable' }, { failed: true }, 'unrelated'],
    ['no answer', { kind: 'disable' }, { answer: null }, 'unrelated'],
    ['refused by it', { kind: 'disable' }, { verdict: { action: 'deny', hold: 'hld_1' } }, 'as-intended'],
    ['refused by another', { kind: 'disable' }, { verdict: { action: 'deny', hold: 'hld_2' } }, 'unrelated'],
    ['let through by a guard', { kind: 'disable' }, { verdict: { action: 'allow', hold: null } }, 'contrary'],
    ['its calm words', { kind: 'disable' }, { answer: `Sorry. ${DEFAULT_MESSAGE}` }, 'unrelated'],
    ['its own words', { kind: 'disable', message: 'Paused.' }, { answer: 'Paused.' }, 'unrelated'],
    ['the version ordered', PIN, { prompt: 'v40' }, 'as-intended'],
    ['the version withdrawn', PIN, { prompt: 'v41' }, 'contrary'],
    ['a third version', PIN, { prompt: 'v39' }, 'unrelated'],
    ['no version said', PIN, {}, 'unrelated'],
    ['a dated edition', { kind: 'route', to: { model: 'gpt-x' } }, { model: 'gpt-x-2026-08-06' }, 'as-intended'],
    ['pinned, and another', { kind: 'route', to: { model: 'gpt-x' } }, { model: 'gpt-y' }, 'contrary'],
    ['from inside the fence', FENCE, { country: 'DE' }, 'contrary'],
    ['from outside', FENCE, { country: 'FR' }, 'unrelated'],
    ['from nobody knows where', FENCE, {}, 'unrelated'],
    ['the phrase asked', { kind: 'block', phrases: ['devices'] }, {}, 'contrary'],
    ['the phrase answered', { kind: 'block', phrases: ['only one'], direction: 'output' }, {}, 'contrary'],
    ['the phrase the other way', { kind: 'block', phrases: ['only one'], direction: 'input' }, {}, 'unrelated'],
    ['too long', { kind: 'input', maxCharacters: 5 }, {}, 'contrary'],
    ['passages of the index', { kind: 'retrieval', index: 'docs' }, { index: 'docs', found: true }, 'contrary'],
    ['nothing found', { kind: 'retrieval', index: 'docs' }, { index: 'docs' }, 'unrelated'],
    ['the tool called', REVOKE, { called: [{ name: 'refund', result: 'paid' }] }, 'contrary'],
    ['the call refused', REVOKE, { called: [{ name: 'refund', result: 'ContainedError: …' }] }, 'unrelated'],
    ['another tool', REVOKE, { called: [{ name: 'mail', result: 'sent' }] }, 'unrelated'],
    ['agent not said', { kind: 'revoke', agent: 'a' }, { called: [{ name: 'mail', result: 'sent' }] }, 'unrelated'],
    ['a limit', { kind: 'limit', requests: 1, seconds: 1, per: 'everyone' }, {}, 'unrelated'],
  ])('%s', (_, what, seen, wanted) => {
    expect(seenAs({ hold: 'hld_1', what }, { ...BLANK, ...seen }).as).toBe(wanted);
  });

  it('names what was contrary', () => {
    expect(seenAs({ hold: 'hld_1', what: PIN }, { ...BLANK, prompt: 'v41' })).toMatchObject({
      says: 'was answered by v41, not v40',
    });
  });
});

describe('calls that were carried out after a hold that forbids them', () => {
  const CALLED = [
    { name: 'refund', result: 'paid' },
    { name: 'mail', result: 'sent' },
  ];
  it.each<[string, Control, Partial<SeenRequest>, string[]]>([
    ['of a tool that was taken away', REVOKE, {}, ['refund']],
    ['of all tools', { kind: 'revoke' }, {}, ['refund', 'mail']],
    ['of a system that was stopped', { kind: 'disable' }, {}, ['refund', 'mail']],
    ['of another feature', { kind: 'disable', feature: 'search' }, {}, []],
    ['of an agent nobody named', { kind: 'revoke', agent: 'a' }, {}, []],
    ['of that agent', { kind: 'revoke', agent: 'a' }, { agent: 'a' }, ['refund', 'mail']],
    ['of another agent', { kind: 'revoke', agent: 'a' }, { agent: 'b' }, []],
    ['under a credential', { kind: 'revoke', credential: 'c' }, {}, []],
    ['that were refused', REVOKE, { verdict: { action: 'deny', hold: null } }, []],
    ['that the hold touched', REVOKE, { verdict: { action: 'allow', hold: 'hld_1' } }, []],
    ['that failed', REVOKE, { failed: true }, []],
    ['that answered with the refusal', REVOKE, { called: [{ name: 'refund', result: 'ContainedError: no' }] }, []],
    ['though something else is ordered', PIN, {}, []],
  ])('%s', (_, what, seen, wants) => {
    expect(callsPast({ hold: 'hld_1', what }, { ...BLANK, called: CALLED, ...seen })).toEqual(wants);
  });
});
