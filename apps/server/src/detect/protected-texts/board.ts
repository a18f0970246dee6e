import { foldProtectedText, PROTECTED_TEXT_FACTS, type ProtectedText } from '@firebreak/core/detect/protected-texts';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

const MOST = 1_000;

export const protectedTextBoard: Board = {
  name: 'protected-texts',
  tables: ['protected_text_board', 'protected_print'],
  types: PROTECTED_TEXT_FACTS,
  async apply(tx, { stream }) {
    const text = foldProtectedText(await loadStream(tx, stream));
    if (text === null) return;
    const { prints, ...row } = text;
    await tx.query(
      `insert into protected_text_board (id, system, removed, data) values ($1, $2, $3, $4::jsonb)
       on conflict (id) do update set removed = excluded.removed, data = excluded.data`,
      [text.id, text.system, text.removed, JSON.stringify({ ...row, prints: prints.length })],
    );
    if (text.removed) await tx.query('delete from protected_print where id = $1', [text.id]);
    else
      await tx.query(
        `insert into protected_print (system, print, id) select $1, print, $2 from jsonb_array_elements_text($3::jsonb) as print
         on conflict do nothing`,
        [text.system, text.id, JSON.stringify(prints)],
      );
  },
};

export type TextRow = Omit<ProtectedText, 'prints'> & { readonly prints: number };

export async function textsHeld(sql: Sql, system: string | null): Promise<TextRow[]> {
  const { rows } = await sql.query<{ data: TextRow }>(
    `select data from protected_text_board where not removed and ($1::text is null or system = $1) order by system, id limit ${MOST}`,
    [system],
  );
  return rows.map(({ data }) => data);
}

/** Which of these prints stand in which texts of a system, by the id of the text. */
export async function printsHeld(
  sql: Sql,
  system: string,
  prints: readonly string[],
): Promise<ReadonlyMap<string, { readonly name: string; readonly held: ReadonlySet<string> }>> {
  const { rows } = await sql.query<{ id: string; name: string; print: string }>(
    `select p.id, t.data->>'name' as name, p.print from protected_print p join protected_text_board t on t.id = p.id
     where p.system = $1 and p.print = any($2)`,
    [system, prints],
  );
  const texts = new Map<string, { name: string; held: Set<string> }>();
  for (const { id, name, print } of rows) {
    const text = texts.get(id) ?? { name, held: new Set() };
    texts.set(id, text);
    text.held.add(print);
  }
  return texts;
}
