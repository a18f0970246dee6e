import { createHash } from 'node:crypto';
import type { AnswerOf } from '@firebreak/contract';
import type { playbooks } from '@firebreak/contract/prepare/playbooks';
import { isRefusal, type Refusal } from '@firebreak/core/kernel';
import { readCacao } from '@firebreak/core/prepare/cacao';
import {
  adoptPlaybook,
  changePlaybook,
  foldPlaybook,
  type Playbook,
  type PlaybookContent,
  type PlaybookSource,
} from '@firebreak/core/prepare/playbooks';
import { act, type Call, type Deps } from '../../platform/index.ts';
import { findBySource, findOwn } from './board.ts';
import { copied, showOwn } from './shelf.ts';

type Answer = AnswerOf<typeof playbooks.read>;

/** Lower-case words of a name, as a key. */
const keyFrom = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .padEnd(2, 'x');

/** What a newer file does not say stays as it was. */
function saidBefore(content: PlaybookContent, { versions }: Playbook): PlaybookContent {
  const { archetype, systemType } = versions.at(-1)!.content;
  return {
    ...content,
    archetype: content.archetype === 'any' ? archetype : content.archetype,
    systemType: content.systemType === 'any' ? systemType : content.systemType,
  };
}

/** Reads a file and keeps it: the same file again changes nothing, the same playbook changed becomes a new version. */
export async function importFile(deps: Deps, { body, caller }: Call<typeof playbooks.read>): Promise<Answer | Refusal> {
  const { report, read } = readCacao(body.text, body.mode, deps.now());
  const told = { ...report, findings: [...report.findings] };
  if (read === null) return { report: told, playbook: null, content: null };
  const content = {
    ...read.content,
    archetype: read.content.archetype === 'any' ? (body.archetype ?? 'any') : read.content.archetype,
    systemType: read.content.systemType === 'any' ? (body.systemType ?? 'any') : read.content.systemType,
  };
  if (!body.keep) return { report: told, playbook: null, content: copied(content) };
  const source: PlaybookSource = {
    format: 'cacao-2.0',
    id: String(read.document.id),
    modified: String(read.document.modified),
    digest: createHash('sha256').update(body.text).digest('hex'),
    document: read.document,
    text: body.text,
  };
  const because = `Read from a CACAO file, changed ${source.modified}`;
  const there = await findBySource(deps.db, source.id);
  const stream = there?.id ?? deps.mint('plb');
  const wanted = keyFrom(content.name);
  const done = await act(deps, {
    stream,
    by: caller,
    may: 'system.edit',
    fold: foldPlaybook,
    given: async (tx) => {
      await tx.query('select seq from log_head for update');
      // Two files may bear the same name: the id inside tells them apart.
      const key = (await findOwn(tx, wanted)) === null ? wanted : `${wanted}-${source.digest.slice(0, 8)}`;
      return { key, taken: await findOwn(tx, key) };
    },
    decide: (state, _asked, { key, taken }) =>
      state === null
        ? adoptPlaybook(state, { playbook: stream, key, content, source, because, shipped: null }, taken)
        : changePlaybook(state, { content: saidBefore(content, state), source, because, from: null }),
  });
  if (isRefusal(done)) return done;
  const shown = showOwn(done.state!);
  if (isRefusal(shown)) return shown;
  const { content: _content, imported: _imported, versions: _versions, retired: _retired, ...row } = shown;
  return { report: told, playbook: row, content: copied(content) };
}
