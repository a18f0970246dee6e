import { Library } from '@firebreak/core/detect/similar';
import type { Deps } from '../../platform/index.ts';
import { changedAfter, type Stored } from './board.ts';

const PAGE = 1_000;
/** Between two pages the server answers others. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Shelves {
  readonly library: Library;
  /** Which of them are own incidents. */
  readonly own: Set<string>;
  /** The fact up to which the library has read. */
  seq: number;
  /** One reads on at a time. */
  reading: Promise<void> | null;
}

const held = new WeakMap<Deps, Shelves>();

function shelve({ library, own }: Shelves, { id, origin, data }: Stored): void {
  if (origin === 'public') library.put(data);
  else if (!data.drill) {
    library.put({
      id,
      title: data.title,
      description: [data.summary, data.account].filter(Boolean).join(' '),
      ...(data.archetype && { called: data.archetype }),
    });
    own.add(id);
  }
}

async function readOn(deps: Deps, shelves: Shelves): Promise<void> {
  for (;;) {
    const rows = await changedAfter(deps.db, shelves.seq, PAGE);
    for (const [i, row] of rows.entries()) {
      shelve(shelves, row);
      if (i % 100 === 99) await breathe();
    }
    // A fact may have changed a hundred rows; a page that ends among them begins with it again.
    const last = Number(rows.at(-1)?.seq ?? shelves.seq);
    const whole = rows.length < PAGE;
    const next = whole ? last : Math.max(shelves.seq, last - 1);
    if (whole || next === shelves.seq) {
      shelves.seq = whole ? last : next;
      return;
    }
    shelves.seq = next;
  }
}

/** The incidents to compare with, up to the newest fact. Read whole when first asked for, then only what changed. */
export async function shelvesOf(deps: Deps): Promise<Pick<Shelves, 'library' | 'own'>> {
  const shelves: Shelves = held.get(deps) ?? { library: new Library(), own: new Set(), seq: 0, reading: null };
  held.set(deps, shelves);
  while (shelves.reading !== null) await shelves.reading;
  shelves.reading = readOn(deps, shelves).finally(() => {
    shelves.reading = null;
  });
  await shelves.reading;
  return shelves;
}
