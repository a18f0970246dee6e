/** One remark of a conformance report. */
export interface Finding {
  /** `error`: the file does not conform and is not taken as it is. `warning`: it was taken, and this was mended or left. */
  readonly level: 'error' | 'warning';
  /** RFC 6901 pointer into the file as it was read. */
  readonly pointer: string;
  readonly what: string;
}

const MOST_FINDINGS = 200;

/** The first of many, and how many more there are. */
export function bounded(findings: readonly Finding[]): Finding[] {
  if (findings.length <= MOST_FINDINGS) return [...findings];
  const sorted = [...findings].sort((a, b) => Number(b.level === 'error') - Number(a.level === 'error'));
  const rest = findings.length - MOST_FINDINGS;
  return [
    ...sorted.slice(0, MOST_FINDINGS),
    { level: 'warning', pointer: '', what: `and ${rest} more of the same kind` },
  ];
}
