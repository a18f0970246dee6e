import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import { type PlaybookContent, SHIPPED } from '../playbooks/index.ts';
import { checkCacao, documentOf, readCacao } from './index.ts';
import { uuidOf } from './uuid.ts';

const AT = instant('2026-11-20T20:00:00Z');
const id = (kind: string, n: number) => `${kind}--${uuidOf(String(n))}`;
const START = id('start', 1);
const ACT = id('action', 2);
const END = id('end', 3);
const CREW = id('group', 4);
const document = (workflow: object, more: object = {}) => ({
  type: 'playbook',
  spec_version: 'cacao-2.0',
  id: id('playbook', 5),
  name: 'Small',
  created_by: id('identity', 6),
  created: '2026-11-20T12:00:00.000Z',
  modified: '2026-11-20T12:00:00.000Z',
  workflow_start: START,
  workflow,
  agent_definitions: { [CREW]: { type: 'group', name: 'crew' } },
  ...more,
});
const act = (next: string, more: object = {}) => ({
  type: 'action',
  name: 'Close the valve',
  commands: [{ type: 'bash', command: 'rm -rf /', playbook_activity: 'restrict-access' }],
  agent: CREW,
  on_completion: next,
  ...more,
});
const line = { [START]: { type: 'start', on_completion: ACT }, [ACT]: act(END), [END]: { type: 'end' } };
const read = (value: unknown, mode: 'strict' | 'lenient' = 'strict') => readCacao(JSON.stringify(value), mode, AT);
const errors = (value: unknown, mode: 'strict' | 'lenient' = 'strict') =>
  read(value, mode).report.findings.filter((each) => each.level === 'error');

const written = (content: PlaybookContent) => documentOf({ key: 'k', id: null, created: AT, modified: AT }, content);

it('makes UUIDs of version 5 as RFC 9562 shows', () => {
  expect(uuidOf('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
});

describe('reading strictly', () => {
  it('takes what conforms, and keeps commands as text', () => {
    const { report, read: got } = read(document(line));
    expect(report).toMatchObject({ accepted: true, conforms: true, steps: 1, commands: { bash: 1 }, findings: [] });
    expect(got!.content.steps).toMatchObject([
      { text: 'Close the valve', phase: 'contain', commands: [{ kind: 'bash', text: 'rm -rf /' }], doneBy: null },
    ]);
  });

  it.each<[string, object, string, RegExp]>([
    [
      'an unknown type of step',
      { ...line, [ACT]: { ...act(END), type: 'decision' } },
      `/workflow/${ACT}/type`,
      /“decision”/,
    ],
    [
      'an unknown member',
      { ...line, [ACT]: act(END, { next_step: END }) },
      `/workflow/${ACT}/next_step`,
      /not a member/,
    ],
    [
      'a step that leads nowhere',
      { ...line, [ACT]: act(id('end', 9)) },
      `/workflow/${ACT}/on_completion`,
      /not a step/,
    ],
    [
      'a path that stops',
      { ...line, [ACT]: { ...act(END), on_completion: undefined } },
      `/workflow/${ACT}`,
      /stops here/,
    ],
    ['two ways on', { ...line, [ACT]: act(END, { on_success: END }) }, `/workflow/${ACT}/on_completion`, /not both/],
    [
      'an agent nobody defined',
      { ...line, [ACT]: act(END, { agent: id('group', 8) }) },
      `/workflow/${ACT}/agent`,
      /not defined/,
    ],
    [
      'a variable nobody declared',
      { ...line, [ACT]: act(END, { in_args: ['__who__'] }) },
      `/workflow/${ACT}/in_args/0`,
      /not declared/,
    ],
    ['a step no path reaches', { ...line, [id('end', 7)]: { type: 'end' } }, `/workflow/${id('end', 7)}`, /No path/],
    [
      'a command without its content',
      { ...line, [ACT]: act(END, { commands: [{ type: 'sigma' }] }) },
      `/workflow/${ACT}/commands/0/command_b64`,
      /needs/,
    ],
    ['a circle', { ...line, [ACT]: act(ACT) }, `/workflow/${ACT}`, /Close the valve → Close the valve/],
  ])('refuses %s and names it', (_name, workflow, pointer, what) => {
    expect(errors(document(workflow))).toContainEqual({ level: 'error', pointer, what: expect.stringMatching(what) });
    expect(read(document(workflow)).read).toBeNull();
  });

  it.each<[string, object, string]>([
    ['an activity no step does', { playbook_activities: ['restore-data'] }, '/playbook_activities/0'],
    [
      'an agent of one vendor',
      { agent_definitions: { [CREW]: { type: 'group', name: 'c' }, [id('robot', 1)]: { type: 'robot', name: 'r' } } },
      `/agent_definitions/${id('robot', 1)}/type`,
    ],
    [
      'a number as a value',
      { playbook_variables: { __n__: { type: 'integer', value: 4 } } },
      '/playbook_variables/__n__/value',
    ],
    ['no name', { name: undefined }, '/name'],
    ['another version', { spec_version: '1.1' }, '/spec_version'],
    ['times out of order', { modified: '2026-11-19T12:00:00.000Z' }, '/modified'],
  ])('refuses %s', (_name, more, pointer) => {
    expect(errors(document(line, more)).map((each) => each.pointer)).toContain(pointer);
  });

  it('says what is wrong with what is no playbook at all', () => {
    expect(readCacao('{', 'strict', AT).report.findings[0]!.what).toMatch(/not JSON/);
    expect(readCacao('[]', 'lenient', AT).report.findings[0]!.what).toMatch(/no workflow/);
    const deep = `{"workflow":{},"labels":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(readCacao(deep, 'lenient', AT).report.findings[0]!.what).toMatch(/nested/);
    expect(read(document(line, { description: '[{'.repeat(100) })).report.accepted).toBe(true);
    expect(readCacao('x'.repeat(600_000), 'lenient', AT).report.findings[0]!.what).toMatch(/larger/);
  });
});

describe('reading leniently', () => {
  const dialect = {
    type: 'playbook',
    id: 'playbook--plain-words',
    name: 'Dialect',
    created_by: 'Some team',
    created: '2024-04-30T00:00:00Z',
    modified: '2024-04-30T00:00:00Z',
    workflow_start: 'start-node',
    workflow: {
      'start-node': { type: 'start', next_step: 'ask' },
      ask: { type: 'decision', name: 'Is it bad?', conditions: { yes: 'stop', no: 'done' } },
      stop: { type: 'action', name: 'Stop it', action_type: 'containment', next_step: 'tell' },
      tell: { type: 'telegraph', name: 'Tell them', next_step: 'nowhere' },
      done: { type: 'end' },
    },
  };

  it('turns decisions into conditions, names unknown steps, and gives a document that conforms', () => {
    const { report, read: got } = read(dialect, 'lenient');
    expect(report).toMatchObject({ accepted: true, conforms: false, dialect: 'cosai', steps: 3 });
    expect(checkCacao(got!.document)).toEqual([]);
    expect(got!.content.steps.map(({ text, phase, condition }) => [text, phase, condition])).toEqual([
      ['Decide: Is it bad?', 'triage', ''],
      ['Stop it', 'contain', 'Is it bad? yes'],
      ['Tell them', 'contain', 'Is it bad? yes'],
    ]);
    expect(report.findings).toContainEqual({
      level: 'warning',
      pointer: '/workflow/tell/type',
      what: expect.stringMatching(/“Tell them” is of the type “telegraph”/),
    });
    expect(report.findings).toContainEqual({
      level: 'warning',
      pointer: '/workflow/tell/on_completion',
      what: expect.stringMatching(/nowhere/),
    });
    expect(read(got!.document).read).toEqual(got);
  });

  it('refuses a circle in any mode', () => {
    const round = {
      ...dialect,
      workflow: { ...dialect.workflow, tell: { type: 'action', name: 'Tell them', next_step: 'ask' } },
    };
    expect(errors(round, 'lenient')[0]!.what).toMatch(/circle: Is it bad\? → Stop it → Tell them → Is it bad\?/);
  });

  it('hangs a step that all answers lead to on no answer', () => {
    const workflow = {
      ...dialect.workflow,
      ask: { type: 'decision', name: 'Which?', conditions: { a: 'stop', b: 'tell' } },
      tell: { type: 'action', name: 'Tell them', next_step: 'done' },
    };
    const { read: got } = read({ ...dialect, workflow }, 'lenient');
    expect(got!.content.steps.map(({ text, condition }) => [text, condition])).toEqual([
      ['Decide: Which?', ''],
      ['Stop it', 'Which? a'],
      ['Tell them', ''],
    ]);
  });

  it('never throws and never takes what does not conform, whatever the workflow looks like', () => {
    const names = ['a', 'b', 'c', 'd', ACT];
    const stepBefore = (later: readonly string[]) => {
      const name = fc.constantFrom('nowhere', END, ...later);
      return fc.record(
        {
          type: fc.constantFrom('end', 'action', 'decision', 'parallel', 'if-condition', 'switch-condition', 'odd'),
          name: fc.string(),
          on_completion: name,
          next_step: name,
          on_true: name,
          condition: fc.string(),
          switch: fc.string(),
          cases: fc.dictionary(fc.string(), name, { maxKeys: 3 }),
          next_steps: fc.array(name, { maxLength: 3 }),
          conditions: fc.dictionary(fc.constantFrom('yes', 'no', 'x/y', '~'), name, { maxKeys: 3 }),
          commands: fc.array(fc.record({ type: fc.constantFrom('bash', 'sigma', 'odd', 5), command: fc.anything() })),
          in_args: fc.array(fc.constantFrom('__a__', 'b'), { maxLength: 2 }),
        },
        { requiredKeys: ['type', 'on_completion', 'on_true', 'condition', 'switch', 'cases', 'next_steps'] },
      );
    };
    const workflows = fc.record(Object.fromEntries(names.map((name, i) => [name, stepBefore(names.slice(i + 1))])), {
      requiredKeys: ['a'],
    });
    let taken = 0;
    fc.assert(
      fc.property(workflows, (steps) => {
        const workflow = { s: { type: 'start', next_step: 'a' }, ...steps };
        const got = readCacao(JSON.stringify({ name: 'x', workflow_start: 's', workflow }), 'lenient', AT);
        if (got.read === null) return;
        taken += 1;
        expect(read(got.read.document).read).toEqual(got.read);
        expect(read(written(got.read.content)).report).toMatchObject({ conforms: true });
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});

describe('writing', () => {
  it('gives every shipped playbook as a conforming document that reads back the same', () => {
    for (const { key, content } of SHIPPED) {
      const out = documentOf({ key, id: null, created: AT, modified: AT }, content);
      expect(checkCacao(out), key).toEqual([]);
      const { report, read: got } = read(out);
      expect(report.conforms, key).toBe(true);
      expect({ ...got!.content, steps: got!.content.steps.map((step) => step.key) }, key).toEqual({
        ...content,
        steps: content.steps.map((step) => step.key),
      });
      expect(got!.content, key).toEqual(content);
    }
  });
});

const samples = new URL('../../../../../../shared/reference/cacao/samples/', import.meta.url);
describe.runIf(existsSync(samples))('the published samples', () => {
  const files = existsSync(samples)
    ? readdirSync(samples).flatMap((folder) =>
        readdirSync(new URL(`${folder}/`, samples)).map((file) => `${folder}/${file}`),
      )
    : [];
  it.each(files)('%s is read, written and read again as the same', (file) => {
    const text = readFileSync(new URL(file, samples), 'utf8');
    expect(readCacao(text, 'strict', AT).report.accepted, file).toBe(file.startsWith('own/'));
    const { report, read: got } = readCacao(text, 'lenient', AT);
    expect(report.findings.filter((each) => each.level === 'error')).toEqual([]);
    expect(checkCacao(got!.document)).toEqual([]);
    expect(read(got!.document)).toMatchObject({ report: { conforms: true }, read: got });
    expect(read(written(got!.content)).read!.content).toEqual(got!.content);
  });
});
