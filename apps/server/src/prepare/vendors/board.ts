import {
  foldVendor,
  namesOf,
  type TakenName,
  VENDOR_TYPES,
  type Vendor,
  type VendorDescription,
  vendorName,
} from '@firebreak/core/prepare/vendors';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

const MOST_VENDORS = 500;

export const vendorBoard: Board = {
  name: 'vendors',
  tables: ['vendor_board'],
  types: VENDOR_TYPES,
  async apply(tx, { stream }) {
    const vendor = foldVendor(await loadStream(tx, stream));
    if (vendor === null) return;
    // Contacts are personal: they are read from their facts when they are shown, and stand in no board.
    const { contacts, ...stored } = vendor;
    const { name } = vendor;
    const timed = contacts?.filter(({ answerMinutes }) => answerMinutes !== null).length ?? 0;
    await tx.query(
      `insert into vendor_board (id, retired, name, names, data) values ($1, $2, $3, $4::jsonb, $5::jsonb)
       on conflict (id) do update set retired = excluded.retired, name = excluded.name, names = excluded.names, data = excluded.data`,
      [
        vendor.id,
        vendor.retired !== null,
        name,
        JSON.stringify(namesOf(vendor)),
        JSON.stringify({ ...stored, contactCount: contacts?.length ?? 0, timedContacts: timed }),
      ],
    );
  },
};

export interface StoredVendor extends Omit<Vendor, 'contacts'> {
  readonly contactCount: number;
  /** Contacts that have agreed to answer in a given time. */
  readonly timedContacts: number;
}

export async function listVendors(sql: Sql, retiredToo: boolean): Promise<StoredVendor[]> {
  const { rows } = await sql.query<{ data: StoredVendor }>(
    `select data from vendor_board where $1 or not retired order by retired, lower(name), id limit ${MOST_VENDORS}`,
    [retiredToo],
  );
  return rows.map(({ data }) => data);
}

/** The id of the vendor that answers to an id, a name or an alias; of several, the one in use. */
export async function findVendor(sql: Sql, named: string): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>(
    'select id from vendor_board where id = $1 or names ? $2 order by id = $1 desc, retired, id limit 1',
    [named, vendorName(named)],
  );
  return rows[0]?.id ?? null;
}

/** A name of these that another vendor in use has. The head of the log orders two who claim one name at once. */
export async function nameClash(
  tx: Sql,
  vendor: string,
  wanted: Pick<VendorDescription, 'name' | 'aliases'>,
): Promise<TakenName | null> {
  await tx.query('select seq from log_head for update');
  const { rows } = await tx.query<{ name: string; names: string[] }>(
    'select name, names from vendor_board where not retired and id <> $1 and names ?| $2::text[] order by id limit 1',
    [vendor, namesOf(wanted)],
  );
  if (rows[0] === undefined) return null;
  const { name, names } = rows[0];
  const said = [wanted.name, ...wanted.aliases].find((each) => names.includes(vendorName(each)));
  return { name: said ?? wanted.name, vendor: name };
}
