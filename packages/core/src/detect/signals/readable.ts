import { CHANNELS, EVIDENCE_CLASSES, type Quote, type Signal } from './signal.ts';

const TEXTS = ['id', 'at', 'receivedAt', 'kind', 'detector', 'rule', 'system', 'text', 'dedupKey'] as const;
const TEXTS_OR_NULL = ['feature', 'deployment', 'subjectHash', 'archetype', 'interaction'] as const;
const VERSIONS = ['model', 'modelAsked', 'prompt', 'index', 'tools'] as const;

/**
 * Whether a stored row is a signal the rules can work with: every member there and of its kind. Rows written by the
 * product are; one put there by hand or by another version may not be, and must not hold up the signals behind it.
 */
export function isReadable(row: unknown): row is Signal {
  if (!isRecord(row)) return false;
  const { versions, quotes, score } = row;
  return (
    TEXTS.every((name) => typeof row[name] === 'string') &&
    TEXTS_OR_NULL.every((name) => isTextOrNull(row[name])) &&
    CHANNELS.includes(row.channel as Signal['channel']) &&
    EVIDENCE_CLASSES.includes(row.evidenceClass as Signal['evidenceClass']) &&
    (score === null || typeof score === 'number') &&
    isRecord(versions) &&
    VERSIONS.every((name) => isTextOrNull(versions[name])) &&
    Array.isArray(quotes) &&
    quotes.every(isQuote) &&
    (row.lookedFor === undefined ||
      (Array.isArray(row.lookedFor) && row.lookedFor.every((each) => typeof each === 'string'))) &&
    (row.pagesAlone === undefined || (isRecord(row.pagesAlone) && typeof row.pagesAlone.because === 'string'))
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
const isQuote = (value: unknown): value is Quote =>
  isRecord(value) && typeof value.field === 'string' && isTextOrNull(value.text);
