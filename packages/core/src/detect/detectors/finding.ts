import type { Archetype, EvidenceClass, Interaction, Quote } from '../signals/index.ts';

/** What a detector found in one interaction: a recommendation with its reasons, never a decision. */
export interface Finding {
  readonly detector: string;
  readonly version: string;
  readonly kind: string;
  readonly archetype: Archetype;
  readonly evidenceClass: EvidenceClass;
  /** 0 to 1, as this detector means it. */
  readonly score: number;
  readonly spans: readonly Quote[];
  /** Ids of the rules that fired. */
  readonly rules: readonly string[];
  /** One or two sentences a person can read. Never repeats a secret. */
  readonly explain: string;
  /** What makes two findings in one interaction the same one. */
  readonly same: string;
}

/** What detectors are handed, since they may not reach for it. */
export interface Aids {
  /** Salted digest of a text, so that a secret can be recognised again without being kept. */
  readonly digest: (text: string) => string;
  /** Hosts the application may link to; `example.org` covers its subdomains. */
  readonly hosts: readonly string[];
}

/** One detector: one file, one value, one line in the registry. It is linear in the length of what it reads. */
export interface Detector {
  readonly name: string;
  readonly version: string;
  readonly look: (interaction: Interaction, aids: Aids) => readonly Finding[];
}

/** Longest text a detector reads, UTF-16 units. What lies beyond is not looked at. */
export const READ_LIMIT = 64 * 1024;
/** Most findings of one detector in one interaction. */
export const FINDING_LIMIT = 5;
export const QUOTE_LIMIT = 300;

export const quoteOf = (field: string, text: string, start: number, end: number): Quote => ({
  field,
  start,
  end,
  text: text.slice(start, Math.min(end, start + QUOTE_LIMIT)),
});
