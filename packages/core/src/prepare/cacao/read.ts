import type { Instant } from '../../kernel/index.ts';
import {
  PLAYBOOK_LIMITS,
  type PlaybookArchetype,
  type PlaybookContent,
  playbookArchetype,
} from '../playbooks/index.ts';
import { checkCacao } from './check.ts';
import { archetypeOf, EXTENSION, systemTypeOf } from './extension.ts';
import { bounded, type Finding } from './finding.ts';
import { isObject, type Json, type JsonObject, objectOf, textOf, textsOf } from './json.ts';
import { mendCacao } from './mend.ts';
import { CACAO_LIMITS } from './shapes.ts';
import { stepsOf } from './to-steps.ts';

export const READ_MODES = ['strict', 'lenient'] as const;
export type ReadMode = (typeof READ_MODES)[number];

export interface Conformance {
  /** True when it was taken: in strict mode only what conforms, in lenient mode what could be mended. */
  readonly accepted: boolean;
  /** True when the file conforms as it stands. */
  readonly conforms: boolean;
  readonly mode: ReadMode;
  readonly dialect: 'cacao-2.0' | 'cosai' | 'unknown';
  readonly steps: number;
  /** How many commands the file carries, of which kinds. None was run. */
  readonly commands: Readonly<Record<string, number>>;
  /** Errors first. */
  readonly findings: readonly Finding[];
}

export interface Reading {
  readonly report: Conformance;
  readonly read: { readonly document: JsonObject; readonly content: PlaybookContent } | null;
}

/**
 * Reads a CACAO 2.0 playbook. Strict takes what conforms; lenient mends what it can and says so. Nothing in the file is
 * run, fetched or filled in: every command is kept as text. OASIS CACAO Security Playbooks 2.0, CS01.
 */
export function readCacao(text: string, mode: ReadMode, readAt: Instant): Reading {
  const no = (findings: readonly Finding[], dialect: Conformance['dialect'] = 'unknown'): Reading => ({
    report: { accepted: false, conforms: false, mode, dialect, steps: 0, commands: {}, findings: bounded(findings) },
    read: null,
  });
  const fault = (what: string) => no([{ level: 'error', pointer: '', what }]);
  if (text.length > CACAO_LIMITS.bytes) return fault(`The file is larger than ${CACAO_LIMITS.bytes / 1024} KiB.`);
  if (deepest(text) > CACAO_LIMITS.depth) return fault(`It is nested more than ${CACAO_LIMITS.depth} deep.`);
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch (error) {
    return fault(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(parsed) || !isObject(parsed.workflow))
    return fault('This is not a CACAO playbook: it has no workflow.');
  const dialect = dialectOf(parsed);
  const asIs = checkCacao(parsed);
  const conforms = asIs.length === 0;
  if (!conforms && mode === 'strict') return no(asIs, dialect);
  const mended = conforms ? { document: parsed, findings: [] } : mendCacao(parsed, readAt);
  const left = conforms ? [] : checkCacao(mended.document);
  if (left.length > 0) return no([...left, ...mended.findings], dialect);
  const content = contentOf(mended.document);
  if (content.steps.length === 0 || content.steps.length > PLAYBOOK_LIMITS.steps)
    return no(
      [
        {
          level: 'error',
          pointer: '/workflow',
          what: `It has ${content.steps.length} steps to do; 1 to ${PLAYBOOK_LIMITS.steps} can be taken.`,
        },
      ],
      dialect,
    );
  const commands: Record<string, number> = {};
  for (const { kind } of content.steps.flatMap((step) => step.commands)) commands[kind] = (commands[kind] ?? 0) + 1;
  return {
    report: {
      accepted: true,
      conforms,
      mode,
      dialect,
      steps: content.steps.length,
      commands,
      findings: bounded(mended.findings),
    },
    read: { document: mended.document, content },
  };
}

/** How deep a JSON text is nested, counted without recursion. */
function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') most = Math.max(most, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return most;
}

function dialectOf(document: JsonObject): Conformance['dialect'] {
  const steps = Object.values(objectOf(document.workflow)).map(objectOf);
  if (steps.some((step) => step.next_step !== undefined || step.type === 'decision')) return 'cosai';
  return document.spec_version === 'cacao-2.0' ? 'cacao-2.0' : 'unknown';
}

function contentOf(document: JsonObject): PlaybookContent {
  const extension = objectOf(objectOf(document.playbook_extensions)[EXTENSION]);
  const labelled = textsOf(document.labels)
    .map(playbookArchetype)
    .find((each): each is PlaybookArchetype => each !== null);
  return {
    name: textOf(document.name).slice(0, 200) || 'Unnamed playbook',
    summary: textOf(document.description).slice(0, 2_000),
    archetype: archetypeOf(extension) ?? labelled ?? 'any',
    systemType: systemTypeOf(extension) ?? 'any',
    steps: stepsOf(document),
  };
}
