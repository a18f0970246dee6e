import type { Fact, Id } from '../../kernel/index.ts';
import type { PlaybookContent } from './playbook.ts';

export type PlaybookId = Id<'plb'>;

/** A file a playbook was read from: the document as it is exported again, and the digest of the text that was read. */
export interface PlaybookSource {
  readonly format: 'cacao-2.0';
  /** Id inside the file; a file with the same id is another version of the same playbook. */
  readonly id: string;
  readonly modified: string;
  /** SHA-256 of the text as it was read, hex. */
  readonly digest: string;
  readonly document: unknown;
  /** The text as it was read. */
  readonly text: string;
}

/** Version 1 is `adopted`; each `changed` is the next. A shipped playbook is adopted as it is before it is changed. */
export type PlaybookFact =
  | Fact<
      'playbook.adopted',
      {
        playbook: PlaybookId;
        key: string;
        /** Edition of the shipped set it was taken from, or null for one of one's own. */
        edition: string | null;
        content: PlaybookContent;
        source: PlaybookSource | null;
        because: string;
      }
    >
  | Fact<
      'playbook.changed',
      { version: number; content: PlaybookContent; source: PlaybookSource | null; because: string }
    >
  | Fact<'playbook.retired', { reason: string }>;
