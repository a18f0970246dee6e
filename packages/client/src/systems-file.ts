import { SYSTEMS_IN_FILE } from '@firebreak/contract/prepare/systems-file';
import { type Document, isMap, isSeq, LineCounter, parseDocument, stringify, type YAMLError } from 'yaml';
import { scanJson } from './scan-json.ts';

/** Largest file of systems, in characters: with what JSON adds to it, it fits the body that the server takes. */
export const MOST_CHARACTERS = 30 * 1024 * 1024;
/** Aliases resolved in one file; more is refused, since a few dozen that name each other unfold without end. */
const MOST_ALIASES = 100;

export interface SystemsRead {
  readonly systems: readonly unknown[];
  /** Line of the file, from 1, on which a row begins. */
  lineOf(row: number): number;
}

/** The file is no list of systems; the message says where and what to do. */
export class UnreadableFile extends Error {}

const at = (line: number, column: number, what: string) =>
  new UnreadableFile(`line ${line}, column ${column}: ${what}`);

/**
 * The systems of a file: a list, or an object with a list under `systems`, as YAML 1.2 (core schema) or JSON. Refused
 * with line and column: a key that stands twice in one mapping, a tag, more than one document, more than 100 aliases.
 * Rows themselves are judged by the server.
 */
export function readSystemsFile(given: string): SystemsRead {
  const text = given.replace(/^\uFEFF/, '');
  if (text.length > MOST_CHARACTERS)
    throw new UnreadableFile(`The file is larger than ${MOST_CHARACTERS / 1024 / 1024} MiB; split it.`);
  const read = (/^\s*[[{]/.test(text) ? readJson(text) : null) ?? readYaml(text);
  if (read.systems.length === 0) throw new UnreadableFile('The file holds no system.');
  if (read.systems.length > SYSTEMS_IN_FILE)
    throw new UnreadableFile(
      `The file holds ${read.systems.length} systems; one file holds at most ${SYSTEMS_IN_FILE}. Split it.`,
    );
  return read;
}

const NO_LIST = 'The file holds no list of systems, neither bare nor under “systems”.';

/** Null for what is no JSON: it may be YAML in flow style, and the YAML parser says where it is wrong. */
function readJson(text: string): SystemsRead | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const inside = !Array.isArray(value) && typeof value === 'object' && value !== null && 'systems' in value;
  const list = inside ? (value as { systems: unknown }).systems : value;
  if (!Array.isArray(list)) throw new UnreadableFile(NO_LIST);
  const { duplicate, lines } = scanJson(text, inside ? 'systems' : null);
  if (duplicate) throw at(duplicate.line, duplicate.column, twice(duplicate.key));
  return { systems: list, lineOf: (row) => lines[row] ?? 1 };
}

const twice = (key: string) => `“${key}” stands twice in the same place; keep one of the two`;

function sayError({ code, message }: YAMLError, line: string): string {
  if (code === 'DUPLICATE_KEY') return twice(/^\s*(?:- )?["']?([^:"']+)/.exec(line)?.[1]?.trim() ?? 'a key');
  if (code === 'MULTIPLE_DOCS') return 'a second document begins; put all systems into one list';
  if (code === 'TAG_RESOLVE_FAILED') return 'tags such as !name are not read; write the plain value';
  return message;
}

function readYaml(text: string): SystemsRead {
  const counter = new LineCounter();
  let document: Document.Parsed;
  let value: unknown;
  try {
    document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      strict: true,
      prettyErrors: false,
      lineCounter: counter,
    });
    const [wrong] = [...document.errors, ...document.warnings];
    if (wrong) {
      const { line, col } = counter.linePos(wrong.pos[0]);
      throw at(line, col, sayError(wrong, text.split('\n', line)[line - 1]?.slice(Math.max(0, col - 1)) ?? ''));
    }
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    if (error instanceof ReferenceError)
      throw new UnreadableFile(
        `The file uses more than ${MOST_ALIASES} aliases, or one that names nothing. Write the values out.`,
      );
    if (error instanceof RangeError) throw new UnreadableFile('The file is nested too deeply to be a list of systems.');
    throw new UnreadableFile(`The file cannot be read as YAML: ${(error as Error).message}`);
  }
  const node = isMap(document.contents) ? document.contents.get('systems') : document.contents;
  const list = isMap(document.contents) ? (value as { systems?: unknown } | null)?.systems : value;
  if (!Array.isArray(list) || !isSeq(node)) throw new UnreadableFile(NO_LIST);
  return {
    systems: list,
    lineOf(row) {
      const place = (node.items[row] as { range?: readonly [number, number, number] } | undefined)?.range?.[0];
      return place === undefined ? 1 : counter.linePos(place).line;
    },
  };
}

/** The same as a file, in YAML. */
export const writeSystemsFile = (systems: readonly object[]): string =>
  stringify({ systems }, { aliasDuplicateObjects: false, lineWidth: 0 });
