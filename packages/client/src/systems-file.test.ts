import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSystemsFile, UnreadableFile, writeSystemsFile } from './systems-file.ts';

const why = (text: string): string => {
  try {
    readSystemsFile(text);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableFile);
    return (error as Error).message;
  }
  throw new Error('it was read');
};
const lines = (text: string) => {
  const read = readSystemsFile(text);
  return read.systems.map((_, row) => read.lineOf(row));
};

describe('a file of systems', () => {
  it.each([
    ['a bare list', '- key: bot\n  name: Bot\n\n# a remark\n- key: crm\n  name: CRM\n', [1, 5]],
    ['a list under systems', 'systems:\n  - key: bot\n    name: Bot\n  - {key: crm, name: CRM}\n', [2, 4]],
    ['JSON in one line', '[{"key":"bot","name":"Bot"},{"key":"crm","name":"CRM"}]', [1, 1]],
    [
      'JSON under systems, beside others',
      '{\n "about": ["x"],\n "systems": [\n  {"key": "bot", "name": "Bot"},\n\n  {"key": "crm",\n   "name": "CRM"}\n ]\n}',
      [4, 6],
    ],
    ['JSON-like YAML with a comma too many', '[\n {key: bot, name: Bot},\n {key: crm, name: CRM},\n]', [2, 3]],
    ['a file of Windows', '\uFEFF- key: bot\r\n  name: Bot\r\n- key: crm\r\n  name: CRM\r\n', [1, 3]],
  ])('reads %s, and knows on which line each row begins', (_name, text, expected) => {
    expect(readSystemsFile(text).systems).toEqual([
      { key: 'bot', name: 'Bot' },
      { key: 'crm', name: 'CRM' },
    ]);
    expect(lines(text)).toEqual(expected);
  });

  it('keeps what other YAML readers turn into something else: on, yes, dates, versions', () => {
    expect(
      readSystemsFile('- key: bot\n  dependencies: [{on: crm}]\n  owner: yes\n  purpose: 2026-11-20\n').systems,
    ).toEqual([{ key: 'bot', dependencies: [{ on: 'crm' }], owner: 'yes', purpose: '2026-11-20' }]);
  });

  it.each([
    ['a key twice', '- key: bot\n  owner: A\n  owner: B\n', 'line 3, column 3: “owner” stands twice'],
    [
      'a member twice in JSON',
      '[\n {"key": "bot",\n  "owner": "A", "owner": "B"}\n]',
      'line 3, column 17: “owner” stands twice',
    ],
    ['a tag', '- key: !env KEY\n', 'line 1, column 8: tags such as !name are not read'],
    ['an object of another language', '- !!js/function "x"\n', 'line 1, column 3: tags'],
    ['two documents', '- key: bot\n---\n- key: crm\n', 'line 2, column 1: a second document begins'],
    ['an open quote', '- key: "bot\n- key: crm\n', 'line 3, column 1: Missing closing'],
    ['no list', 'key: bot\n', 'no list of systems'],
    ['a sentence', 'hello', 'no list of systems'],
    ['nothing', '', 'no list of systems'],
    ['an empty list', '[]', 'holds no system'],
    ['an alias of nothing', '- *bot\n', 'names nothing'],
    ['too many systems', `[${Array.from({ length: 10_001 }, () => '1').join(',')}]`, 'at most 10000'],
  ])('refuses %s, and says where', (_name, text, expected) => expect(why(text)).toContain(expected));

  it('refuses aliases that unfold without end', () => {
    const names = [...'abcdefgh'];
    const bomb = names.map(
      (name, i) =>
        `${name}: &${name} [${Array(9)
          .fill(i === 0 ? 'x' : `*${names[i - 1]}`)
          .join(', ')}]`,
    );
    expect(why(`${bomb.join('\n')}\nsystems: [*h]\n`)).toContain('aliases');
  });
  it('takes a few aliases, as files of people have them', () => {
    expect(readSystemsFile('- &a {key: bot, name: Bot}\n- *a\n').systems).toHaveLength(2);
  });
  it('does not fall over what is nested deeper than any system', () => {
    expect(why(`${'['.repeat(60_000)}`)).toMatch(/nested|line/);
    expect(why(`${'- '.repeat(20_000)}x`)).toMatch(/nested|line|list/);
  });

  it('reads back what it wrote, whatever stands in it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    const system = fc.record({
      key: fc.stringMatching(/^[a-z][a-z0-9-]{1,10}$/),
      name: text,
      purpose: fc.constantFrom(
        'null',
        'yes',
        '~',
        '0x1f',
        '# no remark',
        '- a\n- b',
        ' &x *y',
        '"',
        '1e3',
        '',
        '2026-11-20',
      ),
      regions: fc.array(text, { maxLength: 3 }),
      tools: fc.array(fc.record({ name: text, permissions: fc.array(text, { maxLength: 2 }) }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(system, { minLength: 1, maxLength: 5 }), (systems) => {
        expect(readSystemsFile(writeSystemsFile(systems)).systems).toEqual(systems);
        const json = JSON.stringify({ note: [{ systems: [1] }], systems }, null, 1);
        expect(readSystemsFile(json).systems).toEqual(systems);
        expect(lines(json)).toEqual(systems.map((_, row) => lineOfNth(json, row)));
      }),
      { numRuns: 100 },
    );
  });
});

/** Where the nth system begins in JSON that is indented by one: objects of the list stand at two spaces. */
function lineOfNth(json: string, nth: number): number {
  const starts = json.split('\n').flatMap((line, i) => (line === '  {' ? [i + 1] : []));
  return starts.filter((line) => line > json.split('\n').indexOf(' "systems": [') + 1)[nth]!;
}
