import { describe, expect, it } from 'vitest';
import { instant, type Recorded } from '../../kernel/index.ts';
import { acceptTable, adoptTable, foldRubric, SHIPPED_TABLE } from './index.ts';

const at = instant('2026-11-20T10:00:00.000Z');
const recorded = (type: string, data: object, seq: number) =>
  ({ type, data, seq, stream: 'rubric', version: seq, at, by: { kind: 'person', id: 'usr_1' } }) as Recorded;

describe('the table as delivered', () => {
  const delivered = foldRubric([]);
  it('becomes one’s own when somebody accepts it, once', () => {
    expect(acceptTable(delivered, { version: 1 })).toEqual([{ type: 'rubric.accepted', data: { version: 1 } }]);
    const own = foldRubric([recorded('rubric.accepted', { version: 1 }, 1)]);
    expect(own).toMatchObject([{ version: 1, by: 'usr_1', at, table: SHIPPED_TABLE }]);
    expect(acceptTable(own, { version: 1 })).toEqual([]);
  });
  it('is accepted as well by adopting it unchanged', () => {
    expect(adoptTable(delivered, { table: SHIPPED_TABLE, basedOn: 1, reason: '' })).toMatchObject([
      { type: 'rubric.accepted' },
    ]);
    const own = foldRubric([recorded('rubric.accepted', { version: 1 }, 1)]);
    expect(adoptTable(own, { table: SHIPPED_TABLE, basedOn: 1, reason: '' })).toEqual([]);
  });
  it('is not accepted by somebody who read another version', () => {
    const table = { ...SHIPPED_TABLE, definition: 'Ours.' };
    const changed = foldRubric([recorded('rubric.adopted', { version: 2, table, reason: 'ours' }, 1)]);
    expect(acceptTable(changed, { version: 1 })).toMatchObject({ refused: 'rubric.changed-meanwhile' });
    expect(acceptTable(changed, { version: 2 })).toEqual([]);
  });
});
