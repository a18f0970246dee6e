/** A row of a table, with the line it begins in, counted from 1. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Comma-separated values (RFC 4180): quoted cells may hold commas, quotes twice and line ends. Reads at most `most` rows.
 * `broken` names the line of a quote that is never closed; what follows it is not read.
 */
export function readTable(text: string, most: number): { rows: TableRow[]; broken: number | null; cut: boolean } {
  const rows: TableRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let began = 1;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const endRow = () => {
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: began, cells });
    cells = [];
  };
  while (at < text.length) {
    if (rows.length >= most) return { rows, broken: null, cut: true };
    if (cells.length === 0) began = line;
    if (text[at] === '"') {
      const opened = line;
      let cell = '';
      at++;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0) return { rows, broken: opened, cut: false };
        cell += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
      line += count(cell);
      cells.push(cell);
      // Whatever stands between the closing quote and the next comma belongs to nobody.
      while (at < text.length && text[at] !== ',' && text[at] !== '\n') at++;
    } else {
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
      cells.push(text.slice(at, end).replace(/\r$/, ''));
      at = end;
    }
    if (at >= text.length) break;
    if (text[at] === '\n') {
      endRow();
      line++;
    } else if (at === text.length - 1) cells.push('');
    at++;
  }
  if (cells.length > 0) endRow();
  return { rows, broken: null, cut: false };
}

function count(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
