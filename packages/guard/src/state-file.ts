import type { Signed } from '@firebreak/core/respond/containment';
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

export interface StateFile {
  /** Undefined: there is none. Throws Error with a sentence when it cannot be used. */
  read(): Promise<Saved | undefined>;
  /** Text of the capsules applied by hand, beside it; empty: none. */
  capsules(): Promise<string>;
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
  const [fs, paths] = await Promise.all([loadNode('fs'), loadNode('path')]);
  if (fs === undefined || paths === undefined) return undefined;
  let count = 0;
  let next: Saved | undefined;
  let writing: Promise<void> | undefined;

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

  return {
    async read() {
      const stat = await fs.stat(path).catch(() => undefined);
      if (stat === undefined) return undefined;
      if (stat.size > LARGEST) throw new Error('it is too large');
      return parse(await fs.readFile(path, 'utf8'));
    },
    async capsules() {
      const file = `${path}.capsules`;
      const stat = await fs.stat(file).catch(() => undefined);
      return stat !== undefined && stat.size <= LARGEST ? fs.readFile(file, 'utf8') : '';
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
