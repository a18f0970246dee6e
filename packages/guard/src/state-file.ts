import {
  CAPSULES_APPLIED,
  type Capsule,
  type holdsFault,
  isNack,
  readCapsuleBy,
  type Signed,
} from '@firebreak/core/respond/containment';
import type { PublicKey } from './crypto.ts';
import { loadNode } from './node.ts';

/** What survives a restart: the keys pinned, the last signed snapshot, and the signed steps since. */
export interface Saved {
  readonly schema: 1;
  readonly pinned: readonly PublicKey[];
  readonly signed: readonly Signed[];
}

/** Larger files were not written by us. */
const LARGEST = 32 * 1024 * 1024;

/** What reading capsules takes of the guard. */
export interface CapsuleReader {
  readonly system: string;
  /** Whether any key is known by now. */
  readonly knowsKeys: boolean;
  readonly faultOf: typeof holdsFault;
  trusts(signed: Signed): Promise<boolean>;
  prepare(said: unknown): Promise<void>;
  onFault(why: string): void;
}

/** A capsule as somebody applied it by hand. */
type Entry = Signed & { readonly appliedAt: string };

export interface StateFile {
  /** Undefined: there is none. Throws Error with a sentence when it cannot be used. */
  read(): Promise<Saved | undefined>;
  /** The capsules applied by hand, beside it, that are good; undefined: nothing has changed there. */
  capsules(reader: CapsuleReader): Promise<readonly Capsule[] | undefined>;
  /** Never leaves half a file: writes beside it, syncs, renames. The newest state asked for wins. */
  write(saved: Saved): Promise<void>;
}

const isText = (value: unknown): value is string => typeof value === 'string';

function parse(text: string): Saved {
  const value = JSON.parse(text) as Saved;
  const sound =
    value?.schema === 1 &&
    Array.isArray(value.pinned) &&
    value.pinned.every((each) => isText(each?.key) && isText(each?.publicKey)) &&
    Array.isArray(value.signed) &&
    value.signed.every((each) => isText(each?.payload) && isText(each?.key) && isText(each?.signature));
  if (!sound) throw new Error('it is not a state file of the guard');
  return value;
}

export async function openStateFile(path: string): Promise<StateFile | undefined> {
  const [fs, paths] = await Promise.all([loadNode('node:fs/promises'), loadNode('node:path')]);
  if (fs === undefined || paths === undefined) return undefined;
  let count = 0;
  let next: Saved | undefined;
  let writing: Promise<void> | undefined;
  let read = '';

  async function put(saved: Saved): Promise<void> {
    await fs!.mkdir(paths!.dirname(path), { recursive: true });
    count += 1;
    const beside = `${path}.${process.pid}-${count}.tmp`;
    const file = await fs!.open(beside, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(saved));
      await file.sync();
    } finally {
      await file.close();
    }
    await fs!.rename(beside, path);
  }

  async function drain(): Promise<void> {
    while (next !== undefined) {
      const saved = next;
      next = undefined;
      await put(saved);
    }
  }

  async function beside(): Promise<string> {
    const file = `${path}.capsules`;
    const { size } = await fs!.stat(file);
    return size <= LARGEST ? fs!.readFile(file, 'utf8') : '';
  }

  /** A capsule, or why it is not taken. */
  async function admitted(entry: Entry, reader: CapsuleReader): Promise<Capsule | string> {
    if (!(await reader.trusts(entry))) return 'not signed by a trusted key';
    const said: unknown = JSON.parse(entry.payload);
    await reader.prepare(said).catch((error: unknown) => {
      // Looked at again, as what it needs may be there the next time.
      read = '';
      throw error;
    });
    const capsule = readCapsuleBy(reader.faultOf, said, reader.system, entry.appliedAt);
    return isNack(capsule) ? capsule.why : capsule;
  }

  return {
    async read() {
      const stat = await fs.stat(path).catch(() => undefined);
      if (stat === undefined) return undefined;
      if (stat.size > LARGEST) throw new Error('it is too large');
      return parse(await fs.readFile(path, 'utf8'));
    },
    async capsules(reader) {
      const text = await beside().catch(() => '');
      if (text === '' || text === read || !reader.knowsKeys) return undefined;
      read = text;
      const good: Capsule[] = [];
      try {
        for (const entry of (JSON.parse(text) as Entry[]).slice(0, CAPSULES_APPLIED)) {
          const capsule = await admitted(entry, reader).catch(String);
          if (typeof capsule === 'string') reader.onFault(`a capsule is refused: ${capsule}`);
          else good.push(capsule);
        }
      } catch (error) {
        reader.onFault(`the capsules cannot be read: ${error}`);
      }
      return good;
    },
    write(saved) {
      next = saved;
      writing ??= drain().finally(() => {
        writing = undefined;
      });
      return writing;
    },
  };
}
