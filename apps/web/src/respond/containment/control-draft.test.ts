import { controlFaults, describeControl, orderFaults } from '@firebreak/core/respond/containment';
import { describe, expect, it } from 'vitest';
import { type ControlDraft, controlOf, EMPTY_DRAFT } from './control-draft.ts';

describe('a control from a form', () => {
  it('leaves out what is empty, so that the core judges only what was said', () => {
    expect(controlOf(EMPTY_DRAFT)).toEqual({ kind: 'disable' });
    const rollBack = controlOf({
      ...EMPTY_DRAFT,
      kind: 'route',
      feature: 'policy-answers',
      from: { model: '', prompt: ' v41 ', provider: '' },
      to: { model: '', prompt: 'v40', provider: '' },
    });
    expect(rollBack).toEqual({
      kind: 'route',
      feature: 'policy-answers',
      from: { prompt: 'v41' },
      to: { prompt: 'v40' },
    });
    expect(controlFaults(rollBack)).toEqual([]);
    expect(describeControl(rollBack)).toContain('v41 → v40');
  });
  it('reads countries however they are separated', () => {
    expect(controlOf({ ...EMPTY_DRAFT, kind: 'fence', countryMode: 'deny', countries: 'de, fr;US' })).toEqual({
      kind: 'fence',
      countries: { mode: 'deny', list: ['DE', 'FR', 'US'] },
    });
  });
  it('does not hide a fence without a fence', () =>
    expect(controlFaults(controlOf({ ...EMPTY_DRAFT, kind: 'fence' }))).not.toEqual([]));
  it.each<[Partial<ControlDraft>, object]>([
    [
      { kind: 'block', phrases: 'one device\n\n two devices ', direction: 'output' },
      { kind: 'block', phrases: ['one device', 'two devices'], direction: 'output' },
    ],
    [
      { kind: 'input', maxCharacters: '2000', noFiles: true },
      { kind: 'input', maxCharacters: 2000, attachments: 'refuse' },
    ],
    [
      { kind: 'revoke', tools: 'send_mail, refund', agent: 'clerk' },
      { kind: 'revoke', agent: 'clerk', tools: ['send_mail', 'refund'] },
    ],
    [
      { kind: 'limit', requests: '5' },
      { kind: 'limit', requests: 5, seconds: 60, per: 'subject' },
    ],
    [
      { kind: 'settings', temperature: '0', values: 'answer_threshold = 0.9\nmode=strict\nbeta = false' },
      { kind: 'settings', temperature: 0, values: { answer_threshold: 0.9, mode: 'strict', beta: false } },
    ],
    [
      { kind: 'disable', drain: true },
      { kind: 'disable', inFlight: 'drain' },
    ],
    // What was ticked for another kind is not carried over to one that ends nothing.
    [{ kind: 'pause', drain: true }, { kind: 'pause' }],
    [
      { kind: 'review', queue: 'claims' },
      { kind: 'review', queue: 'claims' },
    ],
    [
      { kind: 'retrieval', index: ' kb ' },
      { kind: 'retrieval', index: 'kb' },
    ],
  ])('%o', (part, control) => {
    expect(controlOf({ ...EMPTY_DRAFT, ...part })).toEqual(control);
    expect(orderFaults(controlOf({ ...EMPTY_DRAFT, ...part }))).toEqual([]);
  });
  it.each<[Partial<ControlDraft>, string]>([
    [{ kind: 'limit', requests: 'many' }, '/requests'],
    [{ kind: 'settings', values: 'answer_threshold', temperature: 'hot' }, '/temperature'],
    [{ kind: 'block', patterns: '(a' }, '/patterns/0'],
    [{ kind: 'retrieval' }, '/index'],
  ])('%o is refused at %s', (part, pointer) =>
    expect(controlFaults(controlOf({ ...EMPTY_DRAFT, ...part })).map((fault) => fault.pointer)).toContain(pointer),
  );
});
