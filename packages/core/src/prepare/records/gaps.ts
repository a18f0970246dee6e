import { addMs, type Instant } from '../../kernel/index.ts';

/** From one instant to another, both of them in it. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** From an instant, unless there is no first, up to but without another. */
export interface Gap {
  readonly from: Instant | null;
  readonly until: Instant;
}

/** What lies before an instant and in none of the spans, oldest first. The spans may overlap and come in any order. */
export function gapsBefore(spans: readonly Span[], before: Instant): Gap[] {
  const gaps: Gap[] = [];
  let from: Instant | null = null;
  for (const span of [...spans].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (span.from >= before) break;
    if (from === null || span.from > from) gaps.push({ from, until: span.from });
    const after = addMs(span.to, 1);
    if (from === null || after > from) from = after;
  }
  if (from === null || from < before) gaps.push({ from, until: before });
  return gaps;
}
