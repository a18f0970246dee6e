import {
  AGREEMENT_FACTS,
  type Agreement,
  foldAgreement,
  foldNotice,
  NO_TERMS,
  NOTICE_FACTS,
  type Notice,
} from '@firebreak/core/detect/oversight';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

const MOST_NOTICES = 500;

export const oversightBoard: Board = {
  name: 'oversight',
  tables: ['oversight_board', 'supplier_notice_board'],
  types: [...AGREEMENT_FACTS, ...NOTICE_FACTS],
  async apply(tx, { stream, type }) {
    const facts = await loadStream(tx, stream);
    if (type === 'oversight.agreed') {
      const agreement = foldAgreement(facts)!;
      await tx.query(
        'insert into oversight_board (system, data) values ($1, $2::jsonb) on conflict (system) do update set data = excluded.data',
        [agreement.system, JSON.stringify(agreement)],
      );
      return;
    }
    const notice = foldNotice(facts);
    if (notice === null) return;
    await tx.query(
      `insert into supplier_notice_board (id, vendor, settled, data) values ($1, $2, $3, $4::jsonb)
       on conflict (id) do update set settled = excluded.settled, data = excluded.data`,
      [notice.id, notice.vendor, notice.settled !== null, JSON.stringify(notice)],
    );
  },
};

export async function agreementsHeld(sql: Sql): Promise<ReadonlyMap<string, Agreement>> {
  const { rows } = await sql.query<{ data: Agreement }>('select data from oversight_board');
  return new Map(rows.map(({ data }) => [data.system, { ...NO_TERMS, ...data }]));
}

export async function noticesHeld(sql: Sql, open: boolean): Promise<Notice[]> {
  const { rows } = await sql.query<{ data: Notice }>(
    `select data from supplier_notice_board where not $1 or not settled order by settled, coalesce(data->>'on', '9'), id limit ${MOST_NOTICES}`,
    [open],
  );
  return rows.map(({ data }) => data);
}
