import { type Refusal, refuse } from '../../kernel/index.ts';
import { CORPUS_LIMIT, type PublicReport } from './corpus.ts';
import { readTable } from './table-text.ts';

/** A row that could not be taken, by the line it begins in. */
export interface BadRow {
  readonly line: number;
  readonly why: string;
}

export interface Snapshot {
  readonly reports: readonly PublicReport[];
  readonly bad: readonly BadRow[];
}

const COLUMNS = {
  id: 'incident_id',
  date: 'date',
  title: 'title',
  description: 'description',
  deployers: 'Alleged deployer of AI system',
  harmed: 'Alleged harmed or nearly harmed parties',
} as const;
const NEEDED = ['id', 'title', 'description'] as const;
const MOST_NAMES = 20;
const MOST_TITLE = 500;
const MOST_DESCRIPTION = 10_000;

/** A cell that lists names as a JSON array; anything else is no name. */
function namesIn(cell: string | undefined): string[] {
  if (cell === undefined || cell.trim() === '') return [];
  try {
    const read: unknown = JSON.parse(cell);
    if (!Array.isArray(read)) return [];
    return read
      .filter((name): name is string => typeof name === 'string' && name.trim() !== '')
      .slice(0, MOST_NAMES)
      .map((name) => name.slice(0, 100));
  } catch {
    return [];
  }
}

function reportOf(cell: (column: keyof typeof COLUMNS) => string | undefined): PublicReport | string {
  const id = cell('id')?.trim() ?? '';
  if (!/^\d{1,7}$/.test(id)) return `incident_id “${id.slice(0, 40)}” is no number`;
  const title = cell('title')?.trim() ?? '';
  if (title === '') return `incident ${id} has no title`;
  if (title.length > MOST_TITLE) return `the title of incident ${id} is longer than ${MOST_TITLE} characters`;
  const description = cell('description')?.trim() ?? '';
  if (description.length > MOST_DESCRIPTION)
    return `the description of incident ${id} is longer than ${MOST_DESCRIPTION.toLocaleString('en')} characters`;
  const date = cell('date')?.trim() ?? '';
  return {
    id: `aiid:${id}`,
    title,
    description,
    date: /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : null,
    deployers: namesIn(cell('deployers')),
    harmed: namesIn(cell('harmed')),
    link: `https://incidentdatabase.ai/cite/${id}`,
  };
}

/**
 * Reads `incidents.csv` of an AI Incident Database snapshot. A bad row is named and the rest kept; refused only where the
 * file is not such a table at all.
 */
export function readSnapshot(text: string): Snapshot | Refusal {
  const { rows, broken, cut } = readTable(text, CORPUS_LIMIT + 1);
  const [head, ...body] = rows;
  const at = new Map((head?.cells ?? []).map((name, i) => [name.trim(), i]));
  const missing = NEEDED.map((column) => COLUMNS[column]).filter((name) => !at.has(name));
  if (head === undefined || missing.length > 0)
    return refuse(
      'corpus.unreadable',
      `This is not incidents.csv of an AI Incident Database snapshot: ${missing.length === 0 ? 'it is empty' : `the column ${missing.join(', ')} is missing from its first line`}.`,
    );
  const reports = new Map<string, PublicReport>();
  const bad: BadRow[] = [];
  for (const { line, cells } of body) {
    if (cells.length !== head.cells.length) {
      bad.push({ line, why: `has ${cells.length} cells where ${head.cells.length} are expected` });
      continue;
    }
    const report = reportOf((column) => cells[at.get(COLUMNS[column]) ?? -1]);
    if (typeof report === 'string') bad.push({ line, why: report });
    else if (reports.has(report.id)) bad.push({ line, why: `incident ${report.id.slice(5)} is in the file twice` });
    else reports.set(report.id, report);
  }
  if (broken !== null) bad.push({ line: broken, why: 'a quote is opened and never closed; nothing after it was read' });
  if (cut)
    bad.push({
      line: body.at(-1)?.line ?? 1,
      why: `only the first ${CORPUS_LIMIT.toLocaleString('en')} rows were read`,
    });
  return { reports: [...reports.values()], bad };
}
